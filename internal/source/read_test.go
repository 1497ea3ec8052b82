package source

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/lazyregexp"
)

func TestReadNormalisesText(t *testing.T) {
	tests := map[string]string{
		"": "", "a\r\nb\r\n": "a\nb\n", "a\rb": "a\rb", "\r\r\n": "\r\n", "\ufeffa": "\ufeffa", "a\x00b": "a\x00b", "ä\n": "ä\n",
	}
	for text, want := range tests {
		tree := mapTree(t, map[string]string{"f": text}, Limits{})
		if got, err := tree.Read("f"); err != nil || got != want {
			t.Errorf("%q reads %q, %v", text, got, err)
		}
		if b, err := tree.Bytes("f"); err != nil || string(b) != text {
			t.Errorf("%q has the bytes %q, %v", text, b, err)
		}
	}
}

func TestReadWantsUTF8(t *testing.T) {
	tree := mapTree(t, map[string]string{"d/f": "a\nb\n\xff\n"}, Limits{})
	_, err := tree.Read("d/f")
	if want := "reading d/f:3: the file is not UTF-8; save it as UTF-8"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if tree.Contains("d/f", "a") {
		t.Error("a file that is not UTF-8 contains text")
	}
}

func TestReadMarkedTakesUTF16(t *testing.T) {
	little, big := "\xff\xfea\x00\r\x00\n\x00\xe4\x00=\xd8\x00\xde", "\xfe\xff\x00a\x00\r\x00\n\x00\xe4\xd8=\xde\x00"
	for text, want := range map[string]string{
		little: "a\nä😀", big: "a\nä😀", "a\r\nä": "a\nä", "\ufeffa": "a", "": "", "\xff\xfe": "", "\xff\xfe\x00\xd8": "\ufffd",
	} {
		if got, err := mapTree(t, map[string]string{"f": text}, Limits{}).ReadMarked("f"); err != nil || got != want {
			t.Errorf("%q reads %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"\xff\xfea\x00b", "\xff", "a\xfe\xff"} {
		if got, err := mapTree(t, map[string]string{"f": text}, Limits{}).ReadMarked("f"); !errors.Is(err, errNotUTF8) {
			t.Errorf("%q reads %q, %v", text, got, err)
		}
	}
}

func TestReadNamesWhatIsMissing(t *testing.T) {
	tree := mapTree(t, map[string]string{"d/f": ""}, Limits{})
	_, err := tree.Read("none")
	if !errors.Is(err, fs.ErrNotExist) || err.Error() != "reading none: file does not exist" {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := tree.Read("d"); !errors.Is(err, errNotRegular) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := tree.Read("../f"); !errors.Is(err, errOutside) {
		t.Errorf("a name outside: %v", err)
	}
}

func TestLargeFilesAreNotRead(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "sparse", "")
	if err := os.Truncate(filepath.Join(dir, "sparse"), 3<<30); err != nil {
		t.Fatal(err)
	}
	tree := openTree(t, dir, Limits{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := tree.Read("sparse")
	if tree.Contains("sparse", "\x00") {
		t.Error("a file that is too large contains text")
	}
	if name, _, err := tree.Match(lazyregexp.New(""), "*"); name != "" || err != nil {
		t.Errorf("a file that is too large matches: %q, %v", name, err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes were allocated", n)
	}
	limit := (*LimitError)(nil)
	if !errors.As(err, &limit) || limit.Max != 16<<20 {
		t.Errorf("%v is no limit of 16 MiB", err)
	}
	if want := "reading sparse: 3 GiB is over the limit of 16 MiB for a file that is read; "; !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("%v", err)
	}
}

// lying says that its files are empty.
type lying struct{ fs.FS }

func (l lying) Open(name string) (fs.File, error) {
	f, err := l.FS.Open(name)
	return lyingFile{f}, err
}

type lyingFile struct{ fs.File }

func (f lyingFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return lyingInfo{info}, err
}

type lyingInfo struct{ fs.FileInfo }

func (lyingInfo) Size() int64 { return 0 }

func TestGrowingFilesAreNotRead(t *testing.T) {
	tree, err := New(lying{fstest.MapFS{"ten": {Data: make([]byte, 10)}, "eleven": {Data: make([]byte, 11)}}}, "", Limits{FileBytes: 10})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := tree.Bytes("ten"); err != nil || len(b) != 10 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	limit := (*LimitError)(nil)
	if _, err := tree.Bytes("eleven"); !errors.As(err, &limit) {
		t.Errorf("%v", err)
	}
}

// counting counts how often a file is opened.
type counting struct {
	fs.FS
	opened map[string]int
}

func (c counting) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

// Stat keeps fs.Stat from opening.
func (c counting) Stat(name string) (fs.FileInfo, error) { return fs.Stat(c.FS, name) }

func TestEverythingIsReadOnce(t *testing.T) {
	fsys := counting{fstest.MapFS{"a.py": {Data: []byte("x")}, "d/b.py": {Data: []byte("y")}, "d/.gitignore": {Data: []byte("z\n")}}, map[string]int{}}
	tree, err := New(fsys, "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, _, err := tree.Match(lazyregexp.New("nothing"), "**/*.py"); err != nil {
			t.Fatal(err)
		}
		tree.Contains("./a.py", "x")
		if _, err := tree.Dirs("*"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[string]int{".": 1, "d": 1, "a.py": 1, "d/b.py": 1, "d/.gitignore": 1}, fsys.opened); diff != "" {
		t.Errorf("opened (-want +got):\n%s", diff)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	tree := mapTree(t, map[string]string{"a": "12345", "b": "123456"}, Limits{})
	tree.room = 10
	for _, name := range []string{"a", "b", "b"} {
		if _, err := tree.Bytes(name); err != nil {
			t.Fatal(err)
		}
	}
	if len(tree.cached) != 1 || tree.room != 5 {
		t.Errorf("cached are %d files, room for %d", len(tree.cached), tree.room)
	}
}

func TestMatchFindsTheFirstFile(t *testing.T) {
	tree := mapTree(t, map[string]string{
		"a/bad.py": "\xffmain", "a/z.py": "def main\r\nx = 1\r\n", "b.py": "main = 2", "a.txt": "main",
	}, Limits{})
	tests := []struct {
		re, glob, name string
		sub            []string
	}{
		{`main`, "**/*.py", "a/z.py", []string{"main"}},
		{`main\nx = (\d)(y)?`, "*.py", "a/z.py", []string{"main\nx = 1", "1", ""}},
		{`main = (\d)`, "*.py", "b.py", []string{"main = 2", "2"}},
		{`nothing`, "*", "", nil},
		{`main`, "*.rs", "", nil},
	}
	for _, tt := range tests {
		name, sub, err := tree.Match(lazyregexp.New(tt.re), tt.glob)
		if err != nil || name != tt.name || !cmp.Equal(sub, tt.sub) {
			t.Errorf("%s in %s: %q, %q, %v", tt.re, tt.glob, name, sub, err)
		}
	}
	if _, _, err := tree.Match(lazyregexp.New(""), "[a"); err == nil {
		t.Error("a bad pattern is no error")
	}
}

// failing cannot open one file.
type failing struct {
	fs.FS
	name string
	err  error
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
	}
	return f.FS.Open(name)
}

func (f failing) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

func TestErrorsOfTheFileSystemAreKept(t *testing.T) {
	broken := errors.New("broken")
	m := fstest.MapFS{"a.py": {Data: []byte("x")}, "d/b.py": {}}
	tree := func(name string) *Tree {
		tree, err := New(failing{m, name, broken}, "", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return tree
	}
	if _, _, err := tree("a.py").Match(lazyregexp.New("x"), "*"); !errors.Is(err, broken) || err.Error() != "reading a.py: broken" {
		t.Errorf("a match in a file that cannot be read: %v", err)
	}
	if _, err := tree("d").Files("*"); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "walking the app: d: broken; ") {
		t.Errorf("a walk over a directory that cannot be read: %v", err)
	}
	if _, err := tree(".").Entries(); !errors.Is(err, broken) {
		t.Errorf("the entries of a root that cannot be read: %v", err)
	}
}

func TestContains(t *testing.T) {
	tree := mapTree(t, map[string]string{"f": "one\r\ntwo", "d/g": ""}, Limits{})
	for text, want := range map[string]bool{"one\ntwo": true, "": true, "three": false} {
		if got := tree.Contains("f", text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for _, name := range []string{"none", "d", "../f"} {
		if tree.Contains(name, "") {
			t.Errorf("%s contains something", name)
		}
	}
}

func TestSizesAreReadable(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1023: "1023 bytes", 1536: "1.5 KiB", 16 << 20: "16 MiB", 3 << 30: "3 GiB", 5 << 50: "5120 TiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %q, not %q", n, got, want)
		}
	}
}

func TestAFileOfAnySizeHasADigest(t *testing.T) {
	text := strings.Repeat("lock", 1000)
	tree := mapTree(t, map[string]string{"lock": text, "d/x": ""}, Limits{FileBytes: 100})
	if _, err := tree.Bytes("lock"); err == nil {
		t.Fatal("the limit does not hold")
	}
	if sum, err := tree.Digest("lock"); err != nil || sum != sha256.Sum256([]byte(text)) {
		t.Errorf("got %x, %v", sum, err)
	}
	for _, name := range []string{"d", "missing", "../lock", ".git/x"} {
		if _, err := tree.Digest(name); err == nil {
			t.Errorf("%s has one", name)
		} else {
			_ = asError(t, err)
		}
	}
}
