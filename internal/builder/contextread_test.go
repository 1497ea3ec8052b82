package builder_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
)

func TestAContextIsReadAsABuildSeesIt(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a/b.txt": "b", "c.txt": "c", "out.txt": "not sent"} {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err = errors.Join(err, os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("c.txt", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var got []string
	c := builder.Context{Dir: dir, Exclude: []string{"out.txt"}}
	err := c.Read(t.Context(), func(path, link string, content io.Reader) error {
		text := "-"
		if content != nil {
			data, err := io.ReadAll(content)
			if err != nil {
				return err
			}
			text = string(data)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, path+" "+link+" "+text)
		return nil
	})
	slices.Sort(got)
	if diff := cmp.Diff([]string{"a  -", "a/b.txt  b", "c.txt  c", "link c.txt -"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Read(ctx, func(string, string, io.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
