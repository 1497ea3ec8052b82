package test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/ci"
)

// secrets come to a GitLab job as CI/CD variables: component inputs cannot be masked.
var secrets = []string{"password", "secrets", "token"}

// declared are the inputs that the program reads.
func declared() []string {
	var names []string
	t := reflect.TypeFor[ci.Inputs]()
	for i := range t.NumField() {
		names = append(names, strings.ToLower(t.Field(i).Tag.Get("env")))
	}
	slices.Sort(names)
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
	if diff := cmp.Diff(declared(), names); diff != "" {
		t.Errorf("action.yml (-read +declared):\n%s", diff)
	}
}

func TestComponentDeclaresTheInputsThatAreRead(t *testing.T) {
	text, err := os.ReadFile("../gitlab/templates/npx.yml")
	if err != nil {
		t.Fatal(err)
	}
	header, job, _ := strings.Cut(string(text), "\n---\n")
	var spec struct {
		Spec struct {
			Inputs map[string]struct{ Description string }
		}
	}
	if err := yaml.Unmarshal([]byte(header), &spec); err != nil {
		t.Fatal(err)
	}
	own := []string{"stage", "job", "image"} // of the job, not of the program
	var names []string
	for name := range spec.Spec.Inputs {
		if slices.Contains(own, name) {
			continue
		}
		names = append(names, name)
		variable := "NPX_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if !strings.Contains(job, variable+`: "$[[ inputs.`+name+` ]]"`) {
			t.Errorf("the component does not hand on %s as %s", name, variable)
		}
	}
	slices.Sort(names)
	want := slices.DeleteFunc(declared(), func(s string) bool { return slices.Contains(secrets, s) })
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("npx.yml (-read +declared):\n%s", diff)
	}
}

func TestReadmeListsTheInputsThatAreRead(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Inputs\n")
	section, _, _ = strings.Cut(section, "\n## ")
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
		t.Errorf("README.md (-read +listed):\n%s", diff)
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
