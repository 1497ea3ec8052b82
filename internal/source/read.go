package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
)

// Bytes returns the content of a file as it is. It reads no more than the limit, and nothing but regular
// files: a named pipe or a device is not opened. The caller does not write to the result.
func (t *Tree) Bytes(name string) ([]byte, error) {
	p, err := clean(name)
	if err != nil {
		return nil, &Error{Op: reading, Name: name, Err: err, Hint: hintInside}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.cached[p]; ok {
		return b, nil
	}
	b, err := t.load(p)
	if err != nil {
		return nil, err
	}
	if n := int64(len(b)); n <= t.room {
		t.room -= n
		t.cached[p] = b
	}
	return b, nil
}

func (t *Tree) load(name string) ([]byte, error) {
	// Opening a named pipe blocks, so the kind is asked for before.
	info, err := t.info(name)
	if err != nil {
		return nil, readError(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, readError(name, errNotRegular)
	}
	limit := t.lim.FileBytes
	if info.Size() > limit {
		return nil, sizeError(name, info.Size(), limit)
	}
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer f.Close()
	b := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return nil, readError(name, err)
	}
	if int64(b.Len()) > limit {
		return nil, sizeError(name, 0, limit)
	}
	return b.Bytes(), nil
}

// Digest returns the SHA-256 of a file's content. The file is not held in memory, so no limit holds for its size.
func (t *Tree) Digest(name string) ([sha256.Size]byte, error) {
	var sum [sha256.Size]byte
	p, err := clean(name)
	if err != nil {
		return sum, &Error{Op: reading, Name: name, Err: err, Hint: hintInside}
	}
	info, err := t.info(p)
	if err != nil {
		return sum, readError(name, err)
	}
	if !info.Mode().IsRegular() {
		return sum, readError(name, errNotRegular)
	}
	f, err := t.fsys.Open(p)
	if err != nil {
		return sum, readError(name, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, readError(name, err)
	}
	h.Sum(sum[:0])
	return sum, nil
}

// Read returns the text of a file, which must be UTF-8, with each \r\n made \n. A byte order mark is kept.
func (t *Tree) Read(name string) (string, error) {
	b, err := t.text(name)
	return string(b), err
}

// ReadMarked is Read for a file whose tool also takes UTF-16 with a byte order mark, as PowerShell writes it. The text has no mark.
func (t *Tree) ReadMarked(name string) (string, error) {
	b, err := t.Bytes(name)
	if err != nil {
		return "", err
	}
	b, err = normal(name, fromUTF16(b))
	return string(bytes.TrimPrefix(b, []byte("\ufeff"))), err
}

// fromUTF16 makes UTF-8 of UTF-16 with a byte order mark, which stays. Other bytes, and a text of half a character more, are left as they are.
func fromUTF16(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	}
	if order == nil || len(b)%2 > 0 {
		return b
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func (t *Tree) text(name string) ([]byte, error) {
	b, err := t.Bytes(name)
	if err != nil {
		return nil, err
	}
	return normal(name, b)
}

// normal checks that a file is UTF-8, and gives all its lines the same end.
func normal(name string, b []byte) ([]byte, error) {
	if !utf8.Valid(b) {
		return nil, &Error{Op: reading, Name: name, Line: badLine(b), Err: errNotUTF8, Hint: "save it as UTF-8"}
	}
	if bytes.Contains(b, []byte("\r\n")) {
		b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	}
	return b, nil
}

// badLine returns the line of the first byte that is not UTF-8.
func badLine(b []byte) int {
	line := 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		b = b[n:]
	}
	return line
}

// Contains reports whether the text of a file contains substr. A file that is missing, not UTF-8 or too
// large contains nothing.
func (t *Tree) Contains(name, substr string) bool {
	b, err := t.text(name)
	return err == nil && bytes.Contains(b, []byte(substr))
}

// Match returns the first file of the glob whose text matches re, and the submatches as
// [regexp.Regexp.FindStringSubmatch] does; "" and nil if there is none. A file that is too large or not UTF-8
// does not match: no app fails for a file that only a scan came by.
func (t *Tree) Match(re *lazyregexp.Regexp, pattern string) (name string, sub []string, err error) {
	names, err := t.Files(pattern)
	if err != nil {
		return "", nil, err
	}
	for _, name := range names {
		b, err := t.text(name)
		if limit := (*LimitError)(nil); errors.As(err, &limit) || errors.Is(err, errNotUTF8) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		if loc := re.FindSubmatch(b); loc != nil {
			sub := make([]string, len(loc))
			for i, s := range loc {
				sub[i] = string(s)
			}
			return name, sub, nil
		}
	}
	return "", nil, nil
}
