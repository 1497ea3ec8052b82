package git

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// putLoose writes a loose object under a name, from pieces that need not be what the name says.
func putLoose(t *testing.T, dir, hash string, pieces ...io.Reader) {
	t.Helper()
	path := filepath.Join(dir, ".git", "objects", hash[:2], hash[2:])
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(path) // git makes them read-only
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := io.Copy(z, io.MultiReader(pieces...)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// zeros are n zero bytes.
func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestALooseObjectInflatesToWhatItsHeaderSays(t *testing.T) {
	const bomb = 32 << 20
	for name, pieces := range map[string][]io.Reader{
		"more than it says":       {strings.NewReader("blob 10\x00"), zeros(bomb)},
		"less than it says":       {strings.NewReader("blob 10\x00"), zeros(3)},
		"a header without an end": {strings.NewReader("blob "), strings.NewReader(strings.Repeat("1", bomb/16))},
		"a header without a word": {zeros(bomb)},
		"a size below zero":       {strings.NewReader("blob -1\x00")},
		"a size that is none":     {strings.NewReader("blob ten\x00")},
		"an unknown kind":         {strings.NewReader("bomb 1\x00x")},
		"another content":         {strings.NewReader("blob 8\x00version?")},
		"too large":               {strings.NewReader("blob 268435456\x00"), zeros(bomb)},
		"nothing":                 {},
	} {
		dir := t.TempDir()
		run(t, dir, "init", "-q")
		write(t, dir, "file", "version 1")
		commit(t, dir, "one")
		putLoose(t, dir, run(t, dir, "rev-parse", "HEAD:file"), pieces...)
		repo, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := repo.Tree("HEAD", ".")
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		content, err := fs.ReadFile(tree, "file")
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: it has %d bytes", name, len(content))
		}
		if name == "too large" && !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
			t.Errorf("%s: reading it took %d bytes of memory", name, used)
		}
		// Size finds no more than the header, and does not fail.
		if info, err := fs.Stat(tree, "file"); err != nil || info.Size() < 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLooseObjectsOfEachKindAreRead(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "-q")
	write(t, dir, "empty", "")
	write(t, dir, "sub/file", "text")
	head := commit(t, dir, "one")
	run(t, dir, "tag", "-a", "v1", "-m", "annotated")
	repo, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for rev, kind := range map[string]plumbing.ObjectType{"v1": plumbing.TagObject, head: plumbing.CommitObject, "HEAD^{tree}": plumbing.TreeObject,
		"HEAD:empty": plumbing.BlobObject, "HEAD:sub/file": plumbing.BlobObject} {
		h := plumbing.NewHash(run(t, dir, "rev-parse", rev))
		o, err := repo.object(plumbing.AnyObject, h)
		if err != nil || o.Type() != kind || o.Hash() != h {
			t.Errorf("%s: %v", rev, err)
		}
		other := plumbing.BlobObject
		if kind == other {
			other = plumbing.TreeObject
		}
		if _, err := repo.object(other, h); err == nil {
			t.Errorf("%s is taken for a %s", rev, other)
		}
	}
}
