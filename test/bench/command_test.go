package bench

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// git runs Git without the configuration of the machine, and returns what it prints.
func git(tb testing.TB, dir string, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=bench", "GIT_AUTHOR_EMAIL=bench@example.com", "GIT_COMMITTER_NAME=bench", "GIT_COMMITTER_EMAIL=bench@example.com")
	return run(tb, cmd).Stdout
}

// run runs a command that must succeed.
func run(tb testing.TB, cmd *exec.Cmd) world.Run {
	tb.Helper()
	r, err := world.Finish(cmd)
	if err != nil || r.Status != 0 {
		tb.Fatalf("%s: %v, status %d\n%s\n%s", strings.Join(cmd.Args, " "), err, r.Status, r.Stdout, r.Stderr)
	}
	return r
}
