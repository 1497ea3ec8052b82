package graph

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

func TestASlimImageStartsAnewAndGetsWhatRuns(t *testing.T) {
	p := plan.Plan{
		BuildImage:   new(plan.UbuntuImage),
		Variables:    map[string]string{"A": "1", "PATH": "/mine"},
		StaticAssets: map[string]string{"x": "y"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"python3", "gcc"}, NixpkgsArchive: new("aa"), AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, OnlyIncludeFiles: []string{"requirements.txt"}, Cmds: []string{"pip install"}, Paths: []string{"/opt/venv/bin"}},
		},
		Start: &plan.Start{Cmd: new("python"), User: new("me"), Runtime: new(plan.Slim), WithoutPkgs: []string{"gcc"}},
	}
	split, err := nix.Split([]string{".nixpacks/nixpkgs-aa.nix"}, []string{".nixpacks/runtime-nixpkgs-aa.nix"}, closureDir, nix.Options{})
	if err != nil {
		t.Fatal(err)
	}
	vars := []Var{{"A", "1"}, {"ENV", "/etc/profile"}, {"GIT_SSL_CAINFO", "/etc/ssl/certs/ca-certificates.crt"}, {"LD_LIBRARY_PATH", "/usr/lib"},
		{"NIXPACKS_PATH", "/opt/venv/bin"}, {"NIX_SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"}, {"PATH", "/opt/venv/bin:/mine"}, {"USER", "root"}}
	generated := []Path{{".nixpacks/assets", "/assets"}}
	want := []Node{
		{"from " + plan.UbuntuImage, Base, "", Image{Ref: plan.UbuntuImage}},
		{"install packages of nixpkgs-aa.nix", Nix, "", Run{On: 0, Command: split, Output: closureDir, Mounts: []Mount{
			{".nixpacks/nixpkgs-aa.nix", "/app/.nixpacks/nixpkgs-aa.nix"},
			{".nixpacks/runtime-nixpkgs-aa.nix", "/app/.nixpacks/runtime-nixpkgs-aa.nix"},
		}}},
		{"packages to run", Nix, "", RunOutput{Of: 1}},
		{"install curl", Apt, "", Run{On: 0, Command: aptCommand("sudo ", "curl")}},
		{"copy static assets", Assets, "", Copy{On: 0, From: Generated, Paths: generated}},
		{"merge packages and assets", Base, "", Merge{Base: 0, Layers: []int{2, 1, 3, 4}}},
		{"set variables", Variables, "", Env{On: 5, Vars: []Var{{"A", "1"}, {"PATH", "/mine"}}}},
		{"set NIXPACKS_PATH", Phase, "install", Env{On: 6, Vars: []Var{{"NIXPACKS_PATH", "/opt/venv/bin"}}}},
		{"copy requirements.txt", Phase, "install", Copy{On: 7, From: App, Paths: []Path{{"requirements.txt", "/app/requirements.txt"}}}},
		{"pip install", Phase, "install", Run{On: 8, Command: "pip install"}},
		{"beside pip install", Start, "", Branch{9}},
		{"find the packages that built programs need", Start, "", Run{On: 10, Command: nix.References(programDirs, closureDir), Output: closureDir}},
		{"packages that built programs need", Start, "", RunOutput{Of: 11}},
		{"beside from " + plan.UbuntuImage, Start, "", Branch{0}},
		{"extend PATH", Profile, "", Run{On: 13, Command: `printf '\nPATH=/opt/venv/bin:$PATH' >> /root/.profile`}},
		{"from ubuntu:noble", Start, "", Image{Ref: "ubuntu:noble"}},
		{"create user me", Start, "", Run{On: 15, Command: "id -u me >/dev/null 2>&1 || useradd -m -s /bin/bash me"}},
		{"set variables", Start, "", Env{On: 16, Vars: vars}},
		{"copy certificates and time zones", Start, "", Copy{On: 17, From: Stage, Stage: 0, Apart: true,
			Paths: []Path{{"/etc/ssl/certs", "/etc/ssl/certs"}, {"/usr/share/zoneinfo", "/usr/share/zoneinfo"}}}},
		{"copy the login profile", Start, "", Copy{On: 18, From: Stage, Stage: 14, Apart: true,
			Paths: []Path{{"/etc/profile", "/etc/profile"}, {"/root/.profile", "/root/.profile"}}}},
		{"install curl", Start, "", Run{On: 19, Command: aptCommand("", "curl")}},
		{"copy static assets", Start, "", Copy{On: 20, From: Generated, Paths: generated, Apart: true}},
		{"add packages to run", Start, "", AddDiff{On: 21, From: 2}},
		{"add packages that built programs need", Start, "", AddDiff{On: 22, From: 12}},
		{"add what the phases wrote", Start, "", AddDiff{On: 23, From: 9, Since: 5}},
		{"copy the app", Start, "", Copy{On: 24, From: App, Paths: []Path{{".", "/app"}}, Apart: true}},
	}
	g := build(t, p, Options{})
	if diff := cmp.Diff(want, g.Nodes); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}
	if g.Image != len(want)-1 || g.Config.User != "me" {
		t.Errorf("output %d, configuration %+v", g.Image, g.Config)
	}
	for _, f := range g.Files {
		if strings.HasPrefix(f.Path, ".nixpacks/runtime-") && strings.Contains(f.Content, "gcc") {
			t.Error("the packages for run time hold the compiler")
		}
	}
}

// Python is a release, and of the Nix packages none runs: an empty list is not all of them.
func TestASlimImageWithoutAnyNixPackage(t *testing.T) {
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Runtime: new(plan.Slim), WithoutPkgs: []string{"gcc"}},
		Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"gcc"}, NixpkgsArchive: new("aa")}}}
	split, err := nix.Split([]string{".nixpacks/nixpkgs-aa.nix"}, []string{}, closureDir, nix.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := nix.Split([]string{".nixpacks/nixpkgs-aa.nix"}, nil, closureDir, nix.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := build(t, p, Options{})
	if run, ok := g.Nodes[1].Op.(Run); !ok || run.Command != split || split == all {
		t.Errorf("got %q, want %q", g.Nodes[1].Op, split)
	}
	if !strings.Contains(split, "profile=/nix/var/nix/profiles/runtime\n") || strings.Contains(split, "-p /nix/var/nix/profiles/runtime") {
		t.Errorf("the profile is not empty:\n%s", split)
	}
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Name)
	}
	if !strings.Contains(strings.Join(names, "\n"), "find the packages that built programs need") {
		t.Errorf("what built files refer to is not looked for: %q", names)
	}
}

func TestASlimImageOfEverythingNeedsNoSearch(t *testing.T) {
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Runtime: new(plan.Slim)}, Phases: map[string]plan.Phase{
		"setup": {NixPkgs: []string{"nodejs"}, NixpkgsArchive: new("aa")},
		"build": {Cmds: []string{"make"}},
	}}
	outputs, whole := 0, 0
	for _, n := range build(t, p, Options{}).Nodes {
		switch op := n.Op.(type) {
		case RunOutput:
			outputs++
		case Copy:
			if op.From == App {
				whole++
			}
		}
	}
	if outputs != 1 || whole != 1 {
		t.Errorf("%d outputs and %d copies of the app, want one of each", outputs, whole)
	}
}

func TestASlimImageIsRefusedWhereItCannotBe(t *testing.T) {
	for _, tt := range []struct {
		start plan.Start
		image string
		want  string
	}{
		{plan.Start{Runtime: new("thin")}, plan.UbuntuImage, `start.runtime: "thin" is not known; use slim or full`},
		{plan.Start{Runtime: new(plan.Slim)}, "my/base:1", `start.runtime: what a slim image of my/base:1 starts from is not known; use full, or name a runImage or buildTools`},
		{plan.Start{Runtime: new(plan.Slim), RunImage: new("run")}, plan.UbuntuImage,
			`start.runtime: the plan has a run image, which is all that a slim image would start from; leave one of them out`},
	} {
		_, err := New(plan.Plan{BuildImage: &tt.image, Start: &tt.start}, Options{})
		if err == nil || err.Error() != "checking the plan: "+tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
	_, err := New(plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Runtime: new(plan.Slim)}}, Options{Sequential: true})
	if err == nil || !strings.Contains(err.Error(), "start.runtime: this builder cannot merge layers") {
		t.Errorf("in a sequence: got %v", err)
	}
}

func TestASlimImageGetsWhatAPhaseLeaves(t *testing.T) {
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Runtime: new(plan.Slim)}, Phases: map[string]plan.Phase{
		"install": {OnlyIncludeFiles: []string{"package.json"}, Cmds: []string{"npm ci"}, PruneCmds: []string{"npm prune", "true"}},
		"build":   {DependsOn: []string{"install"}, Cmds: []string{"make"}},
	}}
	var got []Node
	g := build(t, p, Options{})
	for _, n := range g.Nodes {
		switch n.Op.(type) {
		case Branch, Run, AddDiff:
			got = append(got, n)
		}
	}
	want := []Node{
		{"npm ci", Phase, "install", Run{On: 1, Command: "npm ci"}},
		{"make", Phase, "build", Run{On: 3, Command: "make"}},
		{"beside npm ci", Start, "", Branch{2}},
		{"npm prune", Start, "", Run{On: 5, Command: "npm prune"}},
		{"true", Start, "", Run{On: 6, Command: "true"}},
		{"beside from " + plan.UbuntuImage, Start, "", Branch{0}},
		{"add what phase install leaves", Start, "", AddDiff{On: 12, From: 7, Since: 0, Flat: true}},
		{"add what the phases wrote", Start, "", AddDiff{On: 13, From: 4, Since: 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}

	p.Start = nil
	for _, n := range build(t, p, Options{}).Nodes {
		if n.Name == "npm prune" {
			t.Error("a full image is pruned")
		}
	}
}

func TestTheFullFileSystemIsTriedWithTheAppWhichNoPhaseNeeds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		build []string
		want  int // copies of the whole app below what the phases made
	}{
		{"nothing is built", nil, 1},
		{"the build sees the app", []string{"make"}, 1},
	} {
		p := plan.Plan{BuildImage: new(plan.UbuntuImage), Start: &plan.Start{Cmd: new("run"), Runtime: new(plan.Slim)}, Phases: map[string]plan.Phase{
			"install": {Cmds: []string{"npm ci"}, OnlyIncludeFiles: []string{"package.json"}},
			"build":   {DependsOn: []string{"install"}, Cmds: tt.build},
		}}
		g := build(t, p, Options{})
		before := len(g.Nodes)
		full := g.Full()
		whole, at := 0, full.Image
		for at >= 0 {
			switch op := full.Nodes[at].Op.(type) {
			case Run:
				at = op.On
			case Copy:
				if op.From == App && op.Paths[0].From == "." {
					whole++
				}
				at = op.On
			case Env:
				at = op.On
			case Branch:
				at = op.Of
			default:
				at = -1
			}
		}
		if whole != tt.want {
			t.Errorf("%s: %d copies of the app, want %d", tt.name, whole, tt.want)
		}
		if len(g.Nodes) != before {
			t.Error("the graph is changed")
		}
	}
}

// TestASlimImageOfFilesHoldsNoMore has a site, of which only one folder is served.
func TestASlimImageOfFilesHoldsNoMore(t *testing.T) {
	p := plan.Plan{
		BuildImage: new(plan.UbuntuImage),
		Phases: map[string]plan.Phase{
			"setup": {Releases: []string{nodeRelease, bunRelease}},
			"build": {DependsOn: []string{"setup"}, Cmds: []string{"make"}},
		},
		Start: &plan.Start{Cmd: new("serve"), Runtime: new(plan.Slim), OnlyIncludeFiles: []string{"dist"}, WithoutPkgs: []string{"node@22.14.0"}},
	}
	g := build(t, p, Options{})
	var names []string
	for _, n := range g.Nodes {
		if n.Part == Start {
			names = append(names, n.Name)
		}
	}
	last := g.Nodes[len(g.Nodes)-1]
	copied, ok := last.Op.(Copy)
	if !ok || len(copied.Paths) != 1 || copied.Paths[0] != (Path{"/app/dist", "/app/dist"}) || g.Apart {
		t.Errorf("the last step is %q: %+v", last.Name, last.Op)
	}
	for _, name := range names {
		if strings.Contains(name, "node@") || strings.Contains(name, "what the phases wrote") {
			t.Errorf("the image has %q", name)
		}
	}
}

func TestFilesThatNoPhaseNeedsAreInTheImage(t *testing.T) {
	for name, start := range map[string]plan.Start{
		"slim": {OnlyIncludeFiles: []string{"public"}, Runtime: new(plan.Slim)}, "run image": {OnlyIncludeFiles: []string{"public"}, RunImage: new("debian")},
	} {
		p := plan.Plan{
			BuildImage: new(plan.UbuntuImage), Start: &start,
			Phases: map[string]plan.Phase{"install": {OnlyIncludeFiles: []string{"package.json"}, Cmds: []string{"npm ci"}}},
		}
		g, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		last, ok := g.Nodes[g.Image].Op.(Copy)
		if !ok || last.From != Stage || last.Paths[0].From != "/app/public" {
			t.Fatalf("%s: the last step is %+v", name, g.Nodes[g.Image])
		}
		if from, ok := g.Nodes[last.Stage].Op.(Copy); !ok || from.From != App || from.Paths[0].From != "." {
			t.Errorf("%s: the files are copied from a stage that ends in %+v", name, g.Nodes[last.Stage])
		}
	}
}

func TestProgramsAreLookedForInWhatTheImageHolds(t *testing.T) {
	for name, tt := range map[string]struct{ files, want []string }{
		"the whole app":    {nil, programDirs},
		"a site":           {[]string{"site"}, []string{"/app/site"}},
		"a file":           {[]string{"bin/app", "./public/"}, []string{"/app/bin/app", "/app/public"}},
		"no word of shell": {[]string{"a b"}, programDirs},
	} {
		b := &builder{plan: plan.Plan{Start: &plan.Start{OnlyIncludeFiles: tt.files}}}
		if d := cmp.Diff(tt.want, b.programs()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
