package graph

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func static(cmd string) plan.Plan {
	p := unprivileged(plan.Unprivileged)
	p.Phases["setup"] = plan.Phase{NixPkgs: []string{"go"}, NixpkgsArchive: new("aa")}
	p.Start.Cmd, p.Start.Base, p.Start.WithoutPkgs = &cmd, new(plan.StaticBase), []string{"go"}
	return p
}

func TestAStaticImageStandsOnNoDistribution(t *testing.T) {
	g := build(t, static("./out serve"), Options{})
	if slices.Contains(g.Images(), "ubuntu:noble") {
		t.Errorf("the image starts from %v", g.Images())
	}
	if base, ok := g.Nodes[g.StageOf(g.Image)].Op.(Image); !ok || base.Ref != Scratch {
		t.Errorf("the stage begins with %+v", g.Nodes[g.StageOf(g.Image)])
	}
	if got := strings.Join(g.Config.Cmd, " "); got != "./out serve" || g.Config.User != plan.Unprivileged {
		t.Errorf("%+v", g.Config)
	}
	for i := g.Image; i >= 0; i = g.On(i) {
		if run, ok := g.Nodes[i].Op.(Run); ok {
			t.Errorf("a step runs in a file system without a shell: %s", run.Command)
		}
	}
	at := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == "make the static base" })
	if run := g.Nodes[at].Op.(Run); g.StageOf(at) != 0 || !strings.Contains(run.Command, "app:x:65532:65532::/home/app:/sbin/nologin") {
		t.Errorf("%+v", run)
	}
}

func TestAStaticImageIsOneProgram(t *testing.T) {
	for cmd, want := range map[string]string{"./out && true": "a shell would run", "./out --port $PORT": "a shell would run"} {
		if _, err := New(static(cmd), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", cmd, err)
		}
	}
	p := static("./out")
	p.Start.WithoutPkgs = nil
	if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), "the package go is of no use there") {
		t.Errorf("%v", err)
	}
	p.Start.Base = new("alpine")
	if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), `"alpine" is not known`) {
		t.Errorf("%v", err)
	}
}
