package plan_test

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestVars(t *testing.T) {
	vars := plan.Vars{"NIXPACKS_CMD": "a\nb\n", "CMD": "x", "NIXPACKS_ONE": "1", "NIXPACKS_TRUE": "true\n", "NIXPACKS_YES": "True", "NIXPACKS_EMPTY": ""}
	if s, ok := vars.Config("CMD"); s != "ab" || !ok {
		t.Errorf("Config(CMD) = %q, %v; want ab without its newlines", s, ok)
	}
	if s, ok := vars.Config("EMPTY"); s != "" || !ok {
		t.Errorf("Config(EMPTY) = %q, %v; want it to be declared", s, ok)
	}
	if s, ok := vars.Config("NONE"); s != "" || ok {
		t.Errorf("Config(NONE) = %q, %v; want it not to be declared", s, ok)
	}
	for name, want := range map[string]bool{"ONE": true, "TRUE": true, "YES": false, "EMPTY": false, "NONE": false} {
		if got := vars.Truthy(name); got != want {
			t.Errorf("Truthy(%s) = %v, want %v", name, got, want)
		}
	}
}

func TestSortedStopsEarly(t *testing.T) {
	var got string
	for name := range plan.Sorted(map[string]int{"b": 1, "a": 2, "C": 3, "d": 4}) {
		if name == "b" {
			break
		}
		got += name
	}
	if got != "Ca" {
		t.Errorf("Sorted gives %q before b, want Ca", got)
	}
}
