package cli

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/org/npx-action/internal/build"
)

// writeAll writes files below a root: all, or none where a disk is full. They are written apart first, by write, and then take the place
// of what is there.
func writeAll(root *os.Root, files []build.File, write func(name string, data []byte, perm fs.FileMode) error) (err error) {
	apart := ".npx-" + rand.Text()
	defer func() {
		if cerr := root.RemoveAll(apart); err == nil {
			err = cerr
		}
	}()
	for _, file := range files {
		name := filepath.Join(apart, filepath.FromSlash(file.Path))
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := write(name, []byte(file.Content), 0o644); err != nil {
			return err
		}
	}
	for _, file := range files {
		name := filepath.FromSlash(file.Path)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := root.Rename(filepath.Join(apart, name), name); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile writes a file: all of it, or nothing where a disk is full. What is no regular file, such as a pipe, is written to.
func replaceFile(name string, data []byte) (err error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, data, 0o644)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".npx-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
