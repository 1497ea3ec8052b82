package git

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
)

// pack makes a tarball; a header without a type is a regular file, whose content is its Linkname.
func pack(t *testing.T, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, h := range headers {
		var text string
		if h.Typeflag == 0 {
			h.Typeflag, h.Linkname, text = tar.TypeReg, "", h.Linkname
			h.Size = int64(len(text))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(name, text string) tar.Header { return tar.Header{Name: name, Linkname: text, Mode: 0o644} }

func TestFromTarballReadsGitArchive(t *testing.T) {
	dir, _ := newRepository(t)
	link(t, dir, "link.txt", "sub/deep/b.txt")
	rev := commit(t, dir, "link")
	cmd := exec.Command("git", "archive", "--format=tar.gz", "--prefix=org-app-"+rev[:7]+"/", rev)
	cmd.Dir = dir
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := FromTarball(bytes.NewReader(b), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(tree, "a.txt", "sub/deep/b.txt", "sub/run.sh", "link.txt"); err != nil {
		t.Error(err)
	}
	want, err := open(t, dir).Tree(rev, ".")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, tree), listing(t, want); got != want {
		t.Errorf("the tarball holds\n%sthe commit\n%s", got, want)
	}
}

// listing prints the mode, name and text of all files.
func listing(t *testing.T, tree fs.FS) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := fs.Stat(tree, p)
		if err != nil {
			return err
		}
		b.WriteString(d.Type().String() + " " + info.Mode().String() + " " + p)
		if info.Mode().IsRegular() {
			text, err := fs.ReadFile(tree, p)
			if err != nil {
				return err
			}
			b.WriteString(" " + string(text))
		}
		b.WriteString("\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFromTarballKeepsInside(t *testing.T) {
	tests := map[string][]tar.Header{
		"absolute":      {file("/etc/passwd", "x")},
		"above":         {file("top/../../x", "x")},
		"above inside":  {file("top/a/../b", "x")},
		"two folders":   {file("top/a", "x"), file("other/a", "x")},
		"file over dir": {file("top/a/b", "x"), file("top/a", "x")},
		"dir over file": {file("top/a", "x"), file("top/a/b", "x")},
		"too deep":      {file("top/"+strings.Repeat("a/", 300)+"b", "x")},
		"long link":     {{Name: "top/a", Typeflag: tar.TypeSymlink, Linkname: strings.Repeat("a", 5000)}},
	}
	for name, headers := range tests {
		if tree, err := FromTarball(bytes.NewReader(pack(t, headers...)), Limits{}); err == nil {
			t.Errorf("%s: holds\n%s", name, listing(t, tree))
		}
	}
	tree, err := FromTarball(bytes.NewReader(pack(t,
		tar.Header{Name: "top/", Typeflag: tar.TypeDir, Mode: 0o777},
		file("top/a", "first"), file("top/a", "last"),
		tar.Header{Name: "top/host", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		tar.Header{Name: "top/up", Typeflag: tar.TypeSymlink, Linkname: "../../etc/passwd"},
		tar.Header{Name: "top/hard", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"},
		tar.Header{Name: "top/pipe", Typeflag: tar.TypeFifo},
		tar.Header{Name: "top/link", Typeflag: tar.TypeSymlink, Linkname: "a"},
	)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"host", "up", "hard", "pipe"} {
		if b, err := fs.ReadFile(tree, name); err == nil {
			t.Errorf("%s reads %q", name, b)
		}
	}
	for _, name := range []string{"a", "link"} {
		if b, err := fs.ReadFile(tree, name); err != nil || string(b) != "last" {
			t.Errorf("%s reads %q, %v", name, b, err)
		}
	}
}

func TestFromTarballIsBounded(t *testing.T) {
	big := pack(t, file("top/a", strings.Repeat("a", 1000)), file("top/b", strings.Repeat("b", 1000)), file("top/c", "c"))
	for name, lim := range map[string]Limits{"kept": {KeptBytes: 1500}, "all": {Bytes: 2000}, "files": {Files: 2}} {
		if _, err := FromTarball(bytes.NewReader(big), lim); !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	tree, err := FromTarball(bytes.NewReader(big), Limits{FileBytes: 999, KeptBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := fs.Stat(tree, "a"); err != nil || info.Size() != 1000 {
		t.Errorf("a large file is %v, %v", info, err)
	}
	if _, err := fs.ReadFile(tree, "a"); !errors.Is(err, ErrLimit) {
		t.Errorf("reading a large file: %v", err)
	}
	if b, err := fs.ReadFile(tree, "c"); err != nil || string(b) != "c" {
		t.Errorf("reading a small file: %q, %v", b, err)
	}
}

func TestFromTarballRefusesDamage(t *testing.T) {
	good := pack(t, file("top/a", strings.Repeat("abc", 1000)))
	for name, b := range map[string][]byte{"empty": nil, "text": []byte("404 not found"), "cut": good[:len(good)/2]} {
		if _, err := FromTarball(bytes.NewReader(b), Limits{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzFromTarball(f *testing.F) {
	f.Add("top/a", "top/b", byte(tar.TypeReg), "x")
	f.Add("a/../..", "/", byte(tar.TypeSymlink), "..")
	f.Fuzz(func(t *testing.T, one, two string, typ byte, target string) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		for _, h := range []tar.Header{{Name: one, Typeflag: tar.TypeReg}, {Name: two, Typeflag: typ, Linkname: target}} {
			if w.WriteHeader(&h) != nil {
				return
			}
		}
		if w.Close() != nil || z.Close() != nil {
			return
		}
		tree, err := FromTarball(&b, Limits{})
		if err != nil {
			return
		}
		err = fs.WalkDir(tree, ".", func(p string, _ fs.DirEntry, err error) error {
			if !fs.ValidPath(p) {
				t.Errorf("%q is not a path inside", p)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
