package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

func TestAJobReadsNoFileThatTheRepositoryLinksTo(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "package.json", `{"scripts":{"start":"node ."}}`)
	for link, target := range map[string]string{"ca.pem": "/dev/zero", "tok": "/etc/passwd"} {
		if err := os.Symlink(target, filepath.Join(checkout, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(checkout, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, inputs := range []string{"INPUT_CA-CERTIFICATES=ca.pem", "INPUT_CA-CERTIFICATES=pipe", "INPUT_SECRET-FILES=X=tok", "INPUT_SECRET-FILES=X=pipe", "INPUT_CONFIG=pipe"} {
		status, out, summary := planJobIn(t, checkout, inputs, "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main")
		if status != fault.Misuse || strings.Contains(out+summary, "root:") {
			t.Errorf("%s: status %d\n%s\n%s", inputs, status, out, summary)
		}
	}
}
