package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestTheInventoryStandsOnThePackagesAlone(t *testing.T) {
	for name, runtime := range map[string]string{"full": plan.Full, "slim": plan.Slim} {
		of := func(command string) *Graph {
			p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Cmd: new("run"), Runtime: &runtime}, Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{"hello"}, NixpkgsArchive: new("a")}, "build": {Cmds: []string{command}},
			}}
			g, err := New(p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		g := of("one")
		before := len(g.Nodes)
		with, at, ok := g.Inventory()
		if !ok || !with.IsApart(at) || len(g.Nodes) != before {
			t.Fatalf("%s: %v, %d", name, ok, at)
		}
		// Another command is below none of its nodes.
		other, otherAt, _ := of("two").Inventory()
		if diff := cmp.Diff(below(with, at), below(other, otherAt)); diff != "" {
			t.Errorf("%s (-one +two):\n%s", name, diff)
		}
	}
	g, err := New(plan.Plan{BuildImage: new("base:1"), Start: &plan.Start{Cmd: new("run")}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := g.Inventory(); ok {
		t.Error("without Nix there is an inventory")
	}
}

// below are the names of the nodes that an output stands on.
func below(g *Graph, at int) []string {
	var names []string
	for i := g.Nodes[at].Op.(RunOutput).Of; i >= 0; i = g.On(i) {
		names = append(names, g.Nodes[i].Name)
	}
	return names
}
