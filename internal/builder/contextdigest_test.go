package builder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// tree writes files, and links where the content begins with "-> ".
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if len(text) > 3 && text[:3] == "-> " {
			err = os.Symlink(text[3:], path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func sum(t *testing.T, c Context) string {
	t.Helper()
	d, err := c.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContextDigestIsThatOfWhatABuildSees(t *testing.T) {
	files := func() map[string]string {
		return map[string]string{"main.go": "package main", "lib/a": "a", "lib/b": "b", "run": "#!", "link": "-> lib/a",
			".git/HEAD": "ref", "lib/secret": "s"}
	}
	exclude := []string{".git", "lib/secret"}
	dir := tree(t, files())
	want := sum(t, Context{Dir: dir, Exclude: exclude})
	for name, tt := range map[string]struct {
		change func(files map[string]string)
		after  func(dir string) error
		same   bool
	}{
		"nothing":       {same: true},
		"ignored":       {change: func(f map[string]string) { f[".git/HEAD"], f["lib/secret"], f[".git/index"] = "x", "y", "z" }, same: true},
		"time":          {after: func(dir string) error { return os.Chtimes(filepath.Join(dir, "run"), time.Unix(1, 0), time.Unix(1, 0)) }, same: true},
		"mask":          {after: func(dir string) error { return os.Chmod(filepath.Join(dir, "run"), 0o600) }, same: true},
		"executable":    {after: func(dir string) error { return os.Chmod(filepath.Join(dir, "run"), 0o755) }},
		"content":       {change: func(f map[string]string) { f["lib/a"] = "A" }},
		"renamed":       {change: func(f map[string]string) { delete(f, "lib/a"); f["lib/c"] = "a" }},
		"swapped":       {change: func(f map[string]string) { f["lib/a"], f["lib/b"] = "b", "a" }},
		"link's target": {change: func(f map[string]string) { f["link"] = "-> lib/b" }},
		"link or file":  {change: func(f map[string]string) { f["link"] = "lib/a" }},
		"empty dir":     {after: func(dir string) error { return os.Mkdir(filepath.Join(dir, "empty"), 0o755) }},
		"second name of a file": {change: func(f map[string]string) { f["lib/b"] = "a" }, after: func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "lib/b")), os.Link(filepath.Join(dir, "lib/a"), filepath.Join(dir, "lib/b")))
		}},
	} {
		f := files()
		if tt.change != nil {
			tt.change(f)
		}
		other := tree(t, f)
		if tt.after != nil {
			if err := tt.after(other); err != nil {
				t.Fatal(err)
			}
		}
		if same := sum(t, Context{Dir: other, Exclude: exclude}) == want; same != tt.same {
			t.Errorf("%s: equal digests: %v", name, same)
		}
	}
}

func TestContextDigestOfTwoNamesOfAFileIsThatOfTwoFiles(t *testing.T) {
	two, one := tree(t, map[string]string{"a": "x", "b": "x"}), tree(t, map[string]string{"a": "x"})
	if err := os.Link(filepath.Join(one, "a"), filepath.Join(one, "b")); err != nil {
		t.Fatal(err)
	}
	if sum(t, Context{Dir: one}) != sum(t, Context{Dir: two}) {
		t.Error("a checkout that saves space has another digest")
	}
}

func TestContextDigestOfGeneratedFiles(t *testing.T) {
	want := sum(t, Context{Files: map[string]string{"a": "1", "b/c": "2"}})
	if sum(t, Context{Files: map[string]string{"a": "1", "b/c": "2"}}) != want || sum(t, Context{Files: map[string]string{"a": "1", "b/c": "3"}}) == want {
		t.Error("the digest is not that of the content")
	}
}

func TestContextDigestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Context{Dir: tree(t, map[string]string{"a": "x"})}).Digest(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := (Context{Dir: filepath.Join(t.TempDir(), "missing")}).Digest(t.Context()); err == nil {
		t.Error("a context that is not there has a digest")
	}
}
