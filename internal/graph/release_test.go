package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
)

var (
	nodeRelease = "node@22.14.0 linux/amd64 https://upstream.example/node.tar.gz sha256:" + strings.Repeat("1", 64)
	bunRelease  = "bun@1.4.2 linux/amd64 https://upstream.example/bun.tgz sha512:" + strings.Repeat("2", 128) + " path=."
)

func released(t *testing.T, text string) store.Release {
	t.Helper()
	r, err := store.ParseRelease(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// withReleases has two releases, one of them twice, and an apt package beside them.
func withReleases() plan.Plan {
	return plan.Plan{
		BuildImage: new(plan.UbuntuImage),
		Variables:  map[string]string{"A": "1"},
		Phases: map[string]plan.Phase{
			"setup": {Releases: []string{nodeRelease, bunRelease, nodeRelease}, AptPkgs: []string{"curl"}},
			"other": {Releases: []string{bunRelease}},
		},
	}
}

func TestReleasesStandBesideTheRestAndComeFirstInPATH(t *testing.T) {
	node, bun := released(t, nodeRelease), released(t, bunRelease)
	node.URL = "http://mirror.example/copies/node.tar.gz"
	bun.URL = "http://mirror.example/copies/bun.tgz"
	alone := func(r store.Release) Run {
		return Run{Command: r.Step("", ReleaseDir), Certificates: true, Output: ReleaseDir}
	}
	want := []Node{
		{"from " + plan.UbuntuImage, Base, "", Image{Ref: plan.UbuntuImage}},
		{"unpack bun@1.4.2", Tools, "", Release{Platform: "linux/amd64", Command: bun.Step("", ReleaseDir), Certificates: true, Alone: alone(bun)}},
		{"unpack node@22.14.0", Tools, "", Release{Platform: "linux/amd64", Command: node.Step(ArchiveFile, ReleaseDir), Archive: Archive{node.URL, node.Hash}, Alone: alone(node)}},
		{"install curl", Apt, "", Run{On: 0, Command: aptCommand("sudo ", "curl"), Certificates: true}},
		{"merge packages and assets", Base, "", Merge{Base: 0, Layers: []int{1, 2, 3}}},
		{"extend PATH by the releases", Tools, "", Env{On: 4, Path: []string{bun.Out(), node.Out() + "/bin"}}},
		{"set variables", Variables, "", Env{On: 5, Vars: []Var{{"A", "1"}}}},
	}
	g := build(t, withReleases(), Options{CACertificates: true, Nix: nix.Options{Mirrors: map[string]string{"upstream.example": "http://mirror.example/copies/"}}})
	if diff := cmp.Diff(want, g.Nodes[:len(want)]); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}
	if g.AfterPackages != 4 {
		t.Errorf("packed is node %d", g.AfterPackages)
	}
	if got := len(g.Secrets()); got != 2 {
		t.Errorf("%d secrets, want the certificates for the download", got)
	}
}

func TestAReleaseAloneIsMergedToo(t *testing.T) {
	p := plan.Plan{Phases: map[string]plan.Phase{"setup": {Releases: []string{nodeRelease}}}}
	g := build(t, p, Options{})
	if diff := cmp.Diff(Merge{Base: 0, Layers: []int{1}}, g.Nodes[2].Op); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, ok := g.Inventory(); ok {
		t.Error("Nix is asked for what it has not installed")
	}
}

// Nix takes away what its database does not know once it has installed, so releases come after it.
func TestInASequenceReleasesAreCopiedLast(t *testing.T) {
	p := withReleases()
	p.Phases["nix"] = plan.Phase{NixPkgs: []string{"go"}, NixpkgsArchive: new("aa")}
	g := build(t, p, Options{Sequential: true})
	var names []string
	for i, n := range g.Nodes {
		names = append(names, n.Name)
		if op, ok := n.Op.(Release); ok && op.Tools != 0 {
			t.Errorf("%s on node %d", n.Name, op.Tools)
		}
		if op, ok := n.Op.(Copy); ok && n.Part == Tools {
			want := Copy{On: i - 2, From: Stage, Stage: i - 1, Paths: []Path{{"/", "/"}}}
			if diff := cmp.Diff(want, op); diff != "" {
				t.Errorf("%s (-want +got):\n%s", n.Name, diff)
			}
		}
	}
	want := []string{"from " + plan.UbuntuImage, "install packages of nixpkgs-aa.nix", "install curl", "unpack bun@1.4.2", "copy bun@1.4.2",
		"unpack node@22.14.0", "copy node@22.14.0", "extend PATH by the releases", "set variables", "copy the app"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASlimImageHasTheReleasesThatRun(t *testing.T) {
	for _, tt := range []struct {
		without, want []string
	}{
		{[]string{"bun@1.4.2"}, []string{"unpack node@22.14.0", "unpack node@22.14.0/npm"}},
		{[]string{"bun@1.4.2", "node@22.14.0/npm"}, []string{"unpack node@22.14.0"}},
		{[]string{"bun@1.4.2", "node@22.14.0"}, nil},
	} {
		p := withReleases()
		p.Start = &plan.Start{Runtime: new(plan.Slim), WithoutPkgs: tt.without}
		g := build(t, p, Options{})
		var added []string
		path := ""
		for i, n := range g.Nodes {
			if op, ok := n.Op.(AddDiff); ok && g.IsApart(op.From) {
				added = append(added, g.Nodes[op.From].Name)
			}
			if op, ok := n.Op.(Env); ok && g.StageOf(i) > 0 {
				path = op.Vars[len(op.Vars)-2].Value
			}
		}
		if diff := cmp.Diff(tt.want, added); diff != "" {
			t.Errorf("without %q (-want +got):\n%s", tt.without, diff)
		}
		bin := released(t, nodeRelease).Out() + "/bin:"
		if strings.HasPrefix(path, bin) != (tt.want != nil) || strings.Count(path, bin) > 1 || strings.Contains(path, "bun") {
			t.Errorf("without %q PATH is %s", tt.without, path)
		}
	}
}

func TestABadReleaseNamesItsPhase(t *testing.T) {
	_, err := New(plan.Plan{BuildImage: new("base"), Phases: map[string]plan.Phase{"setup": {Releases: []string{"node@22"}}}}, Options{})
	var typed *Error
	want := `checking the plan: phase setup, releases: "node@22" has less than the four parts of a release; write NAME@VERSION PLATFORM URL HASH`
	if !errors.As(err, &typed) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
