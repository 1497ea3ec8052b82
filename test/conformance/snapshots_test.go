package conformance

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/rogpeppe/go-internal/diff"
)

// How many snapshots of Nixpacks' own tests there are to compare with: one for each example that they do not pass
// over, and those of the tests with options of their own.
const wantSnapshots = 142

// What the snapshots hide of a plan.
const (
	hiddenImage   = "[build_image]"
	hiddenArchive = "[archive]"
)

// upstream returns the directory with Nixpacks' source, or "" after saying where to get it.
func upstream(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("NIXPACKS_DIR")
	if dir == "" {
		t.Log("not compared: set NIXPACKS_DIR to a checkout of github.com/railwayapp/nixpacks at v1.39.0, relative to the repository's root")
		return ""
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	return dir
}

// A snapshotTest is one plan of Nixpacks' own tests, by the name of its snapshot.
type snapshotTest struct {
	name, example string
	args          []string
}

func TestPlansEqualNixpacksOwnSnapshots(t *testing.T) {
	dir := upstream(t)
	if dir == "" {
		return
	}
	tests := exampleTests(t, dir)
	for _, rust := range planTests(t, dir) {
		if rust.snapshot {
			tests = append(tests, snapshotTest{rust.name, rust.example, rust.args})
		}
	}
	differ := map[string]bool{}
	for _, s := range tests {
		want := readSnapshot(t, filepath.Join(dir, "tests", "snapshots", "generate_plan_tests__"+s.name+".snap"))
		t.Run(s.name, func(t *testing.T) {
			got := planOf(t, filepath.Join(dir, "examples", s.example), s.args)
			text := string(diff.Diff("nixpacks", shown(t, want), "ours", shown(t, got)))
			if text == "" {
				return
			}
			differ[s.name] = true
			changed, expected := changedLines(text), expectedDifferences[s.name]
			if !slices.Equal(changed, expected.lines) {
				t.Errorf("the changed lines are\n\t%q\nand expected are\n\t%q\n%s", changed, expected.lines, text)
				return
			}
			t.Logf("differs as expected: %s\n%s", expected.why, strings.Join(changed, "\n"))
		})
	}
	for _, name := range slices.Sorted(maps.Keys(expectedDifferences)) {
		if !differ[name] {
			t.Errorf("%s differs no more (%s): take it out of the expected differences", name, expectedDifferences[name].why)
		}
	}
	t.Logf("compared %d snapshots; %d differ", len(tests), len(differ))
	if len(tests) != wantSnapshots {
		t.Errorf("there are %d snapshots, want %d", len(tests), wantSnapshots)
	}
}

func TestEveryExampleOfNixpacksHasAPlan(t *testing.T) {
	dir := upstream(t)
	if dir == "" {
		return
	}
	fails := []string{"ruby-no-version"} // as in Nixpacks: it names no version
	args := map[string][]string{}
	for _, s := range planTests(t, dir) {
		args[s.example] = s.args
	}
	names := examples(t, dir)
	for _, name := range names {
		if _, ok := args[name]; !ok {
			args[name] = exampleArgs(t, dir, name)
		}
		if _, err := tryPlan(t, filepath.Join(dir, "examples", name), args[name]); (err != nil) != slices.Contains(fails, name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	t.Logf("planned %d examples", len(names))
}

// examples are the names of all examples, in byte order.
func examples(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "examples"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// passedOver finds the list of the examples that the test generator leaves out.
var passedOver = regexp.MustCompile(`(?s)const IGNORE: .*?\[\n(.*?)\];`)

// exampleTests are the tests that Nixpacks generates: one for each example.
func exampleTests(t *testing.T, dir string) []snapshotTest {
	t.Helper()
	list := passedOver.FindStringSubmatch(readText(t, filepath.Join(dir, "test-helper", "src", "lib.rs")))
	if list == nil {
		t.Fatal("the test generator has no list of examples to pass over")
	}
	skip := rustStrings(list[1])
	var tests []snapshotTest
	for _, name := range examples(t, dir) {
		if !slices.Contains(skip, name) {
			tests = append(tests, snapshotTest{strings.ReplaceAll(name, "-", "_"), name, exampleArgs(t, dir, name)})
		}
	}
	return tests
}

// exampleArgs are the options by which Nixpacks' tests plan an example: its test.env says so.
func exampleArgs(t *testing.T, dir, example string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "examples", example, "test.env"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(name, "#") {
			values[name] = strings.Trim(value, `"'`)
		}
	}
	setup, start := map[string]any{}, map[string]any{}
	if pkgs, ok := values["CUSTOM_PKGS"]; ok {
		setup["nixPkgs"] = strings.Split(pkgs, ",")
	}
	if cmd, ok := values["CUSTOM_START_CMD"]; ok {
		start["cmd"] = cmd
	}
	layer, err := json.Marshal(map[string]any{"phases": map[string]any{"setup": setup}, "start": start}, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--json-plan", string(layer)}
	if envs, ok := values["ENVS"]; ok {
		for env := range strings.SplitSeq(envs, ", ") {
			args = append(args, "--env", env)
		}
	}
	return args
}

// readSnapshot returns the plan in a snapshot: what follows its header.
func readSnapshot(t *testing.T, name string) []byte {
	t.Helper()
	parts := strings.SplitN(readText(t, name), "---\n", 3)
	if len(parts) != 3 {
		t.Fatalf("%s has no header", name)
	}
	return []byte(parts[2])
}

// shown formats of a plan what snapshots show: with the name in each phase left out, the build image and the archives
// hidden, and the contents of static assets left out too.
func shown(t *testing.T, text []byte) []byte {
	t.Helper()
	var p map[string]any
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	if _, ok := p["buildImage"]; ok {
		p["buildImage"] = hiddenImage
	}
	phases, _ := p["phases"].(map[string]any)
	for name, v := range phases {
		phase := v.(map[string]any)
		if own, ok := phase["name"]; ok && own != name {
			t.Errorf("phase %s is named %v", name, own)
		}
		delete(phase, "name")
		if _, ok := phase["nixpkgsArchive"]; ok {
			phase["nixpkgsArchive"] = hiddenArchive
		}
	}
	assets, _ := p["staticAssets"].(map[string]any)
	for name := range assets {
		assets[name] = ""
	}
	out, err := json.Marshal(p, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// changedLines are those of a diff that begin with - or +, without blanks around their text.
func changedLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line[0] != '-' && line[0] != '+' || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "+++") {
			continue
		}
		lines = append(lines, fmt.Sprintf("%c %s", line[0], strings.TrimSpace(line[1:])))
	}
	return lines
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// copyOf is a copy of a directory with more files.
func copyOf(t *testing.T, dir fs.FS, files map[string]string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "app")
	if err := os.CopyFS(to, dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
