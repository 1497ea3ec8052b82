package builder

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// locals are the opened contexts of a build.
type locals struct {
	mounts map[string]fsutil.FS
	roots  []fsutil.Root
}

func openContexts(contexts map[string]Context) (*locals, error) {
	l := &locals{mounts: map[string]fsutil.FS{}}
	for _, name := range slices.Sorted(maps.Keys(contexts)) {
		if err := l.open(name, contexts[name]); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// seal makes the daemon notice changed content, and returns the name of its copy of the files, which it keeps for the next build. It compares only
// sizes and times with the copy, and both are easily the same for other content. So the time that a file is sent with has a part of its content's
// digest in place of fractions of a second, which no image keeps. And the owner is in the name: nobody can look for a content that has the
// same part as a file of somebody else.
func (l *locals) seal(ctx context.Context, owner string, contexts map[string]Context) (string, error) {
	h := sha256.New()
	field(h, owner)
	for _, name := range slices.Sorted(maps.Keys(contexts)) {
		stats, sums, err := l.sums(ctx, name)
		if err != nil {
			return "", err
		}
		field(h, name)
		if contexts[name].Files != nil { // their times are all the same, and they are small
			field(h, digestOf(stats, sums))
			continue
		}
		dir, err := filepath.Abs(contexts[name].Dir)
		if err != nil {
			return "", err
		}
		field(h, dir)
		times := map[string]int64{}
		for i, stat := range stats {
			times[stat.Path] = timeWith(stat.ModTime, sums[i])
		}
		l.mounts[name], err = fsutil.NewFilterFS(l.mounts[name], &fsutil.FilterOpt{Map: func(_ string, stat *types.Stat) fsutil.MapResult {
			if at, ok := times[stat.Path]; ok && fs.FileMode(stat.Mode).IsRegular() {
				stat.ModTime = at
			}
			return fsutil.MapResultKeep
		}})
		if err != nil {
			return "", fmt.Errorf("opening build context %q: %w", name, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// timeWith is a time in nanoseconds whose fractions of a second come from a digest.
func timeWith(at int64, sum [sha256.Size]byte) int64 {
	second := int64(time.Second)
	whole := at - (at%second+second)%second
	return whole + int64(binary.BigEndian.Uint64(sum[:])%uint64(second))
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
