package builder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// generatedTime is the modification time of generated files: the first that a zip archive can hold.
var generatedTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// A memFS is a tree of generated files. It implements [fsutil.FS].
type memFS struct {
	files map[string]string
	paths []string // of files and of their directories, in the order of a walk
}

func newMemFS(files map[string]string) (*memFS, error) {
	all := map[string]bool{}
	for p := range files {
		if !fs.ValidPath(p) || p == "." {
			return nil, fmt.Errorf("invalid path %q", p)
		}
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			all[dir] = true
		}
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if all[p] {
			return nil, fmt.Errorf("%q is both a file and a directory", p)
		}
		all[p] = true
	}
	// A walk is by name within each directory: "a/b" comes before "a-b".
	order := func(p string) string { return strings.ReplaceAll(p, "/", "\x00") }
	paths := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return strings.Compare(order(a), order(b)) })
	return &memFS{files: files, paths: paths}, nil
}

// Walk implements [fsutil.FS].
func (m *memFS) Walk(ctx context.Context, target string, fn fs.WalkDirFunc) error {
	target = strings.Trim(filepath.ToSlash(filepath.Clean(target)), "/")
	skip := ""
	for _, p := range m.paths {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		inside := target == "." || target == "" || p == target || strings.HasPrefix(p, target+"/")
		if !inside || skip != "" && strings.HasPrefix(p, skip) {
			continue
		}
		st := m.stat(p)
		err := fn(p, &fsutil.DirEntryInfo{Stat: st}, nil)
		if errors.Is(err, fs.SkipDir) {
			// For a file, the rest of its directory is skipped.
			skip = p + "/"
			if !fs.FileMode(st.Mode).IsDir() {
				skip = strings.TrimPrefix(path.Dir(p)+"/", "./")
			}
			continue
		}
		if errors.Is(err, fs.SkipAll) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *memFS) stat(p string) *types.Stat {
	st := &types.Stat{Path: p, ModTime: generatedTime.UnixNano(), Mode: uint32(fs.ModeDir | 0o755)}
	if content, ok := m.files[p]; ok {
		st.Mode, st.Size = 0o644, int64(len(content))
	}
	return st
}

// Open implements [fsutil.FS].
func (m *memFS) Open(p string) (io.ReadCloser, error) {
	content, ok := m.files[filepath.ToSlash(filepath.Clean(p))]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
	}
	return io.NopCloser(strings.NewReader(content)), nil
}
