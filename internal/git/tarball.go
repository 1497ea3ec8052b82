package git

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits bound what [FromTarball] reads. A zero field is the default.
type Limits struct {
	FileBytes int64 // content of one file that is kept, in bytes; 16 MiB. A larger file is listed but cannot be opened
	KeptBytes int64 // content that is kept in all; 512 MiB
	Bytes     int64 // tarball without its compression; 8 GiB
	Files     int   // files and directories; 250,000
}

func (l Limits) withDefaults() Limits {
	return Limits{
		FileBytes: cmp.Or(l.FileBytes, 16<<20),
		KeptBytes: cmp.Or(l.KeptBytes, 512<<20),
		Bytes:     cmp.Or(l.Bytes, 8<<30),
		Files:     cmp.Or(l.Files, 250_000),
	}
}

// ErrLimit means that a tarball exceeds one of the [Limits], or an object what is held in memory of it.
var ErrLimit = errors.New("over the limit")

// FromTarball reads the tarball that a forge makes of a commit, compressed by gzip and with all files in one
// top folder, and returns the files in that folder. Names and links that lead out of it are an error and not
// followed, in this order; hard links and special files are left out.
//
// A forge leaves files out that .gitattributes marks export-ignore, which [Repository.Tree] has.
func FromTarball(r io.Reader, lim Limits) (fs.FS, error) {
	t := &tarball{lim: lim.withDefaults(), dirs: map[string]map[string]node{"": {}}}
	if err := t.read(r); err != nil {
		return nil, fmt.Errorf("reading the tarball: %w", err)
	}
	return t.files(), nil
}

// tarball is what was read so far. Directories are named by their paths, "" being the top folder.
type tarball struct {
	lim   Limits
	kept  int64
	count int
	top   string
	dirs  map[string]map[string]node
	data  map[string]tarFile // by path
}

type tarFile struct {
	size    int64
	content []byte // nil if the file is too large
}

func (t *tarball) read(r io.Reader) error {
	t.data = map[string]tarFile{}
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	bounded := &boundedReader{r: z, left: t.lim.Bytes}
	for archive := tar.NewReader(bounded); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.add(h, archive); err != nil {
			return err
		}
	}
}

func (t *tarball) add(h *tar.Header, r io.Reader) error {
	var mode fs.FileMode
	switch h.Typeflag {
	case tar.TypeDir:
		mode = dirMode
	case tar.TypeSymlink:
		mode = linkMode
	case tar.TypeReg:
		mode = 0o644 | fs.FileMode(h.Mode)&0o111
	default:
		return nil
	}
	name, err := t.name(h.Name)
	if err != nil || name == "" {
		return err
	}
	if mode.IsDir() {
		return t.mkdir(name)
	}
	f, err := t.content(h, r)
	if err != nil {
		return err
	}
	return t.put(name, mode, f)
}

// name returns the path of an entry below the top folder; "" for the folder itself.
func (t *tarball) name(raw string) (string, error) {
	p := strings.TrimPrefix(strings.TrimSuffix(raw, "/"), "./")
	if p == "." || p == "" {
		return "", nil
	}
	if !fs.ValidPath(p) || strings.Contains(p, "\x00") {
		return "", fmt.Errorf("%.200q is not a name inside the tarball", raw)
	}
	top, rest, _ := strings.Cut(p, "/")
	if t.top == "" {
		t.top = top
	}
	if top != t.top {
		return "", fmt.Errorf("%.200q is not in the folder %q", raw, t.top)
	}
	return rest, nil
}

func (t *tarball) content(h *tar.Header, r io.Reader) (tarFile, error) {
	if h.Typeflag == tar.TypeSymlink {
		if len(h.Linkname) > linkBytes {
			return tarFile{}, fmt.Errorf("%.200q: %w", h.Name, errLongLink)
		}
		return tarFile{int64(len(h.Linkname)), []byte(h.Linkname)}, nil
	}
	if h.Size > t.lim.FileBytes {
		return tarFile{size: h.Size}, nil
	}
	if t.kept += h.Size; t.kept > t.lim.KeptBytes {
		return tarFile{}, fmt.Errorf("its files have more than %d bytes: %w", t.lim.KeptBytes, ErrLimit)
	}
	b := make([]byte, h.Size)
	if _, err := io.ReadFull(r, b); err != nil {
		return tarFile{}, fmt.Errorf("%.200q: %w", h.Name, err)
	}
	return tarFile{h.Size, b}, nil
}

// mkdir makes a directory and those above it.
func (t *tarball) mkdir(dir string) error {
	if dir == "" || t.dirs[dir] != nil {
		return nil
	}
	if err := t.put(dir, dirMode, tarFile{}); err != nil {
		return err
	}
	t.dirs[dir] = map[string]node{}
	return nil
}

// put adds an entry. A later file replaces an earlier one of its name, but nothing else does.
func (t *tarball) put(name string, mode fs.FileMode, f tarFile) error {
	parent, base := path.Split(name)
	parent = strings.TrimSuffix(parent, "/")
	if strings.Count(name, "/") > maxDepth {
		return fmt.Errorf("%.200q lies too deep: %w", name, ErrLimit)
	}
	if err := t.mkdir(parent); err != nil {
		return err
	}
	old, exists := t.dirs[parent][base]
	if exists && (old.mode.IsDir() || mode.IsDir()) {
		return fmt.Errorf("%.200q is both a file and a directory", name)
	}
	if t.count++; t.count > t.lim.Files {
		return fmt.Errorf("it has more than %d files: %w", t.lim.Files, ErrLimit)
	}
	t.dirs[parent][base] = node{name: base, mode: mode, id: name}
	if !mode.IsDir() {
		t.data[name] = f
	}
	return nil
}

// maxDepth bounds the recursion over directories.
const maxDepth = 255

func (t *tarball) files() fs.FS {
	c := &memory{dirs: make(map[string][]node, len(t.dirs)), data: t.data}
	for dir, entries := range t.dirs {
		list := make([]node, 0, len(entries))
		for _, n := range entries {
			list = append(list, n)
		}
		slices.SortFunc(list, byName)
		c.dirs[dir] = list
	}
	return &files{src: c, root: node{mode: dirMode}}
}

// memory is the content of a tarball; ids are paths.
type memory struct {
	dirs map[string][]node
	data map[string]tarFile
}

func (m *memory) list(n node) ([]node, error) { return m.dirs[n.id], nil }

func (m *memory) size(n node) (int64, error) { return m.data[n.id].size, nil }

func (m *memory) open(n node) (io.ReadCloser, error) {
	f := m.data[n.id]
	if int64(len(f.content)) < f.size {
		return nil, fmt.Errorf("its %d bytes were not kept: %w", f.size, ErrLimit)
	}
	return io.NopCloser(bytes.NewReader(f.content)), nil
}

// A boundedReader fails, instead of ending as io.LimitReader does, when there is more than it may read.
type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("uncompressed, it is too large: %w", ErrLimit)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
