package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// reasoned is a provider that says why.
var reasoned = func() providers.Provider {
	p := fake("elk")
	inner := p.Plan
	p.Plan = func(app providers.App) (providers.Output, error) {
		out, err := inner(app)
		out.Reasons = []providers.Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "any package"},
			{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "elk"}, File: "elk", Line: 3, Why: "it says so"},
			{Fact: plan.Fact{Field: "variable BY"}, Why: "the field alone"},
		}
		return out, err
	}
	return p
}()

// list is one line an origin.
func list(all []Origin) []string {
	var lines []string
	for _, o := range all {
		line := fmt.Sprintf("%s %s %s < %s", o.Phase, o.Field, o.Value, o.By)
		if o.File != "" {
			line += fmt.Sprintf(" %s:%d", o.File, o.Line)
		}
		if o.Why != "" {
			line += " (" + o.Why + ")"
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func TestOrigins(t *testing.T) {
	archive, err := providers.PinnedArchive(providers.App{Edition: rules.Newest})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		given given
		has   []string
	}{
		{
			"providers, the second under its prefix",
			given{files: map[string]string{"ant": "", "elk": "", "nixpacks.toml": "providers = ['...', 'elk']"}},
			[]string{
				"setup nix ant < provider ant",
				"elk:setup nix elk < provider elk elk:3 (it says so)",
				"elk:install after elk:setup < provider elk",
				"variable BY ant < provider ant",
				"variable NIXPACKS_METADATA ant,ant-label,elk,elk-label < default (names the providers)",
				"elk:install file elk.lock < rule install-files (install sees elk.lock only)",
				"start cmd ant start < provider ant",
			},
		},
		{
			"a reason for a whole field",
			given{files: map[string]string{"elk": ""}},
			[]string{"variable BY elk < provider elk (the field alone)"},
		},
		{
			"the file, the environment, the options and what is filled in",
			given{
				files: with(ant, "nixpacks.toml", "[variables]\nA = '1'\n[phases.setup]\nnixPkgs = ['...',\n'jq']\n[phases.extra]\ncmds = ['x']\n"),
				env:   plan.Vars{"B": "2", "NIXPACKS_APT_PKGS": "curl", "NIXPACKS_BUILD_CMD": "make"},
				flags: config.Flags{StartCmd: new("run"), Libs: []string{"zlib"}},
			},
			[]string{
				"variable A 1 < nixpacks.toml nixpacks.toml:2",
				"variable B 2 < --env",
				"setup nix jq < nixpacks.toml nixpacks.toml:5",
				"setup nix ant < provider ant",
				"setup apt curl < NIXPACKS_APT_PKGS",
				"setup nix-lib zlib < --libs",
				"build cmd make < NIXPACKS_BUILD_CMD",
				"extra cmd x < nixpacks.toml nixpacks.toml:7",
				"start cmd run < --start-cmd",
				"build image " + plan.UbuntuImage + " < default (no other is asked for)",
				"setup nixpkgs " + archive + " < default (no archive is asked for)",
			},
		},
		{
			"a saved plan and a Procfile",
			given{files: with(ant, "Procfile", "worker: b\nweb: a\n"), json: `{"phases": {"install": {"cmds": ["pip"]}}}`, edition: "1.39"},
			[]string{
				"start cmd a < Procfile Procfile:2",
				"install cmd pip < --json-plan",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.given.input(t)
			in.Providers = append(in.Providers, reasoned)
			got, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(plan.Facts(got.Plan)); n != len(got.Origins) {
				t.Errorf("%d facts have %d origins", n, len(got.Origins))
			}
			lines := list(got.Origins)
			all := strings.Join(lines, "\n") + "\n"
			for _, want := range tt.has {
				if !strings.Contains(all, want+"\n") {
					t.Errorf("there is no %q in\n%s", want, all)
				}
			}
		})
	}
}

func TestOriginsAreInTheOrderOfTheFacts(t *testing.T) {
	got := given{files: ant, edition: string(rules.Newest)}.make(t)
	var facts []plan.Fact
	for _, o := range got.Origins {
		facts = append(facts, o.Fact)
	}
	if d := cmp.Diff(plan.Facts(got.Plan), facts); d != "" {
		t.Error(d)
	}
}

func TestSourceIsOneLine(t *testing.T) {
	for _, tt := range []struct {
		origin Origin
		want   string
	}{
		{Origin{By: "default"}, "default"},
		{Origin{By: "provider go", Why: "no version is asked for"}, "provider go: no version is asked for"},
		{Origin{By: "provider go", File: "go.mod", Line: 3, Why: "go 1.22"}, "go.mod:3: go 1.22"},
		{Origin{By: "provider go", File: "go.sum"}, "go.sum"},
	} {
		if got := tt.origin.Source(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
