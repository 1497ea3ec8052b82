package test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheFirstBuildsExist holds the Makefile's names of the real builds of `make test` against package e2e.
func TestTheFirstBuildsExist(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	first := regexp.MustCompile(`(?m)^FIRST = \^Test\((.*)\)\$\$$`).FindSubmatch(makefile)
	if first == nil {
		t.Fatal("the Makefile has no FIRST")
	}
	files, err := filepath.Glob("e2e/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for name := range strings.SplitSeq(string(first[1]), "|") {
		if !regexp.MustCompile(`(?m)^func Test` + name + `\(t `).MatchString(code.String()) {
			t.Errorf("package e2e has no test %s", name)
		}
	}
}

const partsMakefile = `
good:
	@printf 'a lot of output\nok  \tgood\t1s\n'
bad:
	@printf -- '--- FAIL: TestBad (0.1s)\nFAIL\tbad\t1s\n'; exit 1
`

// TestThePartsOfCIAreTimedAndAllRun has a part that fails before one that does not.
func TestThePartsOfCIAreTimedAndAllRun(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte(partsMakefile), 0o644); err != nil {
		t.Fatal(err)
	}
	program, err := filepath.Abs("../.ci/parts")
	if err != nil {
		t.Fatal(err)
	}
	run := func(parts ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), program, parts...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run("bad", "good")
	if e := (*exec.ExitError)(nil); !errors.As(err, &e) || e.ExitCode() != 1 {
		t.Errorf("a part fails: %v", err)
	}
	_, summary, _ := strings.Cut(out, "=== what go test said\n")
	for _, want := range []string{`(?m)^make bad:\n--- FAIL: TestBad \(0\.1s\)\nFAIL\tbad\t1s$`, `(?m)^make good:\nok  \tgood\t1s$`,
		`(?m)^bad +0 min \d\d s  FAILED$`, `(?m)^good +0 min \d\d s  ok$`} {
		if !regexp.MustCompile(want).MatchString(summary) {
			t.Errorf("%s is missing in:\n%s", want, out)
		}
	}
	if strings.Contains(summary, "a lot of output") {
		t.Errorf("the summary has all output:\n%s", summary)
	}
	if out, err := run("good"); err != nil {
		t.Errorf("no part fails: %v\n%s", err, out)
	}
}
