package builder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// locals are the opened contexts of a build.
type locals struct {
	mounts map[string]fsutil.FS
	// key names the daemon's copy of the files. It compares only sizes and times with it, and those of generated files do not
	// change with their content; so the content is part of the key, and other content never meets an old copy.
	key   string
	roots []fsutil.Root
}

func openContexts(contexts map[string]Context) (*locals, error) {
	l := &locals{mounts: map[string]fsutil.FS{}}
	h := sha256.New()
	add := func(s string) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	for _, name := range slices.Sorted(maps.Keys(contexts)) {
		c := contexts[name]
		add(name)
		if err := l.open(name, c); err != nil {
			l.close()
			return nil, err
		}
		if abs, err := filepath.Abs(c.Dir); err == nil && c.Files == nil {
			add(abs)
		}
		for _, path := range slices.Sorted(maps.Keys(c.Files)) {
			add(path)
			add(c.Files[path])
		}
	}
	l.key = hex.EncodeToString(h.Sum(nil))
	return l, nil
}

func (l *locals) open(name string, c Context) error {
	if c.Files != nil {
		mem, err := newMemFS(c.Files)
		if err != nil {
			return fmt.Errorf("opening build context %q: %w", name, err)
		}
		l.mounts[name] = mem
		return nil
	}
	// A root cannot be left, even if the directory changes meanwhile.
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return fmt.Errorf("opening build context %q: %w", name, err)
	}
	r := fsutil.NewRoot(root)
	l.roots = append(l.roots, r)
	l.mounts[name], err = fsutil.NewFilterFS(fsutil.NewRootFS(r), &fsutil.FilterOpt{ExcludePatterns: c.Exclude, Map: normalise})
	if err != nil {
		return fmt.Errorf("opening build context %q: exclude patterns: %w", name, err)
	}
	return nil
}

func (l *locals) close() {
	for _, r := range l.roots {
		_ = r.Close()
	}
}

// normalise makes what a file looks like independent of who checked it out, where and under which mask.
func normalise(_ string, st *types.Stat) fsutil.MapResult {
	st.Uid, st.Gid, st.Xattrs = 0, 0, nil
	switch mode := fs.FileMode(st.Mode); {
	case mode.IsDir():
		st.Mode = uint32(fs.ModeDir | 0o755)
	case mode&fs.ModeSymlink != 0:
		st.Mode = uint32(fs.ModeSymlink | 0o777)
	case mode.IsRegular() && mode&0o100 != 0:
		st.Mode = 0o755
	case mode.IsRegular():
		st.Mode = 0o644
	default:
		return fsutil.MapResultExclude
	}
	return fsutil.MapResultKeep
}
