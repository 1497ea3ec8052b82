package git

import (
	"io"
	"io/fs"
	"time"
)

// fileInfo describes a node. Commits have no times of files.
type fileInfo struct {
	src content
	node
}

// Name returns the base name.
func (i fileInfo) Name() string { return i.name }

// Mode returns what git keeps of it: the kind, and whether a file is executable.
func (i fileInfo) Mode() fs.FileMode { return i.mode }

// IsDir reports whether this is a directory, or a submodule.
func (i fileInfo) IsDir() bool { return i.mode.IsDir() }

// ModTime returns the zero time.
func (i fileInfo) ModTime() time.Time { return time.Time{} }

// Sys returns nil.
func (i fileInfo) Sys() any { return nil }

// Size returns the size in bytes; 0 for a directory, and if it cannot be found: then reading fails too.
func (i fileInfo) Size() int64 {
	if i.IsDir() {
		return 0
	}
	n, err := i.src.size(i.node)
	if err != nil {
		return 0
	}
	return n
}

// An openFile is a regular file that is being read.
type openFile struct {
	info fileInfo
	io.ReadCloser
}

// Stat describes the file.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// An openDir is a directory that is being listed.
type openDir struct {
	info fileInfo
	rest []node
}

// Stat describes the directory.
func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }

// Close does nothing.
func (d *openDir) Close() error { return nil }

// Read fails: a directory is listed.
func (d *openDir) Read([]byte) (int, error) {
	return 0, pathError("read", d.info.name, errIsDir)
}

// ReadDir lists the next n entries, or all that are left if n is not positive.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	part := d.rest
	if n > 0 {
		if len(part) == 0 {
			return nil, io.EOF
		}
		part = part[:min(n, len(part))]
	}
	d.rest = d.rest[len(part):]
	return dirEntries(d.info.src, part), nil
}

func dirEntries(src content, list []node) []fs.DirEntry {
	entries := make([]fs.DirEntry, len(list))
	for i, n := range list {
		entries[i] = fs.FileInfoToDirEntry(fileInfo{src, n})
	}
	return entries
}
