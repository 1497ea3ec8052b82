package test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/discover"
)

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
	text, err := os.ReadFile("../gitlab/templates/discover.yml")
	if err != nil {
		t.Fatal(err)
	}
	header, jobs, _ := strings.Cut(string(text), "\n---\n")
	var spec struct {
		Spec struct {
			Inputs map[string]struct{ Description string }
		}
	}
	if err := yaml.Unmarshal([]byte(header), &spec); err != nil {
		t.Fatal(err)
	}
	for name, input := range spec.Spec.Inputs {
		variable := "NPX_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")) + `: "$[[ inputs.` + name + ` ]]"`
		own := slices.Contains([]string{"stage", "job", "image"}, name)
		if input.Description == "" || strings.Contains(jobs, variable) == own || !own && !slices.Contains(declared(), name) {
			t.Errorf("discover.yml: %s is not described, not handed on, or no input of the program", name)
		}
	}
	if err := yaml.Unmarshal([]byte(jobs), new(map[string]any)); err != nil {
		t.Error(err)
	}
}
