package builder

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"runtime"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
	"golang.org/x/sync/errgroup"
)

// Digest is the SHA-256, in hex, of what a build sees of the context: the paths that are not excluded, whether a file can be
// executed, where a link leads, and the contents. Neither times nor owners count, nor where the context is. Every file is read
// once, several at a time, and none is held in memory.
func (c Context) Digest(ctx context.Context) (string, error) {
	l, err := openContexts(map[string]Context{"": c})
	if err != nil {
		return "", err
	}
	defer l.close()
	stats, sums, err := l.sums(ctx, "")
	if err != nil {
		return "", err
	}
	return digestOf(stats, sums), nil
}

// sums are the digests of the contents of an opened context's files, in the order of the walk, which is the order of their paths.
func (l *locals) sums(ctx context.Context, name string) (stats []*types.Stat, sums [][sha256.Size]byte, err error) {
	if stats, err = listFiles(ctx, l.mounts[name]); err != nil {
		return nil, nil, err
	}
	sums, err = digestFiles(ctx, l.mounts[name], stats)
	return stats, sums, err
}

// listFiles lists what a context has, in the order of the walk.
func listFiles(ctx context.Context, files fsutil.FS) ([]*types.Stat, error) {
	var stats []*types.Stat
	err := files.Walk(ctx, "", func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		stat, ok := info.Sys().(*types.Stat)
		if !ok {
			return fmt.Errorf("%s has no description", d.Name())
		}
		stats = append(stats, stat)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the build context: %w", err)
	}
	return stats, nil
}

// Read calls visit for everything that a build sees of the context: for a file with its content, for a directory or a link with where it
// leads, "" for a directory. Several calls run at a time.
func (c Context) Read(ctx context.Context, visit func(path, link string, content io.Reader) error) error {
	l, err := openContexts(map[string]Context{"": c})
	if err != nil {
		return err
	}
	defer l.close()
	files := l.mounts[""]
	stats, err := listFiles(ctx, files)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, stat := range stats {
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !fs.FileMode(stat.Mode).IsRegular() {
				return visit(stat.Path, stat.Linkname, nil)
			}
			f, err := files.Open(stat.Path)
			if err != nil {
				return fmt.Errorf("reading the build context: %w", err)
			}
			defer f.Close()
			return visit(stat.Path, "", f)
		})
	}
	return g.Wait()
}

// digestFiles returns the digests of the regular files among some.
func digestFiles(ctx context.Context, files fsutil.FS, stats []*types.Stat) ([][sha256.Size]byte, error) {
	sums := make([][sha256.Size]byte, len(stats))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, stat := range stats {
		if !fs.FileMode(stat.Mode).IsRegular() {
			continue
		}
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			sum, err := digestFile(files, stat.Path)
			if err != nil {
				return fmt.Errorf("reading the build context: %w", err)
			}
			sums[i] = sum
			return nil
		})
	}
	return sums, g.Wait()
}

// digestOf sums up files.
func digestOf(stats []*types.Stat, sums [][sha256.Size]byte) string {
	all := sha256.New()
	for i, stat := range stats {
		mode := fs.FileMode(stat.Mode)
		field(all, stat.Path)
		all.Write(binary.BigEndian.AppendUint32(nil, stat.Mode))
		switch {
		case mode.IsRegular(): // also the second name of a file with two, whose Linkname is the first
			all.Write(sums[i][:])
		case mode&fs.ModeSymlink != 0:
			field(all, stat.Linkname)
		}
	}
	return hex.EncodeToString(all.Sum(nil))
}

func digestFile(files fsutil.FS, path string) (sum [sha256.Size]byte, err error) {
	f, err := files.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// field adds a text with its length, so that no two lists of texts look alike.
func field(h hash.Hash, s string) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
	h.Write([]byte(s))
}
