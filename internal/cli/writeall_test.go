package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
)

func TestAFullDiskLeavesNothingHalfWritten(t *testing.T) {
	dir := t.TempDir()
	apptest.Write(t, dir, ".nixpacks/Dockerfile", "old")
	apptest.Write(t, dir, ".nixpacks/own", "own")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	files := []build.File{{Path: ".nixpacks/Dockerfile", Content: "new"}, {Path: ".nixpacks/assets/a", Content: "a"}, {Path: ".nixpacks/build.sh", Content: "b"}}
	left := func() string {
		var all []string
		err := filepath.WalkDir(dir, func(place string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(place)
			all = append(all, strings.TrimPrefix(place, dir+"/.nixpacks/")+"="+string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, " ")
	}
	for full := range len(files) {
		n := 0
		err := writeAll(root, files, func(name string, data []byte, perm fs.FileMode) error {
			if n++; n > full {
				_ = root.WriteFile(name, data[:0], perm)
				return syscall.ENOSPC
			}
			return root.WriteFile(name, data, perm)
		})
		if got := left(); err == nil || got != "Dockerfile=old own=own" {
			t.Errorf("after %d files: %v, %s", full, err, got)
		}
	}
	if err := writeAll(root, files, root.WriteFile); err != nil {
		t.Fatal(err)
	}
	if got := left(); got != "Dockerfile=new assets/a=a build.sh=b own=own" {
		t.Errorf("got %s", got)
	}
}

func TestAFileIsReplacedWhole(t *testing.T) {
	dir := t.TempDir()
	apptest.Write(t, dir, "report", "old")
	if err := replaceFile(filepath.Join(dir, "report"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "report")); string(text) != "new" {
		t.Errorf("got %q", text)
	}
	if err := replaceFile("/dev/null", []byte("x")); err != nil {
		t.Error(err)
	}
	if err := replaceFile("/dev/full", []byte("x")); err == nil {
		t.Error("a full disk is no error")
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
