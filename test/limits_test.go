package test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/cli"
)

// patience is far more than planning takes on a busy machine, and far less than reading on without a limit.
const patience = 30 * time.Second

func TestTooManyFilesAreRefusedUnlessIgnored(t *testing.T) {
	t.Parallel() // it waits for the disk
	dir := t.TempDir()
	write(t, filepath.Join(dir, "package.json"), `{"scripts": {"start": "node ."}, "engines": {"node": "22"}}`)
	fill(t, filepath.Join(dir, "output"), 300_000)

	status, _, stderr := limited(t, "plan", dir)
	if status != 1 || !strings.Contains(stderr, "more than 250000 files") || !strings.Contains(stderr, "hint: list build output and dependencies in .gitignore\n") {
		t.Errorf("planning ends with %d and %q", status, stderr)
	}

	write(t, filepath.Join(dir, ".gitignore"), "/output\n")
	status, stdout, stderr := limited(t, "plan", dir, "--format", "text")
	if status != 0 || !strings.Contains(stdout, "start: cmd node .\n") || stderr != "" {
		t.Errorf("planning without the ignored files ends with %d, %q and %q", status, stdout, stderr)
	}
}

func TestLargeManifestIsNotReadIntoMemory(t *testing.T) {
	dir := t.TempDir()
	manifest := filepath.Join(dir, "package.json")
	write(t, manifest, "")
	if err := os.Truncate(manifest, 3<<30); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	status, _, stderr := limited(t, "plan", dir)
	runtime.ReadMemStats(&after)
	if status != 1 || !strings.Contains(stderr, "3 GiB is over the limit of 16 MiB") {
		t.Errorf("planning ends with %d and %q", status, stderr)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("planning took %d bytes of memory", used)
	}
}

func TestAWorkspaceMayHave300Members(t *testing.T) {
	const members = 300
	dir := t.TempDir()
	write(t, filepath.Join(dir, "package.json"), `{"private": true, "workspaces": ["apps/*"]}`)
	for i := range members {
		app := filepath.Join(dir, "apps", fmt.Sprintf("a%d", i))
		if err := os.MkdirAll(app, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(app, "package.json"), fmt.Sprintf(`{"name": "a%d", "private": true, "scripts": {"start": "node ."}, "dependencies": {"a%d": "*"}}`, i, max(i-1, 0)))
	}
	status, stdout, stderr := limited(t, "discover", dir)
	if found := strings.Count(stdout, "has the script start"); status != 0 || found != members || stderr != "" {
		t.Errorf("discover ends with %d, %d apps and %q", status, found, stderr)
	}
	status, _, stderr = limited(t, "plan", dir)
	if status != 0 || !strings.Contains(stderr, "nothing is started") || !strings.Contains(stderr, "hint: there are 300 apps, ") {
		t.Errorf("planning the root ends with %d and %q", status, stderr)
	}
	status, stdout, stderr = limited(t, "plan", filepath.Join(dir, "apps", "a299"), "--format", "text")
	if status != 0 || !strings.Contains(stdout, "start: cmd node .\n") {
		t.Errorf("planning a member ends with %d, %q and %q", status, stdout, stderr)
	}
}

// limited runs the program and returns its status and output. It takes no longer than [patience].
func limited(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	start := time.Now()
	status = cli.Main(t.Context(), cli.Process{Args: args, Stdout: &out, Stderr: &err})
	if took := time.Since(start); took > patience {
		t.Errorf("%q takes %s", args, took)
	}
	return status, out.String(), err.String()
}

// fill puts empty files into a directory. Links make that fast; a file may have some ten thousand.
func fill(t *testing.T, dir string, files int) {
	t.Helper()
	const each = 10_000
	for i := range files {
		part := filepath.Join(dir, fmt.Sprint(i/each))
		first := filepath.Join(part, "0.js")
		if i%each == 0 {
			if err := os.MkdirAll(part, 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, first, "")
			continue
		}
		if err := os.Link(first, filepath.Join(part, fmt.Sprintf("%d.js", i%each))); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
