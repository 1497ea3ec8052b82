package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestOnlyThePhasesThatAskGetASecret(t *testing.T) {
	p := plan.Plan{
		Phases: map[string]plan.Phase{
			"setup":   {AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"a", "b"}, Secrets: []string{"Z", "A", "Z"}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{"c"}, Paths: []string{"/x"}},
			"after":   {DependsOn: []string{"build"}, Cmds: []string{"d"}, Secrets: []string{"A"}},
		},
		Start: &plan.Start{Cmd: new("e"), User: new("me")},
	}
	g := build(t, p, Options{CACertificates: true, Fingerprints: map[string]string{"install": "f1", "after": "f2", "build": "f3"}})
	got := map[string][]string{}
	for _, n := range g.Nodes {
		if run, ok := n.Op.(Run); ok {
			for _, s := range run.Secrets() {
				if s.Env != "" {
					got[run.Command] = append(got[run.Command], s.Env+"="+s.Ref())
				}
			}
		}
	}
	want := map[string][]string{"a": {"A=A.f1", "Z=Z.f1"}, "b": {"A=A.f1", "Z=Z.f1"}, "d": {"A=A.f2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var all []string
	for _, s := range g.Secrets() {
		all = append(all, s.Ref())
	}
	if diff := cmp.Diff([]string{"A.f1", "A.f2", "Z.f1", "ca-certificates", "ca-certificates-java"}, all); diff != "" {
		t.Errorf("of the graph (-want +got):\n%s", diff)
	}
}

func TestASecretIsNamedAsAVariable(t *testing.T) {
	for _, name := range []string{"", "A-B", "1A", "A B", "A\nB", "Ä", "A=B", "A,env=B"} {
		p := plan.Plan{BuildImage: new("base"), Phases: map[string]plan.Phase{"x": {Secrets: []string{"OK", name}}}}
		if _, err := New(p, Options{}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}
