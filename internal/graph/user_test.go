package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// unprivileged is a slim image of an app whose build needs no more than one file, for a user.
func unprivileged(user string, writable ...string) plan.Plan {
	return plan.Plan{
		BuildImage: new(plan.UbuntuImage), Variables: map[string]string{"PORT": "8080"},
		Phases: map[string]plan.Phase{"build": {Cmds: []string{"make"}, OnlyIncludeFiles: []string{"Makefile"}}},
		Start:  &plan.Start{Cmd: new("serve"), Runtime: new(plan.Slim), User: new(user), Writable: writable},
	}
}

func TestAUserByNumberOwnsAHomeAndNoMore(t *testing.T) {
	g := build(t, unprivileged(plan.Unprivileged), Options{})
	if got := g.Config; got.User != "65532" || !slices.Equal(got.Writable, []string{"/home/app", "/tmp"}) || !slices.Equal(got.Ports, []string{"8080/tcp"}) {
		t.Errorf("%+v", got)
	}
	base := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == "from ubuntu:noble" })
	account, ok := g.Nodes[base+1].Op.(Run)
	if !ok || account.On != base || !strings.Contains(account.Command, "app:x:65532:65532::/home/app:/sbin/nologin >> /etc/passwd") {
		t.Errorf("%+v does not stand on the base alone, so it is not the same in every image", g.Nodes[base+1])
	}
	vars := g.Nodes[base+2].Op.(Env).Vars
	for _, want := range []Var{{"HOME", "/home/app"}, {"USER", "app"}} {
		if !slices.Contains(vars, want) {
			t.Errorf("no %v in %v", want, vars)
		}
	}
}

func TestAUserOwnsWhatItWrites(t *testing.T) {
	g := build(t, unprivileged("1000:1001", "var/cache/", "/srv/data"), Options{})
	if want := []string{"/app/var/cache", "/home/app", "/srv/data", "/tmp"}; !slices.Equal(g.Config.Writable, want) {
		t.Errorf("writable are %v, want %v", g.Config.Writable, want)
	}
	own := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == "open /root /app/var/cache /srv/data" })
	if own < 0 {
		t.Fatalf("nothing is owned: %+v", g.Nodes)
	}
	run := g.Nodes[own].Op.(Run)
	if app, ok := g.Nodes[run.On].Op.(Copy); !ok || app.From != App {
		t.Errorf("the app's own files in these directories are missing: it stands on %+v", g.Nodes[run.On])
	}
	for _, want := range []string{"{ test -e /app/var/cache || mkdir -p /app/var/cache; } && (cd / && cp -a --parents app/var/cache /run/npx-action/owned) && ", "chown -R 1000:1001 /run/npx-action/owned/srv/data"} {
		if !strings.Contains(run.Command, want) {
			t.Errorf("no %q in %s", want, run.Command)
		}
	}
	if add, ok := g.Nodes[g.Image].Op.(AddDiff); !ok || g.Nodes[add.From].Name != "directories of the user" {
		t.Errorf("the image ends with %+v", g.Nodes[g.Image])
	}
}

func TestAUserMakesFilesBesideTheAppsOwn(t *testing.T) {
	g := build(t, unprivileged("65532", ".", "app.db"), Options{})
	if want := []string{"/app", "/home/app", "/tmp"}; !slices.Equal(g.Config.Writable, want) {
		t.Errorf("writable are %v, want %v", g.Config.Writable, want)
	}
	own := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.Name == "open /root /app /app/app.db" })
	if own < 0 {
		t.Fatalf("%+v", g.Nodes)
	}
	command := g.Nodes[own].Op.(Run).Command
	if !strings.HasSuffix(command, " && mkdir -p /run/npx-action/owned/app && chmod 1777 /run/npx-action/owned/app") || strings.Contains(command, "chown -R 65532:65532 /run/npx-action/owned/app ") {
		t.Errorf("%s", command)
	}
}

func TestADirectoryIsOpenedWithoutThePhases(t *testing.T) {
	for _, writable := range [][]string{nil, {"."}} {
		g := build(t, unprivileged("65532", writable...), Options{})
		own := slices.IndexFunc(g.Nodes, func(n Node) bool { return strings.HasPrefix(n.Name, "open /root") })
		if own < 0 {
			t.Fatalf("%v: %+v", writable, g.Nodes)
		}
		branch, ok := g.Nodes[g.Nodes[own].Op.(Run).On].Op.(Branch)
		if !ok || branch.Of != g.Base {
			t.Errorf("%v: the step stands on %+v, so each build has to unpack what the phases made", writable, g.Nodes[g.Nodes[own].Op.(Run).On])
		}
	}
}

func TestTheUserOfAFullImageHasAHomeAndTheProfileOfThePhases(t *testing.T) {
	p := unprivileged("65532")
	p.Start.Runtime = new(plan.Full)
	g := build(t, p, Options{})
	env, ok := g.Nodes[g.Image].Op.(Env)
	if !ok || !slices.Equal(env.Vars, []Var{{"HOME", "/home/app"}, {"USER", "app"}}) {
		t.Fatalf("the image ends with %+v", g.Nodes[g.Image])
	}
	if run, ok := g.Nodes[env.On].Op.(Run); !ok || !strings.Contains(run.Command, "cp /root/.profile /etc/profile.d/npx-action.sh") {
		t.Errorf("%+v", g.Nodes[env.On])
	}
}

func TestRootOwnsAll(t *testing.T) {
	for _, user := range []string{"root", "0", "0:0"} {
		g := build(t, unprivileged(user, "data"), Options{})
		if g.Config.User != user || g.Config.Writable != nil || slices.ContainsFunc(g.Nodes, func(n Node) bool { return strings.Contains(n.Name, "user") || strings.HasPrefix(n.Name, "open") }) {
			t.Errorf("%s: %+v", user, g.Config)
		}
	}
}

func TestWritableNamesDirectories(t *testing.T) {
	for _, dir := range []string{"", "./", "/", "/app", "..", "../x", ".../x", "./x", "/..", "/../x", "a b", "a;b", "$HOME", "-rf"} {
		if _, err := New(unprivileged("65532", dir), Options{}); err == nil || !strings.Contains(err.Error(), "writable") {
			t.Errorf("%q: %v", dir, err)
		}
	}
	for dir, want := range map[string]string{"data": "/app/data", ".gradio": "/app/.gradio", ".next/cache": "/app/.next/cache", "/.data": "/.data"} {
		g, err := New(unprivileged("65532", dir), Options{})
		if err != nil || !slices.Contains(g.Config.Writable, want) {
			t.Errorf("%q: %v", dir, err)
		}
	}
}

func TestTheStopSignalIsTheServers(t *testing.T) {
	for cmd, want := range map[string]string{
		"node server.js": "", "nginx -g 'daemon off;'": "SIGQUIT", "/usr/sbin/nginx": "SIGQUIT", "uwsgi --ini app.ini": "SIGINT",
		"nginx && true": "", "": "",
	} {
		if got := stopSignal(&cmd); got != want {
			t.Errorf("%q: %q, want %q", cmd, got, want)
		}
	}
}

func TestThePortIsThatOfThePlan(t *testing.T) {
	for _, tt := range []struct{ variable, cmd, want string }{
		{"8080", "serve --port ${PORT:-3000}", "8080/tcp"},
		{"", "serve --port ${PORT:-3000}", "3000/tcp"},
		{"", "serve", ""},
		{"http", "serve", ""},
		{"0", "serve", ""},
		{"70000", "serve", ""},
	} {
		p := unprivileged("65532")
		p.Variables["PORT"], p.Start.Cmd = tt.variable, new(tt.cmd)
		if got := strings.Join(build(t, p, Options{}).Config.Ports, " "); got != tt.want {
			t.Errorf("%v: %q", tt, got)
		}
	}
}

func TestAnInitIsTheFirstProcessAndOfNoPhase(t *testing.T) {
	const release = "tini@0.19.0 linux/amd64 https://tini.example/tini sha256:c5b0666b4cb676901f90dfcb37106783c5fe2077b04590973b885950611b30ee file=lib/tini link=bin/tini:../lib/tini"
	waits := func(cmd string) string {
		return "-- /bin/bash -c " + fmt.Sprintf(ending, cmd)
	}
	for cmd, want := range map[string]string{
		"serve --fast":              "-- serve --fast",
		"npm run start":             waits("npm run start"),
		"bun run start":             waits("bun run start"),
		"bun server.ts":             "-- bun server.ts",
		"migrate && serve":          "-- /bin/bash -c migrate && exec serve",
		"serve | tee log":           waits("serve | tee log"),
		"serve --port ${PORT:-300}": "-- /bin/bash -c exec serve --port ${PORT:-300}",
	} {
		p := unprivileged("65532")
		p.Phases["init"] = plan.Phase{Releases: []string{release}}
		p.Start.Cmd, p.Start.Init = new(cmd), new("tini@0.19.0")
		g := build(t, p, Options{})
		program, rest, _ := strings.Cut(strings.Join(g.Config.Command(), " "), " ")
		if !strings.HasPrefix(program, "/nix/store/") || !strings.HasSuffix(program, "/bin/tini") || rest != want {
			t.Errorf("%s: %s %s, want %s", cmd, program, rest, want)
		}
		for i, n := range g.Nodes {
			if env, ok := n.Op.(Env); ok && slices.ContainsFunc(env.Path, func(dir string) bool { return strings.Contains(dir, "tini") }) {
				t.Errorf("node %d puts the init on PATH", i)
			}
		}
		p.Start.Init = new("dumb-init@1.2.5")
		if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), `no phase has the release "dumb-init@1.2.5"`) {
			t.Errorf("%v", err)
		}
		p.Start.Init = new(plan.NoInit)
		if got := strings.Join(build(t, p, Options{}).Config.Command(), " "); strings.Contains(got, "tini") {
			t.Errorf("without an init: %s", got)
		}
	}
}
