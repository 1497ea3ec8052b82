package static

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The values of Cache-Control.
const (
	revalidate = "no-cache"
	forever    = "public, max-age=31536000, immutable"
)

// serve answers with a file, in the best encoding that the folder has and the client takes.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, to reply, custom headerSet) {
	kind := mediaType(to.file)
	name, encoding := to.file, ""
	h := w.Header()
	if kind.compressible {
		h.Add("Vary", "Accept-Encoding")
		name, encoding = s.variant(to, r.Header.Values("Accept-Encoding"))
	}
	file, info, tag, err := s.open(name)
	if err != nil {
		custom.apply(h, false)
		fail(w, statusOf(err))
		return
	}
	defer file.Close()

	h.Set("Content-Type", kind.name)
	h.Set("Cache-Control", revalidate)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if to.status == http.StatusOK && hashed(to.file) {
		h.Set("Cache-Control", forever)
	}
	custom.apply(h, to.status == http.StatusOK)
	if to.status == http.StatusOK {
		if encoding != "" && r.Header.Get("If-Match") == "" { // ServeContent sets it for plain files, and must not have it for status 412
			h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
		}
		if tag != "" {
			h.Set("ETag", tag)
		}
		// Without a time there is no Last-Modified: all files of an image may have the same time, however their content changes.
		http.ServeContent(w, r, "", time.Time{}, file)
		return
	}
	h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	w.WriteHeader(to.status)
	if r.Method != http.MethodHead {
		_, _ = io.CopyN(w, file, info.Size()) // a client that went away is no fault of ours
	}
}

// open returns a regular file, its state and its entity tag.
func (s *Site) open(name string) (*os.File, fs.FileInfo, string, error) {
	// A pipe must not block. Open files of the page cache never do.
	file, err := s.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, "", err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	tag := ""
	if err == nil {
		tag, err = s.tag(name, file, info)
	}
	if err != nil {
		file.Close()
		return nil, nil, "", err
	}
	return file, info, tag, nil
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return http.StatusNotFound
	case errors.Is(err, fs.ErrPermission):
		return http.StatusForbidden
	default:
		return http.StatusInternalServerError
	}
}

// A tag is the entity tag of a file as it was last read.
type tag struct {
	known   atomic.Pointer[known]
	reading sync.Mutex
}

type known struct {
	info fs.FileInfo
	text string
}

// of returns the tag if it is of this state of the file.
func (t *tag) of(info fs.FileInfo) (string, bool) {
	k := t.known.Load()
	if k == nil || !os.SameFile(k.info, info) || k.info.Size() != info.Size() || !k.info.ModTime().Equal(info.ModTime()) {
		return "", false
	}
	return k.text, true
}

// readAside is the size in bytes from which nobody waits for the digest of a file.
const readAside = 64 << 20

// tag returns the strong entity tag of a file: a digest of its bytes, because times in images say nothing. Each file is read once for it, and again
// after it has changed. It is "" as long as a large file is read.
func (s *Site) tag(name string, file io.ReadSeeker, info fs.FileInfo) (string, error) {
	entry, _ := s.tags.LoadOrStore(name, &tag{})
	t := entry.(*tag)
	if text, ok := t.of(info); ok {
		return text, nil
	}
	if info.Size() >= readAside {
		if t.reading.TryLock() {
			go s.readTag(t, name)
		}
		return "", nil
	}
	t.reading.Lock()
	defer t.reading.Unlock()
	if text, ok := t.of(info); ok {
		return text, nil
	}
	text, err := digest(file)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	t.known.Store(&known{info, text})
	_, err = file.Seek(0, io.SeekStart)
	return text, err
}

// readTag reads a large file for its tag. An error is met by who asks for the file itself.
func (s *Site) readTag(t *tag, name string) {
	defer t.reading.Unlock()
	file, err := s.root.Open(name)
	if err != nil {
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return
	}
	if text, err := digest(file); err == nil {
		t.known.Store(&known{info, text})
	}
}

func digest(file io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return `"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16]) + `"`, nil
}
