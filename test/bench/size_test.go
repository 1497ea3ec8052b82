package bench

import (
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// auth is the login for the images.
func (s *stage) auth() authn.Authenticator {
	if !s.login {
		return authn.Anonymous
	}
	return &authn.Basic{Username: jobUser, Password: jobToken}
}

// size is that of an image's layers, in bytes.
type size struct{ Compressed, Unpacked int64 }

// size reads an image from the registry, past the counter.
func (s *stage) size(b *testing.B, image string) size {
	b.Helper()
	ref, err := name.ParseReference(s.past(image))
	if err != nil {
		b.Fatal(err)
	}
	img, err := remote.Image(ref, remote.WithContext(b.Context()), remote.WithAuth(s.auth()))
	if err != nil {
		b.Fatal(err)
	}
	layers, err := img.Layers()
	if err != nil {
		b.Fatal(err)
	}
	var out size
	for _, l := range layers {
		n, err := l.Size()
		if err != nil {
			b.Fatal(err)
		}
		out.Compressed += n
		content, err := l.Uncompressed()
		if err != nil {
			b.Fatal(err)
		}
		n, err = io.Copy(io.Discard, content)
		content.Close()
		if err != nil {
			b.Fatal(err)
		}
		out.Unpacked += n
	}
	return out
}

// unpacked is the size of the files that a builder keeps as snapshots, in bytes. A file with several names counts once.
func unpacked(b *testing.B, builderDir string) int64 {
	b.Helper()
	var sum int64
	seen := map[uint64]bool{}
	err := filepath.WalkDir(builderDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.Contains(path, "/snapshots/") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && !seen[stat.Ino] {
			seen[stat.Ino] = true
			sum += info.Size()
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return sum
}
