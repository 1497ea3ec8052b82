package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

func TestARevisionThatCanBeNoneIsWrongUsage(t *testing.T) {
	c := apptest.NewClone(t)
	c.Commit("app/go.mod", "module a\n\ngo 1.23\n")
	dir := filepath.Join(c.Dir, "app")
	for _, base := range []string{"HEAD:file", "HEAD:", "a..b", "HEAD@{1}", "nowhere"} {
		var stdout, stderr bytes.Buffer
		status := Main(t.Context(), Process{Args: []string{"comment", dir, "--base", base}, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
		if status != fault.Misuse || stdout.Len() > 0 || !strings.Contains(stderr.String(), base) {
			t.Errorf("%s: status %d\n%s\n%s", base, status, &stdout, &stderr)
		}
	}
}
