package git

import (
	"bufio"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// Loose objects are read here, as the library inflates all of a file, whatever size its header gives. In packs, it stops there.

// headerBytes bounds the header of a loose object: the longest word, a blank, the longest number and a zero byte.
const headerBytes = len("commit") + 1 + len("9223372036854775807") + 1

var errLoose = errors.New("the loose object is broken")

// looseObject is a loose object that is being read. Its owner closes it.
type looseObject struct {
	kind plumbing.ObjectType
	size int64 // as the header says
	io.Reader
	closers []io.Closer
}

// Close implements [io.Closer].
func (l *looseObject) Close() error {
	var all error
	for _, c := range l.closers {
		all = errors.Join(all, c.Close())
	}
	return all
}

// openLoose opens an object that is a file of its own; it returns an error for which [errors.Is] tells [fs.ErrNotExist] if it is none.
func openLoose(s *filesystem.Storage, h plumbing.Hash) (*looseObject, error) {
	hex := h.String()
	files := s.Filesystem()
	f, err := files.Open(files.Join("objects", hex[:2], hex[2:]))
	if err != nil {
		return nil, err
	}
	l := &looseObject{closers: []io.Closer{f}}
	if err := l.header(f); err != nil {
		return nil, errors.Join(fmt.Errorf("object %s: %w", h, err), l.Close())
	}
	return l, nil
}

func (l *looseObject) header(f io.Reader) error {
	z, err := zlib.NewReader(f)
	if err != nil {
		return errLoose
	}
	l.closers = append([]io.Closer{z}, l.closers...)
	r := bufio.NewReader(z)
	peeked, _ := r.Peek(headerBytes) // a short object has less
	text, _, ok := strings.Cut(string(peeked), "\x00")
	kind, size, two := strings.Cut(text, " ")
	if !ok || !two {
		return errLoose
	}
	if l.kind, err = plumbing.ParseObjectType(kind); err != nil {
		return errLoose
	}
	if l.size, err = strconv.ParseInt(size, 10, 64); err != nil || l.size < 0 {
		return errLoose
	}
	if _, err := r.Discard(len(text) + 1); err != nil {
		return errLoose
	}
	l.Reader = r
	return nil
}

// load reads all of the object, which is what its header and its name say.
func (l *looseObject) load(h plumbing.Hash) (plumbing.EncodedObject, error) {
	if l.size > objectBytes {
		return nil, tooLarge(h, l.size)
	}
	content, err := io.ReadAll(io.LimitReader(l.Reader, l.size+1))
	if err != nil || int64(len(content)) != l.size || plumbing.ComputeHash(l.kind, content) != h {
		return nil, fmt.Errorf("object %s: %w", h, errLoose)
	}
	o := &plumbing.MemoryObject{}
	o.SetType(l.kind)
	_, err = o.Write(content)
	return o, err
}

func tooLarge(h plumbing.Hash, size int64) error {
	return fmt.Errorf("object %s has %d bytes: %w", h, size, ErrLimit)
}
