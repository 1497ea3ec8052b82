package test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
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

// TestWhatIncludesAComponentGivesItInputsOfItsTypes is about README's pipelines and the child pipeline that discover writes.
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
	for _, text := range append(blocks(t, "# .gitlab-ci.yml"), stdout.String()) {
		var p struct {
			Include []struct {
				Component string
				Inputs    map[string]any
			}
			Jobs map[string]struct{ Variables map[string]any } `yaml:",inline"`
		}
		if err := yaml.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		for name, job := range p.Jobs {
			for variable := range job.Variables {
				overridden++
				if input := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, "NPX_"), "_", "-")); !slices.Contains(declared(), input) {
					t.Errorf("%s has the variable %s, which is no input's", name, variable)
				}
			}
		}
		for _, include := range p.Include {
			name, _, _ := strings.Cut(include.Component[strings.LastIndexByte(include.Component, '/')+1:], "@")
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
					t.Errorf("%s gets %s: %v, a %s, and wants a %q", name, key, value, got, want.Type)
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
