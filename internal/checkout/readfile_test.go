package checkout

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/org/npx-action/internal/apptest"
)

func TestAnInputNamesARegularFileOfTheCheckout(t *testing.T) {
	dir := t.TempDir()
	checkout := filepath.Join(dir, "checkout")
	apptest.Write(t, dir, "outside", "outside")
	apptest.Write(t, checkout, "inside", "inside")
	apptest.Write(t, checkout, "large", strings.Repeat("x", 2000))
	for link, target := range map[string]string{"link": "inside", "zero": "/dev/zero", "leads-out": "../outside", "absolute": filepath.Join(dir, "outside")} {
		if err := os.Symlink(target, filepath.Join(checkout, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(checkout, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(checkout, filepath.Join(dir, "alias")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, want, fail string }{
		{"inside", "inside", ""},
		{"./inside", "inside", ""},
		{"link", "inside", ""},
		{checkout + "/inside", "inside", ""},
		{dir + "/alias/inside", "inside", ""},
		{dir + "/outside", "outside", ""}, // whom only the workflow's author can name
		{"../outside", "", "escapes"},
		{"leads-out", "", "escapes"},
		{"absolute", "", "escapes"},
		{checkout + "/leads-out", "", "escapes"},
		{dir + "/alias/leads-out", "", "escapes"},
		{"zero", "", "escapes"},
		{"/dev/zero", "", "not a regular file"},
		{"pipe", "", "not a regular file"},
		{checkout + "/pipe", "", "not a regular file"},
		{"large", "", "it is larger than 1 kB"},
		{".", "", "is a directory"},
		{"missing", "", "no such file"},
	} {
		for _, top := range []string{checkout, filepath.Join(dir, "alias")} {
			got, err := ReadFile(top, tt.name, 1024)
			if string(got) != tt.want || (err == nil) != (tt.fail == "") || err != nil && !strings.Contains(err.Error(), tt.fail) {
				t.Errorf("%s in %s: got %q, %v", tt.name, top, got, err)
			}
		}
	}
}
