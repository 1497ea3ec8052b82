package test

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/option"
)

// declared are the inputs that the program reads.
func declared() []string {
	var names []string
	for _, field := range fields() {
		names = append(names, strings.ToLower(field.Tag.Get("env")))
	}
	slices.Sort(names)
	return names
}

// fields are the fields of the inputs.
func fields() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[ci.Inputs]()), func(f reflect.StructField) bool { return f.Tag.Get("env") == "" })
}

// aliases are the names by which other actions know inputs.
func aliases() []string {
	var names []string
	for _, o := range option.Inputs() {
		names = append(names, o.Names()[1:]...)
	}
	return names
}

func TestActionDeclaresTheInputsThatAreRead(t *testing.T) {
	var action struct {
		Inputs map[string]struct {
			Default     string
			Description string
		}
	}
	load(t, "../action.yml", &action)
	var names []string
	for name, input := range action.Inputs {
		names = append(names, name)
		if input.Description == "" {
			t.Errorf("action.yml: %s has no description", name)
		}
	}
	slices.Sort(names)
	want := slices.Sorted(slices.Values(append(declared(), aliases()...)))
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("action.yml (-read +declared):\n%s", diff)
	}
}

// kinds are the types of the component's inputs.
func kinds() map[string]string {
	all := map[string]string{}
	for _, field := range fields() {
		name := strings.ToLower(field.Tag.Get("env"))
		switch field.Type {
		case reflect.TypeFor[option.Bool]():
			all[name] = "boolean"
		case reflect.TypeFor[option.Lines](), reflect.TypeFor[option.Words]():
			all[name] = "array"
		default:
			all[name] = "string"
		}
	}
	return all
}

// handedOn checks that a component hands every input on to the program, and returns their names, less those of the job itself.
func handedOn(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile("../gitlab/templates/" + file)
	if err != nil {
		t.Fatal(err)
	}
	header, body, _ := strings.Cut(string(text), "\n---\n")
	var spec struct {
		Spec struct {
			Inputs map[string]struct {
				Type, Description string
				Options           []string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(header), &spec); err != nil {
		t.Fatal(err)
	}
	var jobs map[string]struct{ Variables map[string]string }
	if err := yaml.Unmarshal([]byte(body), &jobs); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	for _, job := range jobs {
		maps.Copy(variables, job.Variables)
	}
	var names []string
	for name, input := range spec.Spec.Inputs {
		if input.Description == "" {
			t.Errorf("%s: %s has no description", file, name)
		}
		if slices.Contains([]string{"stage", "job", "image"}, name) {
			continue
		}
		names = append(names, name)
		variable := "NPX_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if got := strings.TrimSpace(variables[variable]); got != "$[[ inputs."+name+" ]]" {
			t.Errorf("%s hands on %s as %s=%s", file, name, variable, got)
		}
		if input.Type != kinds()[name] {
			t.Errorf("%s: %s has the type %q, want %q", file, name, input.Type, kinds()[name])
		}
		// GitLab puts a value into the file as text: between quotes another quote would end it.
		if quoted := strings.Contains(body, variable+": \""); quoted != (input.Options != nil || input.Type == "boolean") {
			t.Errorf("%s: %s is between quotes: %t", file, variable, quoted)
		}
	}
	slices.Sort(names)
	return names
}

func TestComponentDeclaresTheInputsThatAreRead(t *testing.T) {
	secrets := []string{"password", "registry-auth", "secrets", "token"} // they come as CI/CD variables: component inputs cannot be masked
	want := slices.DeleteFunc(declared(), func(s string) bool { return slices.Contains(secrets, s) })
	if diff := cmp.Diff(want, handedOn(t, "npx.yml")); diff != "" {
		t.Errorf("npx.yml (-read +declared):\n%s", diff)
	}
}

func TestThePageOfInputsListsTheInputsThatAreRead(t *testing.T) {
	const page = ".github/docs/inputs.md"
	section := documentation(t)[page].Section("inputs")
	var names []string
	for line := range strings.Lines(section) {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "|"), "|"); ok && strings.HasPrefix(line, "| `") {
			for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(cell, -1) {
				names = append(names, m[1])
			}
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(declared(), names); diff != "" {
		t.Errorf("%s (-read +listed):\n%s", page, diff)
	}
}

func TestThePageOfInputsListsTheOutputs(t *testing.T) {
	const page = ".github/docs/inputs.md"
	var action struct{ Outputs map[string]any }
	load(t, "../action.yml", &action)
	var names []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| .+ \\|$").FindAllStringSubmatch(documentation(t)[page].Section("outputs"), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(action.Outputs)), names); diff != "" {
		t.Errorf("%s (-declared +listed):\n%s", page, diff)
	}
}

func load(t *testing.T, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// A GitLab job leaves its outputs to every later job as variables. One that is an input's, the platform's, a program's or a shell's would
// change what later jobs do.
func TestNoOutputIsAVariableThatAnotherJobReads(t *testing.T) {
	var action struct{ Outputs map[string]any }
	load(t, "../action.yml", &action)
	if len(action.Outputs) == 0 {
		t.Fatal("action.yml declares no outputs")
	}
	read := map[string]bool{}
	for _, input := range append(declared(), aliases()...) {
		read["NPX_"+strings.ToUpper(strings.ReplaceAll(input, "-", "_"))] = true
		read["INPUT_"+strings.ToUpper(input)] = true
	}
	others := []string{"NPX_", "INPUT_", "NIXPACKS_", "CI", "GITLAB_", "GITHUB_", "RUNNER_", "FF_", "GIT_", "DOCKER_", "BUILDKIT_", "BUILDX_", "KUBE", "CHAT_",
		"TRIGGER_", "ACTIONS_", "SSL_", "LD_", "HTTP", "NO_", "SOURCE_DATE_EPOCH", "PATH", "HOME", "TMPDIR", "XDG_"}
	for output := range action.Outputs {
		variable := ci.OutputVariable(output)
		isOthers := slices.ContainsFunc(others, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
		if read[variable] || isOthers {
			t.Errorf("the output %s is the variable %s, which others read", output, variable)
		}
	}
}
