package graph

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// A slim image has the Debian packages that run, and the build image has all.
func TestASlimImageLeavesOutDebianPackagesThatBuild(t *testing.T) {
	p := plan.Pin(plan.Plan{
		Phases: map[string]plan.Phase{"setup": {AptPkgs: []string{"libpq-dev", "libpq5"}}},
		Start:  &plan.Start{Cmd: new("run"), Runtime: new(plan.Slim), WithoutPkgs: []string{"libpq-dev"}},
	}, false)
	g, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lists []string
	for _, n := range g.Nodes {
		if strings.HasPrefix(n.Name, "install libpq") {
			lists = append(lists, n.Name)
		}
	}
	if got, want := strings.Join(lists, ", "), "install libpq-dev libpq5, install libpq5"; got != want {
		t.Errorf("installs %q, want %q", got, want)
	}
}
