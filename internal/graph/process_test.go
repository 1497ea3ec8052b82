package graph

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// valueOf is the value of a variable of an image.
func valueOf(g *Graph, name string) string {
	for i := g.Image; i >= 0; i = g.On(i) {
		if env, ok := g.Nodes[i].Op.(Env); ok {
			if at := slices.IndexFunc(env.Vars, func(v Var) bool { return v.Name == name }); at >= 0 {
				return env.Vars[at].Value
			}
		}
	}
	return ""
}

func TestProcessesAreProgramsInTheLastPlaceOfPath(t *testing.T) {
	p := unprivileged(plan.Unprivileged)
	p.Start.Processes = map[string]string{"worker": "node worker.js 'a b'", "clock": "while sleep 1; do date; done", "mail": "MODE=mail node worker.js"}
	g := build(t, p, Options{})
	for _, want := range []File{
		{".nixpacks/processes/clock", "#!/bin/sh\nexec '/bin/bash' '-c' 'while sleep 1; do date; done'\n"},
		{".nixpacks/processes/mail", "#!/bin/sh\nexec '/bin/bash' '-c' 'MODE=mail exec node worker.js'\n"},
		{".nixpacks/processes/worker", "#!/bin/sh\nexec 'node' 'worker.js' 'a b' \"$@\"\n"},
	} {
		if !slices.Contains(g.Files, want) {
			t.Errorf("no %+v in %+v", want, g.Files)
		}
	}
	add, ok := g.Nodes[g.Image].Op.(AddDiff)
	if !ok || g.Nodes[add.From].Name != "programs of processes" {
		t.Fatalf("the image ends with %+v", g.Nodes[g.Image])
	}
	run := g.Nodes[g.Nodes[add.From].Op.(RunOutput).Of].Op.(Run)
	if got := g.On(run.On); !strings.Contains(run.Command, "install -m 0755 /run/npx-action/scripts/* ") || g.Nodes[got].Op != (Branch{}) {
		t.Errorf("the step stands on %+v: %s", g.Nodes[got], run.Command)
	}
	if path := valueOf(g, "PATH"); !strings.HasSuffix(path, ":/opt/npx-action/bin") {
		t.Errorf("PATH is %s", path)
	}
	p.Start.Processes = nil
	if path := valueOf(build(t, p, Options{}), "PATH"); strings.Contains(path, processDir) {
		t.Errorf("without processes PATH is %s", path)
	}
}

func TestAProcessOnTheStaticBaseIsALink(t *testing.T) {
	p := static("./out serve")
	p.Start.Processes = map[string]string{"worker": "./bin/work it", "admin": "./bin/admin", "clock": "./bin/clock; true"}
	g := build(t, p, Options{})
	at := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == "make programs of processes" })
	if at < 0 {
		t.Fatalf("%+v", g.Nodes)
	}
	const link = "ln -s '/app/bin/admin' /run/npx-action/processes/opt/npx-action/bin/admin"
	if command := g.Nodes[at].Op.(Run).Command; !strings.Contains(command, link) || strings.Count(command, "ln -s") != 1 {
		t.Errorf("no %q alone in %s", link, command)
	}
	if path := valueOf(g, "PATH"); path != "/usr/bin:/bin:/opt/npx-action/bin" {
		t.Errorf("PATH is %s", path)
	}
	delete(p.Start.Processes, "admin")
	if g := build(t, p, Options{}); slices.ContainsFunc(g.Nodes, func(n Node) bool { return strings.Contains(n.Name, "processes") }) {
		t.Errorf("there is a step for nothing: %+v", g.Nodes)
	}
}

func TestAProcessHasTheNameOfAProgram(t *testing.T) {
	for name, cmd := range map[string]string{"": "x", "-x": "x", "a b": "x", "a/b": "x", "..": "x", "$x": "x", strings.Repeat("x", 64): "x", "x": " ", "y": "a\x00b"} {
		p := unprivileged(plan.Unprivileged)
		p.Start.Processes = map[string]string{name: cmd}
		if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), "start.processes") {
			t.Errorf("%q: %q: %v", name, cmd, err)
		}
	}
}

// TestAnInitStartsProcessesToo has a plan with an init, whose options depend on the command.
func TestAnInitStartsProcessesToo(t *testing.T) {
	b := &builder{plan: unprivileged(plan.Unprivileged), releases: []release{{init: true}}}
	b.releases[0].Name, b.releases[0].Paths = "tini", []string{"bin"}
	for cmd, want := range map[string]string{"node worker.js": `/bin/tini' '--' 'node' 'worker.js' "$@"`, "a | b": `/bin/tini' '--' '/bin/bash' '-c' 'trap `} {
		if got := b.processScript(cmd); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in %q", cmd, want, got)
		}
	}
}
