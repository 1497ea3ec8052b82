package static

import (
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

// An Encoder makes compressed files.
type Encoder struct {
	Suffix string // of their names, as in .gz
	New    func(w io.Writer, text Text) (io.WriteCloser, error)
}

// A Text is a file that gets compressed files.
type Text struct {
	Size int64 // bytes
	Kept bool  // its name holds a digest, so that browsers ask for it once
}

// A Saving is what an encoder did.
type Saving struct {
	Files       int   // that were written
	From, Bytes int64 // bytes of these files before and after
}

// Compress writes a file beside each file of a text format in the folder, for each encoder, for [Site] to send. The savings are in the order of
// the encoders, and the warnings come from [Open]. A file that is as new as its text stays, and so does a text that would not get smaller.
func Compress(dir string, encoders []Encoder) ([]Saving, []string, error) {
	site, warnings, err := Open(dir, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer site.Close()
	names, err := site.texts()
	if err != nil {
		return nil, warnings, fmt.Errorf("reading the folder: %w", err)
	}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		sums  = make([]Saving, len(encoders))
		errs  []error
	)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, name := range names {
		for i, encoder := range encoders {
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				from, to, err := site.compressFile(name, encoder)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					errs = append(errs, fmt.Errorf("compressing %s: %w", name, err))
				} else if to > 0 {
					sums[i] = Saving{sums[i].Files + 1, sums[i].From + from, sums[i].Bytes + to}
				}
			})
		}
	}
	group.Wait()
	return sums, warnings, errors.Join(errs...)
}

// texts lists the files that are worth a compressed form and that a visitor can ask for.
func (s *Site) texts() ([]string, error) {
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
	return names, err
}

// compressFile returns the sizes before and after; to is 0 if nothing was written.
func (s *Site) compressFile(name string, encoder Encoder) (from, to int64, err error) {
	file, err := s.root.Open(name)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() < minCompressed {
		return 0, 0, err
	}
	whole := name + encoder.Suffix
	if old, err := s.root.Lstat(whole); err == nil && (!old.Mode().IsRegular() || !old.ModTime().Before(info.ModTime())) {
		return 0, 0, nil
	}
	// A name with a dot in front is never served, should this end half-way.
	half := path.Join(path.Dir(name), "."+path.Base(whole))
	to, err = s.encode(half, file, info, hashed(name), encoder)
	if err == nil && to < info.Size() {
		return info.Size(), to, s.root.Rename(half, whole)
	}
	return 0, 0, errors.Join(err, s.root.Remove(half))
}

// encode writes what source holds to a new file with the rights and the time of the source, and returns its size.
func (s *Site) encode(name string, source io.Reader, info fs.FileInfo, kept bool, encoder Encoder) (int64, error) {
	_ = s.root.Remove(name)
	out, err := s.root.Create(name)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	writer, err := encoder.New(out, Text{info.Size(), kept})
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
