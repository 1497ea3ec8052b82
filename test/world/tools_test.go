package world

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The directory of a tool lies beside what it was made of, such as the devices of a Debian system.
func TestAnArchiveHasTheToolAlone(t *testing.T) {
	var sums []string
	for _, when := range []time.Time{time.Unix(1, 0), time.Unix(1e9, 0)} {
		root := t.TempDir()
		write := func(name string, mode os.FileMode) error {
			path := filepath.Join(root, name)
			return errors.Join(os.WriteFile(path, []byte(name), mode), os.Chmod(path, mode), os.Chtimes(path, when, when))
		}
		if err := errors.Join(os.MkdirAll(filepath.Join(root, "tool", "bin"), 0o700), write("beside.tgz", 0o644), write("tool/bin/run", 0o700),
			write("tool/read", 0o600), os.Symlink("run", filepath.Join(root, "tool", "bin", "again"))); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(root, toolFile)
		sum, err := pack(root, "tool", file)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var names []string
		for r := tar.NewReader(f); ; {
			h, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, h.FileInfo().Mode().String()+" "+h.Name)
		}
		want := []string{"drwxr-xr-x tool/", "drwxr-xr-x tool/bin/", "Lrwxr-xr-x tool/bin/again", "-rwxr-xr-x tool/bin/run", "-rw-r--r-- tool/read"}
		if !slices.Equal(names, want) {
			t.Errorf("got %q, want %q", names, want)
		}
	}
	if sums[0] != sums[1] {
		t.Errorf("equal files give %s and %s", sums[0], sums[1])
	}
}
