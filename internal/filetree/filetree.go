// Package filetree lists the files of images, and says how two lists differ.
package filetree

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// An Entry is a file, a directory or a link of an image, without its name.
type Entry struct {
	Kind     byte // of package tar; a hard link is the file that it names
	Mode     int64
	UID, GID int
	Target   string // of a symbolic link
	Device   string // numbers of a device node
	Digest   string // SHA-256 of a file's content, in hexadecimal
	Xattrs   string // extended attributes, sorted
	Time     time.Time
}

// A Tree is what a container of an image starts with, by slash-separated paths without a leading slash.
type Tree map[string]Entry

// Read reads a tar archive of an image's file system.
func Read(stream io.Reader) (Tree, error) {
	tree, links := Tree{}, map[string]string{}
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the image's files: %w", err)
		}
		name := clean(h.Name)
		if h.Typeflag == tar.TypeLink {
			links[name] = clean(h.Linkname)
			continue
		}
		e, err := entry(h, r)
		if err != nil {
			return nil, fmt.Errorf("reading the image's file %s: %w", name, err)
		}
		tree[name] = e
	}
	for name, target := range links { // which of a file's names comes first is no difference
		tree[name] = tree[target]
	}
	return tree, nil
}

func entry(h *tar.Header, content io.Reader) (Entry, error) {
	e := Entry{Kind: h.Typeflag, Mode: h.Mode & 0o7777, UID: h.Uid, GID: h.Gid, Target: h.Linkname, Time: h.ModTime.UTC()}
	switch h.Typeflag {
	case tar.TypeReg:
		sum := sha256.New()
		if _, err := io.Copy(sum, content); err != nil {
			return e, err
		}
		e.Digest = hex.EncodeToString(sum.Sum(nil))
	case tar.TypeChar, tar.TypeBlock:
		e.Device = fmt.Sprintf("%d:%d", h.Devmajor, h.Devminor)
	}
	for _, key := range slices.Sorted(maps.Keys(h.PAXRecords)) {
		if strings.HasPrefix(key, "SCHILY.xattr.") {
			e.Xattrs += key + "=" + h.PAXRecords[key] + "\n"
		}
	}
	return e, nil
}

func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// Newest is the latest time of a file, zero for none.
func (t Tree) Newest() time.Time {
	var newest time.Time
	for _, e := range t {
		if e.Time.After(newest) {
			newest = e.Time
		}
	}
	return newest
}
