package graph

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

// withRuntime is a slim image of two phases: one makes a runtime of the packages alone, and the other builds the app.
func withRuntime() plan.Plan {
	return plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Cmd: new("run"), Runtime: new(plan.Slim)}, Phases: map[string]plan.Phase{
		"setup":   {AptPkgs: []string{"jdk"}},
		"runtime": {DependsOn: []string{"setup"}, Cmds: []string{"link"}, OnlyIncludeFiles: []string{}, Paths: []string{"/opt/x/bin"}, Layers: []string{"/opt/x"}},
		"build":   {DependsOn: []string{"setup"}, Cmds: []string{"make"}},
	}}
}

// on lists the names of the nodes that the node of a name stands on, itself first.
func on(g *Graph, name string) []string {
	return from(g, slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == name }))
}

// from is [on] by the index of the node.
func from(g *Graph, i int) (names []string) {
	for ; i >= 0; i = g.On(i) {
		names = append(names, g.Nodes[i].Name)
	}
	return names
}

func TestAPhaseThatSeesNoFileRunsBesideTheOthers(t *testing.T) {
	p := withRuntime()
	g := build(t, p, Options{})
	if names := on(g, "make"); slices.Contains(names, "link") {
		t.Errorf("the build stands on %v", names)
	}
	if names := on(g, "link"); slices.Contains(names, "make") || slices.Contains(names, "copy the app") || !slices.Contains(names, "install jdk") {
		t.Errorf("the phase stands on %v", names)
	}
	if full := from(g, g.AfterPhases); full[0] != "set "+pathVariable || !slices.Contains(full, "make") || !slices.Contains(full, "add what phase runtime wrote") {
		t.Errorf("all phases together are %v", full)
	}
	p.Phases["build"] = plan.Phase{DependsOn: []string{"setup"}, Cmds: []string{"make"}, Layers: []string{"lib"}}
	if layers := from(build(t, p, Options{}), build(t, p, Options{}).Image); slices.Contains(layers, "add what the phases wrote") {
		t.Errorf("what the last phase leaves is added twice: %v", layers)
	}
	if !slices.Contains(from(g, g.Image), "add what phase runtime wrote") {
		t.Errorf("the image is without what the phase made: %v", from(g, g.Image))
	}
}

func TestAPhaseStandsAsideOnlyWhereNothingNeedsIt(t *testing.T) {
	for name, change := range map[string]func(p *plan.Plan, ph *plan.Phase){
		"a full image":           func(p *plan.Plan, _ *plan.Phase) { p.Start.Runtime = new(plan.Full) },
		"it sees the app":        func(_ *plan.Plan, ph *plan.Phase) { ph.OnlyIncludeFiles = nil },
		"it sees a file":         func(_ *plan.Plan, ph *plan.Phase) { ph.OnlyIncludeFiles = []string{"a"} },
		"it does not say what":   func(_ *plan.Plan, ph *plan.Phase) { ph.Layers = nil },
		"it stands on a command": func(_ *plan.Plan, ph *plan.Phase) { ph.DependsOn = []string{"build"} },
		"a phase depends on it": func(p *plan.Plan, _ *plan.Phase) {
			p.Phases["build"] = plan.Phase{DependsOn: []string{"runtime"}, Cmds: []string{"make"}}
		},
	} {
		p := withRuntime()
		ph := p.Phases["runtime"]
		change(&p, &ph)
		p.Phases["runtime"] = ph
		g := build(t, p, Options{})
		if first, second := on(g, "make"), on(g, "link"); !slices.Contains(first, "link") && !slices.Contains(second, "make") {
			t.Errorf("%s: the phases stand beside each other", name)
		}
	}
}

func TestADirectoryOfAPhaseHasALayerOfItsOwn(t *testing.T) {
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Runtime: new(plan.Slim)}, Phases: map[string]plan.Phase{
		"build": {Cmds: []string{"make"}, Layers: []string{"target/lib", "/srv/models/"}},
	}}
	var got []Node
	for _, n := range build(t, p, Options{}).Nodes {
		switch op := n.Op.(type) {
		case Branch, AddDiff:
			got = append(got, n)
		case Copy:
			if op.From == Stage && op.Paths[0].From != certificatesDir && n.Name != "copy the login profile" {
				got = append(got, n)
			}
		}
	}
	want := []Node{
		{"beside make", Start, "", Branch{2}},
		{"beside from " + plan.UbuntuImage, Start, "", Branch{0}},
		{"add /app/target/lib of phase build", Start, "", Copy{On: 8, From: Stage, Stage: 3, Paths: []Path{{"/app/target/lib", "/app/target/lib"}}, Apart: true}},
		{"add /srv/models of phase build", Start, "", Copy{On: 9, From: Stage, Stage: 3, Paths: []Path{{"/srv/models", "/srv/models"}}, Apart: true}},
		{"add what phase build leaves", Start, "", AddDiff{On: 10, From: 3, Since: 0, Flat: true, Without: []string{"/app/target/lib", "/srv/models"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}
	for _, dir := range []string{"", ".", "/", "/app", "../x", "a*", "a b"} {
		p.Phases["build"] = plan.Phase{Cmds: []string{"make"}, Layers: []string{dir}}
		if _, err := New(p, Options{}); err == nil {
			t.Errorf("%q is taken", dir)
		}
	}
}
