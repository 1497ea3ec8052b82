package static

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
)

// minCompressed is the size in bytes from which a file is compressed: less fits into one packet.
const minCompressed = 1024

// A Saving is what Compress did.
type Saving struct {
	Files       int   // that were written
	From, Bytes int64 // bytes of these files before and after
}

// Compress writes a .gz file beside each file of a text format, for [Site] to send. Equal files give equal bytes. A .gz file that is as new as its file
// stays, and so does a file that would not get smaller.
func (s *Site) Compress() (Saving, error) {
	var names []string
	err := fs.WalkDir(s.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(entry.Name(), ".") && name != ".well-known" {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() && mediaType(name).compressible && !s.hidden("/"+name) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return Saving{}, fmt.Errorf("reading the folder: %w", err)
	}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		sum   Saving
		errs  []error
	)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, name := range names {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			from, to, err := s.compressFile(name)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, fmt.Errorf("compressing %s: %w", name, err))
			} else if to > 0 {
				sum.Files, sum.From, sum.Bytes = sum.Files+1, sum.From+from, sum.Bytes+to
			}
		})
	}
	group.Wait()
	return sum, errors.Join(errs...)
}

// compressFile returns the sizes before and after; to is 0 if nothing was written.
func (s *Site) compressFile(name string) (from, to int64, err error) {
	file, err := s.root.Open(name)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() < minCompressed {
		return 0, 0, err
	}
	if old, err := s.root.Lstat(name + ".gz"); err == nil && (!old.Mode().IsRegular() || !old.ModTime().Before(info.ModTime())) {
		return 0, 0, nil
	}
	// A name with a dot in front is never served, should this end half-way.
	half := path.Join(path.Dir(name), "."+path.Base(name)+".gz")
	to, err = s.gzip(half, file, info)
	if err == nil && to < info.Size() {
		return info.Size(), to, s.root.Rename(half, name+".gz")
	}
	return 0, 0, errors.Join(err, s.root.Remove(half))
}

// gzip writes what source holds to a new file with the rights and the time of the source, and returns its size.
func (s *Site) gzip(name string, source io.Reader, info fs.FileInfo) (int64, error) {
	_ = s.root.Remove(name)
	out, err := s.root.Create(name)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	writer, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(writer, source); err != nil {
		return 0, err
	}
	if err := writer.Close(); err != nil {
		return 0, err
	}
	if err := out.Chmod(info.Mode().Perm()); err != nil {
		return 0, err
	}
	made, err := out.Stat()
	if err != nil {
		return 0, err
	}
	return made.Size(), errors.Join(out.Close(), s.root.Chtimes(name, info.ModTime(), info.ModTime()))
}
