package job

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/org/npx-action/internal/apptest"
)

// A link in place of a report is removed, and what it leads to stays.
func TestALinkInPlaceOfAReportIsRemoved(t *testing.T) {
	dir, checkout := t.TempDir(), t.TempDir()
	apptest.Write(t, dir, "victim", "untouched")
	if err := os.Symlink(dir, filepath.Join(checkout, "npx.env")); err != nil {
		t.Fatal(err)
	}
	if err := removeReports(checkout); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "victim")); err != nil || string(text) != "untouched" {
		t.Errorf("%q, %v", text, err)
	}
}
