package test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/cli"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
	"github.com/org/npx-action/test/manual"
)

// blocks are the listings of all pages that say of themselves that they are this file. The README's come first.
func blocks(t *testing.T, file string) []string {
	t.Helper()
	var list []string
	pages := documentation(t)
	for _, name := range append([]string{"README.md"}, slices.Sorted(maps.Keys(pages))...) {
		for _, listing := range pages[name].Listings("yaml") {
			if listing.File() == file && !slices.Contains(list, listing.Text) {
				list = append(list, listing.Text)
			}
		}
	}
	return list
}

func TestThePagesHaveTheWorkflowsThatInitWrites(t *testing.T) {
	dir := t.TempDir()
	for forge, file := range map[string]string{"github": ".github/workflows/image.yml", "gitlab": ".gitlab-ci.yml"} {
		listed := blocks(t, file)
		if len(listed) != 2 {
			t.Fatalf("the pages have %d listings of %s, want one for an app and one for a monorepo", len(listed), file)
		}
		if n := strings.Count(listed[0], "\n"); n < 10 || n > 16 {
			t.Errorf("%s has %d lines, want 10 to 16", file, n)
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
				t.Errorf("%s (-page +init):\n%s", file, diff)
			}
		}
	}
}

// TestTheMatrixOfTheMonorepoFitsTheEntries compares the keys that the workflow takes from an entry with those that it has, and with the
// inputs of the action.
func TestTheMatrixOfTheMonorepoFitsTheEntries(t *testing.T) {
	text := blocks(t, ".github/workflows/image.yml")[1]
	uses := regexp.MustCompile(`(?m)^ +([a-z-]+): \$\{\{ matrix\.([a-z-]+) \}\}$`).FindAllStringSubmatch(text, -1)
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

// TestWhatIncludesAComponentGivesItInputsOfItsTypes is about the pipelines of the documentation and the child pipeline that discover writes.
func TestWhatIncludesAComponentGivesItInputsOfItsTypes(t *testing.T) {
	dir := t.TempDir()
	config := "[apps.a]\ndirectory = '.'\nvariables = { A = '$B', C = 'd' }\npkgs = ['x', 'y']\nbuildCmd = 'make $X'\nstartCmd = './a'\nconfig = 'n.toml'\n"
	if err := os.WriteFile(filepath.Join(dir, "nixpacks.toml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	args := []string{"discover", "--format", "gitlab", "--image", "r.example/a", "--image", "r.example/b"}
	if status := cli.Main(t.Context(), cli.Process{Args: args, Dir: dir, Stdout: &stdout, Stderr: &stdout}); status != 0 {
		t.Fatalf("status %d: %s", status, &stdout)
	}
	given, overridden := 0, 0
	for _, listing := range append(pipelines(t), manual.Listing{Page: "what discover writes", Text: stdout.String()}) {
		var p struct {
			Include []struct {
				Component, Remote string
				Inputs            map[string]any
			}
			Jobs map[string]struct{ Variables map[string]any } `yaml:",inline"`
		}
		if err := yaml.Unmarshal([]byte(listing.Text), &p); err != nil {
			t.Fatalf("%s:%d: %v", listing.Page, listing.Line, err)
		}
		for name, job := range p.Jobs {
			for variable := range job.Variables {
				if listing.Line > 0 && !strings.HasPrefix(variable, "NPX_") {
					continue // a page may have others, such as DOCKER_HOST
				}
				overridden++
				if input := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, "NPX_"), "_", "-")); !slices.Contains(declared(), input) {
					t.Errorf("%s has the variable %s, which is no input's", name, variable)
				}
			}
		}
		for _, include := range p.Include {
			name, _, _ := strings.Cut(path.Base(include.Component), "@")
			if include.Remote != "" {
				name = strings.TrimSuffix(path.Base(include.Remote), ".yml")
			}
			file, err := os.ReadFile("../gitlab/templates/" + name + ".yml")
			if err != nil {
				t.Fatal(err)
			}
			header, _, _ := strings.Cut(string(file), "\n---\n")
			var spec struct {
				Spec struct {
					Inputs map[string]struct{ Type string }
				}
			}
			if err := yaml.Unmarshal([]byte(header), &spec); err != nil {
				t.Fatal(err)
			}
			for key, value := range include.Inputs {
				given++
				want, known := spec.Spec.Inputs[key]
				got := map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean", reflect.Slice: "array"}[reflect.ValueOf(value).Kind()]
				if !known || got != want.Type {
					t.Errorf("%s:%d: %s gets %s: %v, a %s, and wants a %q", listing.Page, listing.Line, name, key, value, got, want.Type)
				}
			}
		}
	}
	if given < 6 || overridden < 7 {
		t.Errorf("only %d inputs and %d variables were given:\n%s", given, overridden, &stdout)
	}
}

// TestDiscoverRunsWhatThePlanInstalls compares, for all ways to choose a package manager, the one that discover has an app started by
// with the one that the app's plan installs.
func TestDiscoverRunsWhatThePlanInstalls(t *testing.T) {
	locks := []string{"", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"}
	for _, edition := range rules.Editions() {
		for _, named := range append(providers.NodeManagers(), "") {
			for _, lock := range locks {
				repository := &txtar.Archive{Files: []txtar.File{
					{Name: "package.json", Data: []byte("{}")},
					{Name: "pnpm-workspace.yaml", Data: []byte("packages: [app]\n")},
					{Name: "app/package.json", Data: []byte(`{"name": "app", "scripts": {"start": "node ."}}`)},
				}}
				if named != "" {
					repository.Files[0].Data = []byte(`{"packageManager": "` + named + `@1.0.0"}`)
				}
				if lock != "" {
					repository.Files = append(repository.Files, txtar.File{Name: lock, Data: []byte("{}")})
				}
				dir := filepath.Join(t.TempDir(), "shop")
				unpack(t, repository, dir, 0o755, 0o644)
				installed, started := nodeManagers(t, dir, string(edition))
				if started != installed {
					t.Errorf("edition %s, packageManager %q, lockfile %q: the plan installs %s, and the app is started by %s",
						edition, named, lock, installed, started)
				}
			}
		}
	}
}

// fromNPM is the command that installs a package manager from npm, with its name.
var fromNPM = regexp.MustCompile(`^(?:cd /tmp && npm pack --silent|npm install -g --prefix /usr) (@?[a-z/-]+)@`)

// nodeManagers are the package manager that the plan of a directory installs, and the one that discover has its only app started by.
func nodeManagers(t *testing.T, dir, edition string) (installed, started string) {
	t.Helper()
	in, err := cli.Input(cli.Process{Args: []string{".", "--edition", edition}, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	result, err := planner.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	installed = "npm" // that comes with Node
	if pkgs := result.Plan.Phases["setup"].NixPkgs; len(pkgs) > 0 {
		installed, _, _ = strings.Cut(pkgs[len(pkgs)-1], "-")
	}
	if m := fromNPM.FindStringSubmatch(result.Plan.Phases["install"].Cmds[0]); m != nil {
		installed = map[string]string{"@yarnpkg/cli-dist": "yarn"}[m[1]]
		if installed == "" {
			installed = m[1]
		}
	}
	var stdout bytes.Buffer
	process := cli.Process{Args: []string{"discover", ".", "--format", "json", "--edition", edition}, Dir: dir, Stdout: &stdout, Stderr: io.Discard}
	if status := cli.Main(t.Context(), process); status != 0 {
		t.Fatalf("discover ends with %d", status)
	}
	var apps []struct {
		Start string `json:"start-cmd"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &apps); err != nil || len(apps) != 1 {
		t.Fatalf("discover prints %s: %v", &stdout, err)
	}
	started, _, _ = strings.Cut(apps[0].Start, " ")
	return installed, started
}
