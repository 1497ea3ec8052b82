package world

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runDirVariable makes the test binary make a run directory, print its path and remove it.
const runDirVariable = "NPX_WORLD_RUN_DIR"

func printRunDir() {
	d, err := newRunDir()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(d.path)
	if err := d.remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// asNobody is this test binary, run by a user without rights.
func asNobody(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := os.MkdirTemp("", "npx-nobody-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "test")
	if out, err := exec.CommandContext(t.Context(), "cp", os.Args[0], program).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "setpriv", append([]string{"--reuid=65534", "--regid=65534", "--clear-groups", program}, args...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	return cmd
}

func TestAMachineWithoutWorldsIsToldWhatItLacks(t *testing.T) {
	debian := func(string) (string, error) { return "/usr/bin/apt-get", nil }
	other := func(string) (string, error) { return "", exec.ErrNotFound }
	for want, got := range map[string]error{
		"need root":   lacks(1000, "amd64", debian),
		"need amd64":  lacks(0, "arm64", debian),
		"need Debian": lacks(0, "amd64", other),
	} {
		if got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, got)
		}
	}
	if err := lacks(0, "amd64", debian); err != nil {
		t.Error(err)
	}
}

// TestWithoutRootTheErrorNamesTheWayOut runs this test binary as a user without rights.
func TestWithoutRootTheErrorNamesTheWayOut(t *testing.T) {
	out, err := asNobody(t, "-test.run=^$").CombinedOutput()
	if e := (*exec.ExitError)(nil); !errors.As(err, &e) || !strings.Contains(string(out), "need root") || !strings.Contains(string(out), "make check") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestWorldsOfTwoUsersDoNotMeet makes a run directory beside the running one of another user, and beside what a killed one left.
func TestWorldsOfTwoUsersDoNotMeet(t *testing.T) {
	killed, err := os.MkdirTemp(runBase(), runDirPattern)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(killed) })
	if err := os.Chmod(killed, 0o755); err != nil { // readable for the other user, who so can lock it
		t.Fatal(err)
	}
	cmd := asNobody(t)
	cmd.Env = append(cmd.Env, runDirVariable+"=1")
	out, err := cmd.CombinedOutput()
	if path := strings.TrimSpace(string(out)); err != nil || filepath.Dir(path) != runBase() {
		t.Errorf("%v\n%s", err, out)
	}
	for _, dir := range []string{killed, shared.run.path} {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
}

// TestWithoutRootMakeNamesTheWayOut makes each target that needs a world as a user without rights: it ends before it has done anything.
func TestWithoutRootMakeNamesTheWayOut(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"demo", "test", "test-all", "corpus", "bench"} {
		cmd := exec.CommandContext(t.Context(), "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
			"make", "--no-print-directory", "-C", root, target)
		out, err := cmd.CombinedOutput()
		text := string(out)
		if err == nil || !strings.HasPrefix(text, "make "+target+" needs root") || !strings.Contains(text, "make check") || strings.Contains(text, "ok  ") {
			t.Errorf("make %s: %v\n%s", target, err, out)
		}
	}
}
