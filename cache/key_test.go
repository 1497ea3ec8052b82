package cache

import (
	"crypto/sha256"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func inputs() Inputs {
	return Inputs{
		Platform: "linux/amd64",
		Base:     "sha256:aaaa",
		Plan: plan.Plan{
			Variables:    map[string]string{"CI": "true"},
			StaticAssets: map[string]string{"Caddyfile": "x"},
			Phases: map[string]plan.Phase{
				"setup":       {NixPkgs: []string{"nodejs_22"}, NixpkgsArchive: new("abc"), AptPkgs: []string{"curl"}},
				"install":     {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}},
				"build":       {DependsOn: []string{"install"}, Cmds: []string{"npm run build"}},
				"ruby:setup":  {Cmds: []string{"rbenv install"}},
				"ruby:helper": {Cmds: []string{"never mind"}},
			},
			Start: &plan.Start{Cmd: new("npm start")},
		},
		Files: map[string][sha256.Size]byte{"package-lock.json": sha256.Sum256([]byte("{}")), "package.json": sha256.Sum256([]byte("{}"))},
	}
}

func TestKeyChangesWithWhatTheInstallDependsOnAndNothingElse(t *testing.T) {
	phase := func(in *Inputs, name string, change func(*plan.Phase)) {
		ph := in.Plan.Phases[name]
		change(&ph)
		in.Plan.Phases[name] = ph
	}
	tests := []struct {
		name   string
		change func(*Inputs)
		differ []string
		setup  bool // the setup key changes too
	}{
		{"nothing", func(*Inputs) {}, nil, false},
		{"platform", func(in *Inputs) { in.Platform = "linux/arm64" }, []string{"platform"}, true},
		{"base image", func(in *Inputs) { in.Base = "sha256:bbbb" }, []string{"base image"}, true},
		{"variable", func(in *Inputs) { in.Plan.Variables["CI"] = "false" }, []string{"variables"}, true},
		{"asset", func(in *Inputs) { in.Plan.StaticAssets["Caddyfile"] = "y" }, []string{"static assets"}, true},
		{"nix package of a late phase", func(in *Inputs) {
			phase(in, "build", func(p *plan.Phase) { p.NixPkgs = []string{"jq"} })
		}, []string{"nix packages"}, true},
		{"release", func(in *Inputs) {
			phase(in, "build", func(p *plan.Phase) { p.Releases = []string{"node@22.14.0"} })
		}, []string{"releases"}, true},
		{"apt package", func(in *Inputs) {
			phase(in, "build", func(p *plan.Phase) { p.AptPkgs = []string{"jq"} })
		}, []string{"apt packages"}, true},
		{"install command", func(in *Inputs) {
			phase(in, "install", func(p *plan.Phase) { p.Cmds = []string{"npm i"} })
		}, []string{"install commands"}, true},
		{"second provider's setup", func(in *Inputs) {
			phase(in, "ruby:setup", func(p *plan.Phase) { p.Cmds = nil })
		}, []string{"install commands"}, true},
		{"phase that setup depends on", func(in *Inputs) {
			phase(in, "ruby:setup", func(p *plan.Phase) { p.DependsOn = []string{"ruby:helper", "missing"} })
		}, []string{"install commands"}, true},
		{"lockfile", func(in *Inputs) { in.Files["package-lock.json"] = sha256.Sum256([]byte("{ }")) }, []string{"package-lock.json"}, false},
		{"lockfile gone", func(in *Inputs) { delete(in.Files, "package-lock.json") }, []string{"package-lock.json (gone)"}, false},
		{"build command", func(in *Inputs) {
			phase(in, "build", func(p *plan.Phase) { p.Cmds = []string{"make"} })
		}, nil, false},
		{"start command", func(in *Inputs) { in.Plan.Start.Cmd = new("node .") }, nil, false},
		{"secret of the install phase", func(in *Inputs) { in.Secrets = map[string]string{"install": "f1"} }, []string{"secrets"}, true},
		{"secret of another phase", func(in *Inputs) { in.Secrets = map[string]string{"build": "f1", "gone": "f2"} }, nil, false},
		{"unrelated phase", func(in *Inputs) {
			phase(in, "ruby:helper", func(p *plan.Phase) { p.Cmds = nil })
		}, nil, false},
	}
	base := NewKey(inputs())
	if len(base.Exact) != 32 || len(base.Setup) != 32 || base.Exact == base.Setup {
		t.Fatalf("unexpected keys: %+v", base)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := inputs()
			tt.change(&in)
			got := NewKey(in)
			if diff := cmp.Diff(tt.differ, got.Parts.Differs(base.Parts)); diff != "" {
				t.Errorf("parts that differ (-want +got):\n%s", diff)
			}
			if changed := got.Exact != base.Exact; changed != (tt.differ != nil) {
				t.Errorf("exact key changed: %v", changed)
			}
			if changed := got.Setup != base.Setup; changed != tt.setup {
				t.Errorf("setup key changed: %v, want %v", changed, tt.setup)
			}
		})
	}
}

func TestKeyIsStable(t *testing.T) {
	want := NewKey(inputs())
	for range 50 {
		if diff := cmp.Diff(want, NewKey(inputs())); diff != "" {
			t.Fatal(diff)
		}
	}
}
