package world

import (
	"context"
	"debug/elf"
	_ "embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

//go:embed debian.go
var debianSource string

// libc are the libraries that belong to the dynamic loader's package, so that they have to be the image's own.
var libc = []string{
	"ld-linux-x86-64.so.2", "libanl.so.1", "libc.so.6", "libdl.so.2", "libm.so.6", "libmvec.so.1", "libpthread.so.0",
	"libresolv.so.2", "librt.so.1", "libutil.so.1",
}

// debianDir is where the Debian packages of a tool are unpacked, in its work directory.
const debianDir = "system"

// unpackDebian copies files out of Debian packages, and the libraries that they need to lib. patchelf comes along, to
// make the programs find them once it is known where the tool lies.
func (w *World) unpackDebian(ctx context.Context, t tool, work, root string) error {
	system := filepath.Join(work, debianDir)
	if err := debootstrap(ctx, w.log, system, "extract", append(t.Debian, "patchelf"), "--format=directory"); err != nil {
		return err
	}
	files := maps.Clone(t.Copy)
	files["usr/bin/patchelf"] = "libexec/"
	for pattern, dir := range files {
		found, err := filepath.Glob(filepath.Join(system, pattern))
		if err != nil || len(found) == 0 {
			return fmt.Errorf("finding %s in %v: %d files, %w", pattern, t.Debian, len(found), err)
		}
		to := filepath.Join(root, dir)
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		args := append([]string{"-r", "--no-dereference", "--preserve=mode,links", "-t", to}, found...)
		if _, err := runCommand(w.log, exec.CommandContext(ctx, "cp", args...)); err != nil {
			return err
		}
	}
	return copyLibraries(system, root)
}

// copyLibraries copies from system what the programs and libraries in root are linked against, and so on.
func copyLibraries(system, root string) error {
	var queue []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			queue = append(queue, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		for _, name := range needed(path) {
			to := filepath.Join(root, "lib", name)
			if _, err := os.Lstat(to); err == nil || slices.Contains(libc, name) {
				continue
			}
			data, err := readLibrary(system, name)
			if err != nil {
				return fmt.Errorf("finding a library of %s: %w", filepath.Base(path), err)
			}
			if err := os.WriteFile(to, data, 0o755); err != nil {
				return err
			}
			queue = append(queue, to)
		}
	}
	return nil
}

// needed lists the libraries that an ELF file names; any other file needs none.
func needed(path string) []string {
	f, err := elf.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, err := f.ImportedLibraries()
	if err != nil {
		return nil
	}
	return names
}

func readLibrary(system, name string) ([]byte, error) {
	for _, dir := range []string{"usr/lib", "lib"} {
		data, err := os.ReadFile(filepath.Join(system, dir, "x86_64-linux-gnu", name))
		if err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}
