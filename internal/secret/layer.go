package secret

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	chunk = 64 << 10
	// maxDocument bounds the documents whose strings are decoded; larger ones are searched as they are.
	maxDocument = 64 << 20
)

// A finder collects the leaks of one blob.
type finder struct {
	scanner *Scanner
	prefix  string // of all places
	leaks   []Leak
}

func (f *finder) add(name, place string) {
	if leak := (Leak{name, f.prefix + f.scanner.mask(place)}); !slices.Contains(f.leaks, leak) {
		f.leaks = append(f.leaks, leak)
	}
}

// blob searches a blob: an archive entry by entry, anything else as a document. It is decompressed first.
func (f *finder) blob(r io.Reader) error {
	in := bufio.NewReaderSize(r, chunk)
	plain, end, err := decompress(in)
	if err != nil {
		return err
	}
	defer end()
	data := bufio.NewReaderSize(plain, chunk)
	head, err := data.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(head) == 512 && (string(head[257:262]) == "ustar" || len(bytes.Trim(head, "\x00")) == 0) {
		return f.archive(data)
	}
	return f.document(data)
}

// decompress recognises gzip and zstd by their first bytes, as the media type may say anything.
func decompress(in *bufio.Reader) (plain io.Reader, end func(), err error) {
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		return z, func() {}, err
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}), len(head) == 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:], []byte{0x2a, 0x4d, 0x18}):
		z, err := zstd.NewReader(in, zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return in, func() {}, nil
}

// archive searches every byte of a tar archive: of the headers too, of the gaps, and of what comes behind the end. Names are
// searched once more by themselves, since a header may hold them in two parts.
func (f *finder) archive(r io.Reader) error {
	var pending []string // found while the place is not known yet
	all := f.scanner.search(func(name string) { pending = append(pending, name) })
	settle := func(place string) {
		for _, name := range pending {
			f.add(name, place)
		}
		pending = pending[:0]
	}
	in := io.TeeReader(r, all)
	archive := tar.NewReader(in)
	buf := make([]byte, chunk)
	copyAll := func(r io.Reader) error {
		// Without their methods, both sides use the buffer.
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buf)
		return err
	}
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		for _, text := range names(h) {
			pending = append(pending, f.scanner.Text(text)...)
		}
		settle("the name or the attributes of " + f.scanner.mask("/"+h.Name))
		if err := copyAll(archive); err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		settle(f.scanner.mask("/" + h.Name))
	}
	if err := copyAll(in); err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	settle("the end of the archive")
	return nil
}

// names are the texts of a header.
func names(h *tar.Header) []string {
	list := []string{h.Name, h.Linkname, h.Uname, h.Gname}
	for _, key := range slices.Sorted(maps.Keys(h.PAXRecords)) {
		list = append(list, key, h.PAXRecords[key])
	}
	return list
}

// document searches a text, and if it is JSON, its strings without their escapes, which are the better places.
func (f *finder) document(r io.Reader) error {
	var raw []string
	all := f.scanner.search(func(name string) { raw = append(raw, name) })
	head, err := io.ReadAll(io.LimitReader(io.TeeReader(r, all), maxDocument))
	if err == nil {
		_, err = io.Copy(all, r)
	}
	if err != nil {
		return err
	}
	var value any
	if len(head) < maxDocument && json.Unmarshal(head, &value) == nil {
		f.value("", value)
	}
	for _, name := range raw {
		if !slices.ContainsFunc(f.leaks, func(l Leak) bool { return l.Secret == name }) {
			f.add(name, "its text")
		}
	}
	return nil
}

// value searches the strings of a JSON value. A string may be a document again, as attestations may be.
func (f *finder) value(path string, v any) {
	switch v := v.(type) {
	case string:
		for _, name := range f.scanner.Text(v) {
			f.add(name, path)
		}
		var inner any
		if len(v) > 1 && (v[0] == '{' || v[0] == '[') && json.Unmarshal([]byte(v), &inner) == nil {
			f.value(path, inner)
		}
	case []any:
		for i, item := range v {
			f.value(fmt.Sprintf("%s[%d]", path, i), item)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner := key
			if path != "" {
				inner = path + "." + key
			}
			for _, name := range f.scanner.Text(key) {
				f.add(name, "a key of "+path)
			}
			f.value(inner, v[key])
		}
	}
}

// Document searches a text that people see as about, such as "the plan"; in JSON, the places are paths.
func (s *Scanner) Document(about string, data []byte) []Leak {
	f := &finder{scanner: s, prefix: about + ": "}
	_ = f.document(bytes.NewReader(data)) // reading memory does not fail
	return f.leaks
}
