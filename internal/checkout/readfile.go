// Package checkout reads and writes files of a job's checkout. Its files are a repository's, so no link leads out of it.
package checkout

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/org/npx-action/internal/fault"
)

var errNotRegular = errors.New("not a regular file")

// ReadFile reads a file that an option or an input names. With a checkout, the file is an input's: a relative name, and an absolute one in
// the checkout, is the repository's to fill, so no link leads out of there. Nothing but a regular file is opened, because a pipe or a
// device may never end. A file of more than limit bytes is an error.
func ReadFile(checkout, name string, limit int64) ([]byte, error) {
	if checkout == "" {
		return readRegular(os.Stat, openFile, name, limit)
	}
	if filepath.IsAbs(name) {
		rel := relative(checkout, name)
		if rel == "" {
			return readRegular(os.Stat, openFile, name, limit)
		}
		name = rel
	}
	root, err := os.OpenRoot(checkout)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readRegular(root.Stat, root.Open, filepath.Clean(name), limit)
}

// relative is an absolute path as one in the checkout; "" if it is elsewhere. Both may be called by the path of a link.
func relative(checkout, name string) string {
	places := []string{name}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		places = append(places, filepath.Join(dir, filepath.Base(name)))
	}
	for _, resolve := range []func(string) (string, error){filepath.Abs, filepath.EvalSymlinks} {
		top, err := resolve(checkout)
		if err != nil {
			continue
		}
		for _, place := range places {
			if rel, err := filepath.Rel(top, place); err == nil && filepath.IsLocal(rel) {
				return rel
			}
		}
	}
	return ""
}

func openFile(name string) (*os.File, error) { return os.Open(name) }

func readRegular(stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error), name string, limit int64) ([]byte, error) {
	info, err := stat(name)
	if err != nil {
		return nil, fault.WithoutPath(err)
	}
	if info.IsDir() {
		return nil, errors.New("is a directory")
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := open(name)
	if err != nil {
		return nil, fault.WithoutPath(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault.WithoutPath(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("it is larger than %d kB", limit>>10)
	}
	return data, nil
}
