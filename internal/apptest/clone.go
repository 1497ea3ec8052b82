package apptest

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// A Clone is a repository of which a test makes the history.
type Clone struct {
	t   *testing.T
	Dir string
	n   int
}

// NewClone is a repository without a commit, on the branch main.
func NewClone(t *testing.T) *Clone {
	t.Helper()
	c := &Clone{t: t, Dir: t.TempDir()}
	c.Git("init", "-q", "-b", "main")
	return c
}

// Git runs git, and returns what it prints.
func (c *Clone) Git(args ...string) string {
	c.t.Helper()
	c.n++ // commits have dates, one after the other
	date := fmt.Sprint(1700000000+c.n, " +0000")
	cmd := exec.Command("git", args...)
	cmd.Dir = c.Dir
	cmd.Env = append(cmd.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=protocol.file.allow",
		"GIT_CONFIG_VALUE_0=always", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date)
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// Commit records files, name and text in turn, and returns the commit.
func (c *Clone) Commit(files ...string) string {
	c.t.Helper()
	for i := 0; i < len(files); i += 2 {
		Write(c.t, c.Dir, files[i], files[i+1])
	}
	c.Git("add", "-A")
	c.Git("commit", "-q", "--allow-empty", "-m", "change")
	return c.Git("rev-parse", "HEAD")
}

// NodeApp is the package.json of an app for a version of Node.js.
func NodeApp(version string) string {
	return `{"scripts":{"start":"node ."},"engines":{"node":"` + version + `"}}`
}
