package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

func build(t *testing.T, p plan.Plan, opt Options) *Graph {
	t.Helper()
	if p.BuildImage == nil {
		p.BuildImage = new("base")
	}
	g, err := New(p, opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNewGivesEachPartItsPlace(t *testing.T) {
	p := plan.Plan{
		Variables:    map[string]string{"B": "2", "A": "1"},
		StaticAssets: map[string]string{"scripts/a.sh": "a", "Caddyfile": "c"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"go"}, NixpkgsArchive: new("bb"), OnlyIncludeFiles: []string{"./go.mod"}, AptPkgs: []string{"curl"}},
			"other":   {NixLibs: []string{"zlib"}, NixpkgsArchive: new("aa"), AptPkgs: []string{"git", "curl"}},
			"install": {DependsOn: []string{"setup"}, OnlyIncludeFiles: []string{"go.mod", "go.sum"}, Cmds: []string{"go mod download"}, CacheDirectories: []string{"~/x", "/root/x", "y"}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{"go build", "go vet\n./..."}, Paths: []string{"$HOME/go/bin", "/b"}},
			"after":   {DependsOn: []string{"build"}, Paths: []string{"/a"}},
		},
		Start: &plan.Start{Cmd: new("./out"), User: new("me")},
	}
	ab := []Var{{"A", "1"}, {"B", "2"}}
	caches := []Cache{{"k-/app/y", "/app/y"}, {"k-/root/x", "/root/x"}}
	mount := func(f string) []Mount { return []Mount{{".nixpacks/" + f, "/app/.nixpacks/" + f}} }
	apt := "sudo apt-get update && sudo apt-get install -y --no-install-recommends git curl && sudo apt-get clean && sudo rm -rf /var/lib/apt/lists/*"
	aa := "nix-env -if .nixpacks/nixpkgs-aa.nix && nix-collect-garbage -d && rm -rf ~/.cache/nix"
	bb := "nix-env -if .nixpacks/nixpkgs-bb.nix && nix-collect-garbage -d && rm -rf ~/.cache/nix"
	profile := `printf '\nPATH=$HOME/go/bin:/b:$PATH\nPATH=/a:$PATH' >> /root/.profile`
	user := "id -u me >/dev/null 2>&1 || useradd -m -s /bin/bash me"
	want := []Node{
		{"from base", Base, "", Image{Ref: "base"}},
		{"install packages of nixpkgs-aa.nix", Nix, "", Run{On: 0, Command: aa, Mounts: mount("nixpkgs-aa.nix")}},
		{"copy go.mod", Nix, "", Copy{On: 1, From: App, Paths: []Path{{"go.mod", "/app/go.mod"}}}},
		{"install packages of nixpkgs-bb.nix", Nix, "", Run{On: 2, Command: bb, Mounts: mount("nixpkgs-bb.nix")}},
		{"install git curl", Apt, "", Run{On: 0, Command: apt}},
		{"copy static assets", Assets, "", Copy{On: 0, From: Generated, Paths: []Path{{".nixpacks/assets", "/assets"}}}},
		{"merge packages and assets", Base, "", Merge{Base: 0, Layers: []int{3, 4, 5}}},
		{"set variables", Variables, "", Env{On: 6, Vars: ab}},
		{"copy go.mod go.sum", Phase, "install", Copy{On: 7, From: App, Paths: []Path{{"go.mod", "/app/go.mod"}, {"go.sum", "/app/go.sum"}}}},
		{"go mod download", Phase, "install", Run{On: 8, Command: "go mod download", Caches: caches}},
		{"set NIXPACKS_PATH", Phase, "build", Env{On: 9, Vars: []Var{{"NIXPACKS_PATH", "/root/go/bin:/b"}}}},
		{"copy the app", Phase, "build", Copy{On: 10, From: App, Paths: []Path{{".", "/app"}}}},
		{"go build", Phase, "build", Run{On: 11, Command: "go build"}},
		{"go vet ./...", Phase, "build", Run{On: 12, Command: "go vet\n./..."}},
		{"set NIXPACKS_PATH", Phase, "after", Env{On: 13, Vars: []Var{{"NIXPACKS_PATH", "/a:/root/go/bin:/b"}}}},
		{"extend PATH", Profile, "", Run{On: 14, Command: profile}},
		{"create user me", Start, "", Run{On: 15, Command: user}},
	}
	g := build(t, p, Options{CacheKey: "k", Ignore: []string{".git"}})
	if diff := cmp.Diff(want, g.Nodes); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}
	config := Config{Entrypoint: []string{"/bin/bash", "-l", "-c"}, Cmd: []string{"./out"}, WorkDir: "/app", User: "me"}
	if diff := cmp.Diff(config, g.Config); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
	var files []string
	for _, f := range g.Files {
		files = append(files, f.Path)
	}
	wantFiles := []string{".nixpacks/assets/Caddyfile", ".nixpacks/assets/scripts/a.sh", ".nixpacks/nixpkgs-aa.nix", ".nixpacks/nixpkgs-bb.nix"}
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".git", ".nixpacks"}, g.Ignore); diff != "" {
		t.Errorf("ignored differs (-want +got):\n%s", diff)
	}
	if g.Image != len(want)-1 {
		t.Errorf("output is node %d", g.Image)
	}
}

func TestNewWithRunImageStartsASecondStage(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  []Path
	}{
		{"whole app", nil, []Path{{"/app", "/app"}}},
		{"empty list", []string{}, []Path{{"/app", "/app"}}},
		{"dot", []string{"./", "x"}, []Path{{"/app", "/app"}}},
		{"files", []string{"./bin/x", "b", "bin/x"}, []Path{{"/app/bin/x", "/app/bin/x"}, {"/app/b", "/app/b"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := build(t, plan.Plan{
				Variables: map[string]string{"A": "1"},
				Start:     &plan.Start{RunImage: new("run"), OnlyIncludeFiles: tt.files},
			}, Options{})
			want := []Op{
				Image{Ref: "base"},
				Env{On: 0, Vars: []Var{{"A", "1"}}},
				Copy{On: 1, From: App, Paths: []Path{{".", "/app"}}},
				Image{Ref: "run"},
				Copy{On: 3, From: Stage, Stage: 2, Paths: []Path{{"/etc/ssl/certs", "/etc/ssl/certs"}}},
				Copy{On: 4, From: Stage, Stage: 2, Paths: tt.want},
			}
			if diff := cmp.Diff(want, ops(g)); diff != "" {
				t.Errorf("operations differ (-want +got):\n%s", diff)
			}
			if got := g.StageOf(g.Image); got != 3 {
				t.Errorf("output stands on node %d", got)
			}
		})
	}
}

func ops(g *Graph) []Op {
	var out []Op
	for _, n := range g.Nodes {
		out = append(out, n.Op)
	}
	return out
}

func TestAppIsCopiedWholeAtMostOnce(t *testing.T) {
	run := func(include []string) plan.Phase { return plan.Phase{Cmds: []string{"x"}, OnlyIncludeFiles: include} }
	tests := []struct {
		name   string
		phases map[string]plan.Phase
		want   []string
	}{
		{"by the first phase", map[string]plan.Phase{"a": run(nil), "b": run(nil), "c": run([]string{"f"})}, []string{"copy the app"}},
		{"by a later phase", map[string]plan.Phase{"a": run([]string{"f"}), "b": run(nil)}, []string{"copy f", "copy the app"}},
		{"at the end", map[string]plan.Phase{"a": run([]string{"f"}), "b": run([]string{})}, []string{"copy f", "copy the app"}},
		{"by naming the root", map[string]plan.Phase{"a": run([]string{"f", "."}), "b": run(nil)}, []string{"copy the app"}},
		{"not for a phase that does nothing", map[string]plan.Phase{"a": {}}, []string{"copy the app"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, n := range build(t, plan.Plan{Phases: tt.phases}, Options{}).Nodes {
				if _, ok := n.Op.(Copy); ok {
					got = append(got, n.Name)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneLayerNeedsNoMerge(t *testing.T) {
	g := build(t, plan.Plan{Phases: map[string]plan.Phase{"setup": {AptPkgs: []string{"curl"}}}}, Options{})
	for _, n := range g.Nodes {
		if _, ok := n.Op.(Merge); ok {
			t.Errorf("there is a merge in %v", g.Nodes)
		}
	}
	if got := g.Nodes[2].Op.(Copy).On; got != 1 {
		t.Errorf("the app is copied on node %d", got)
	}
}

func TestInASequenceEachPartStandsOnTheOneBefore(t *testing.T) {
	p := plan.Plan{StaticAssets: map[string]string{"a": "a"}, Variables: map[string]string{"A": "1"},
		Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("aa"), AptPkgs: []string{"git"}}}}
	for _, p := range []plan.Plan{p, {Variables: p.Variables}, {Variables: p.Variables, StaticAssets: p.StaticAssets}} {
		g := build(t, p, Options{Sequential: true})
		for i, n := range g.Nodes {
			if on := g.On(i); on != i-1 {
				t.Errorf("%s stands on node %d", n.Name, on)
			}
		}
	}
}

func TestNixpacksPathGrowsAtTheFront(t *testing.T) {
	tests := []struct {
		name  string
		vars  map[string]string
		paths []string
		want  string
	}{
		{"no previous value", nil, []string{"/a", "/b"}, "/a:/b"},
		{"previous value", map[string]string{"NIXPACKS_PATH": "/p"}, []string{"/a"}, "/a:/p"},
		{"home", nil, []string{"$HOME/a", "${HOME}/b", "~/c"}, "/root/a:/root/b:/root/c"},
		{"home of the plan", map[string]string{"HOME": "/h"}, []string{"$HOME/a"}, "/h/a"},
		{"variable of the plan", map[string]string{"V": "3.2"}, []string{"/opt/$V/${V}x"}, "/opt/3.2/3.2x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := build(t, plan.Plan{Variables: tt.vars, Phases: map[string]plan.Phase{"a": {Paths: tt.paths}}}, Options{})
			i, ok := g.After("a")
			if !ok {
				t.Fatal("phase a has no node")
			}
			for ; g.Nodes[i].Name != "set NIXPACKS_PATH"; i-- {
			}
			if got := g.Nodes[i].Op.(Env).Vars[0].Value; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestNoCacheMakesNoMounts(t *testing.T) {
	p := plan.Plan{
		Phases: map[string]plan.Phase{"a": {Cmds: []string{"x"}, CacheDirectories: []string{"target"}}},
		Start:  &plan.Start{RunImage: new("run"), OnlyIncludeFiles: []string{"target/x"}},
	}
	for _, n := range build(t, p, Options{NoCache: true}).Nodes {
		if r, ok := n.Op.(Run); ok && r.Caches != nil {
			t.Errorf("%s has caches %v", n.Name, r.Caches)
		}
	}
}

func TestCertificatesAreTrustedWhereThereIsANetwork(t *testing.T) {
	p := plan.Plan{
		Phases: map[string]plan.Phase{"a": {AptPkgs: []string{"curl"}, Cmds: []string{"x"}, Paths: []string{"/a"}}},
		Start:  &plan.Start{User: new("me")},
	}
	got := map[Part]bool{}
	for _, n := range build(t, p, Options{CACertificates: true}).Nodes {
		if r, ok := n.Op.(Run); ok {
			got[n.Part] = r.Certificates
		}
	}
	if diff := cmp.Diff(map[Part]bool{Apt: true, Phase: true, Profile: false, Start: false}, got); diff != "" {
		t.Error(diff)
	}
	args := Run{Command: "npm ci", Certificates: true}.Args()
	want := []string{"/bin/bash", "-ol", "pipefail", "-c", "test ! -s /run/npx-action/ca-certificates.crt || export " +
		"{SSL_CERT_FILE,NODE_EXTRA_CA_CERTS,PIP_CERT,REQUESTS_CA_BUNDLE,NIX_SSL_CERT_FILE,CURL_CA_BUNDLE,CARGO_HTTP_CAINFO,GIT_SSL_CAINFO,DENO_CERT}" +
		"=/run/npx-action/ca-certificates.crt; test ! -s /run/npx-action/ca-certificates.jks || export JAVA_TOOL_OPTIONS=" +
		`"${JAVA_TOOL_OPTIONS:+$JAVA_TOOL_OPTIONS }-Djavax.net.ssl.trustStore=/run/npx-action/ca-certificates.jks"; npm ci`}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Error(diff)
	}
}

func TestNixOptionsReachExpressionAndCommand(t *testing.T) {
	p := plan.Plan{Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("aa")}}}
	g := build(t, p, Options{Nix: nix.Options{Mirror: "http://m", Substituters: []string{"http://s"}}})
	want, err := nix.Expressions(p.Phases, nix.Options{Mirror: "http://m"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]File{{".nixpacks/nixpkgs-aa.nix", want[0].Content}}, g.Files); diff != "" {
		t.Error(diff)
	}
	cmd := "nix-env -if .nixpacks/nixpkgs-aa.nix --option substituters 'http://s' && nix-collect-garbage -d && rm -rf ~/.cache/nix"
	if got := g.Nodes[1].Op.(Run).Command; got != cmd {
		t.Errorf("got %s", got)
	}
}

func TestEqualPlansGiveEqualGraphs(t *testing.T) {
	p := plan.Plan{BuildImage: new("b"), Variables: map[string]string{}, Phases: map[string]plan.Phase{}, StaticAssets: map[string]string{}}
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		p.Variables[n] = n
		p.StaticAssets[n] = n
		p.Phases[n] = plan.Phase{Cmds: []string{n}, AptPkgs: []string{n + "x"}, NixPkgs: []string{n}, NixpkgsArchive: new(n), CacheDirectories: []string{n, "x"}}
	}
	first := build(t, p, Options{})
	for range 20 {
		if diff := cmp.Diff(first, build(t, p, Options{})); diff != "" {
			t.Fatalf("graphs differ:\n%s", diff)
		}
	}
}

func TestOneLineShortensByCharacter(t *testing.T) {
	long := ""
	for range 120 {
		long += "é"
	}
	if got := oneLine(long); len([]rune(got)) != 100 || []rune(got)[99] != '…' {
		t.Errorf("got %q", got)
	}
	if got := oneLine(" a\n\tb "); got != "a b" {
		t.Errorf("got %q", got)
	}
}

func TestAfterIsTheLastNodeOfAPhase(t *testing.T) {
	g := build(t, plan.Plan{Phases: map[string]plan.Phase{"install": {Cmds: []string{"a", "b"}}, "idle": {}}}, Options{})
	if i, ok := g.After("install"); !ok || g.Nodes[i].Name != "b" {
		t.Errorf("got node %d, %v", i, ok)
	}
	if _, ok := g.After("idle"); ok {
		t.Error("a phase that does nothing has a node")
	}
}
