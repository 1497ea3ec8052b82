// Package nar writes files in the form whose hash Nix takes, the Nix archive. fetchTarball compares the hash of what it has unpacked.
package nar

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// Hash is the hash of a directory of files and directories, sha256-BASE64.
func Hash(fsys fs.FS) (string, error) {
	h := sha256.New()
	write(h, "nix-archive-1")
	if err := node(h, fsys, "."); err != nil {
		return "", err
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// write writes texts: the length in 8 bytes, the text, zeros up to a multiple of 8.
func write(w io.Writer, texts ...string) {
	for _, text := range texts {
		_, _ = w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))) // a hash takes everything
		_, _ = io.WriteString(w, text)
		_, _ = w.Write(make([]byte, -len(text)&7))
	}
}

// node writes a file or a directory, whose entries are sorted by name.
func node(w io.Writer, fsys fs.FS, name string) error {
	info, err := fs.Lstat(fsys, name)
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return directory(w, fsys, name)
	case !info.Mode().IsRegular():
		return fmt.Errorf("hashing %s: it is neither a file nor a directory", name)
	}
	data, err := fs.ReadFile(fsys, name)
	write(w, "(", "type", "regular")
	if info.Mode()&0o100 != 0 {
		write(w, "executable", "")
	}
	write(w, "contents", string(data), ")")
	return err
}

func directory(w io.Writer, fsys fs.FS, name string) error {
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return err
	}
	write(w, "(", "type", "directory")
	for _, entry := range entries {
		write(w, "entry", "(", "name", entry.Name(), "node")
		if err := node(w, fsys, path.Join(name, entry.Name())); err != nil {
			return err
		}
		write(w, ")")
	}
	write(w, ")")
	return nil
}
