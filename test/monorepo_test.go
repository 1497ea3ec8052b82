package test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/cli"
	"github.com/org/npx-action/internal/discover"
)

// blocks are README's listings that begin with this line.
func blocks(t *testing.T, first string) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, part := range strings.Split(string(text), "```yaml\n")[1:] {
		if block, _, _ := strings.Cut(part, "```"); strings.HasPrefix(block, first+"\n") {
			list = append(list, block)
		}
	}
	return list
}

func TestReadmeHasTheWorkflowsThatInitWrites(t *testing.T) {
	dir := t.TempDir()
	for forge, file := range map[string]string{"github": "# .github/workflows/image.yml", "gitlab": "# .gitlab-ci.yml"} {
		listed := blocks(t, file)
		if len(listed) != 2 {
			t.Fatalf("README.md has %d listings of %s, want one for an app and one for a monorepo", len(listed), file)
		}
		if n := strings.Count(listed[0], "\n"); n < 10 || n > 15 {
			t.Errorf("%s has %d lines, want 10 to 15", file, n)
		}
		for i, apps := range [][]string{{"."}, {"a", "b"}} {
			root := filepath.Join(dir, forge, strconv.Itoa(i))
			for _, app := range apps {
				if err := os.MkdirAll(filepath.Join(root, app), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(root, app, "package.json"), []byte(`{"scripts":{"start":"node ."}}`), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var stdout, stderr bytes.Buffer
			process := cli.Process{Args: []string{"init", "--forge", forge}, Dir: root, Stdout: &stdout, Stderr: &stderr}
			if status := cli.Main(t.Context(), process); status != 0 {
				t.Fatalf("status %d: %s", status, &stderr)
			}
			if diff := cmp.Diff(listed[i], stdout.String()); diff != "" {
				t.Errorf("%s (-README.md +init):\n%s", file, diff)
			}
		}
	}
}

// TestTheMatrixOfReadmeFitsTheEntries compares the keys that the workflow takes from an entry with those that it has, and with the
// inputs of the action.
func TestTheMatrixOfReadmeFitsTheEntries(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	uses := regexp.MustCompile(`(?m)^ +([a-z-]+): \$\{\{ matrix\.([a-z-]+) \}\}$`).FindAllStringSubmatch(string(text), -1)
	inputs := declared()
	taken := []string{}
	for _, m := range uses {
		if !slices.Contains(inputs, m[1]) {
			t.Errorf("the action has no input %s", m[1])
		}
		taken = append(taken, m[2])
	}
	told := []string{"directory", "cache-key", "found", "cause"} // for other uses
	for f := range reflect.TypeFor[discover.Entry]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !slices.Contains(taken, key) && !slices.Contains(told, key) {
			t.Errorf("the workflow does not hand on %s", key)
		}
		taken = slices.DeleteFunc(taken, func(s string) bool { return s == key })
	}
	if len(uses) == 0 || len(taken) > 0 {
		t.Errorf("an entry has no keys %q", taken)
	}
}

func TestTheDiscoverComponentHandsOnItsInputs(t *testing.T) {
	for _, name := range handedOn(t, "discover.yml") {
		if !slices.Contains(declared(), name) {
			t.Errorf("discover.yml: %s is no input of the program", name)
		}
	}
}
