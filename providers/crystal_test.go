package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectCrystal(t *testing.T) {
	testDetect(t, crystalProvider, []detection{{repo{"shard.yml": ""}, "shard.yml"}, {repo{"src/shard.yml": ""}, ""}})
}

func TestCrystalPlan(t *testing.T) {
	out := mustPlan(t, crystalProvider, appOf(t, repo{"shard.yml": "name: shop\ntargets:\n  shop:\n    main: src/shop.cr\n"}, nil))
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"crystal", "shards"}, NixOverlays: []string{}},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"shards install"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"shards build"}},
			},
			Start: &plan.Start{Cmd: new("./bin/shop")},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "no version of Crystal can be asked for"},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: "shard.yml", Line: 3, Why: "it is the only target"},
		},
	}, out)
}

func TestCrystalTarget(t *testing.T) {
	for _, tt := range []struct{ shard, want, why string }{
		{"name: shop\ntargets: {b: {main: x}, a: {main: y}}", "./bin/a", "it is the first target in byte order"},
		{"name: b\ntargets: {b: {main: x}, a: {main: y}}", "./bin/b", "the target is named like the shard"},
		{"name: shop\ntargets: {a-b_c.d: {main: x}}", "./bin/a-b_c.d", "it is the only target"},
	} {
		out := mustPlan(t, crystalProvider, appOf(t, repo{"shard.yml": tt.shard}, nil))
		diffOf(t, tt.shard, tt.want, *out.Plan.Start.Cmd)
		diffOf(t, tt.shard, tt.why, out.Reasons[1].Why)
	}
}

func TestCrystalRefusesWhatCannotStart(t *testing.T) {
	for _, shard := range []string{
		"", "targets: {a: {main: x}}", "name: shop\n", "name: shop\ntargets: {}", "name: shop\ntargets: {'$(x)': {main: y}}", "name: [",
	} {
		_, err := crystalProvider.Plan(appOf(t, repo{"shard.yml": shard}, nil))
		wantSourceError(t, err, "shard.yml")
	}
}

func TestCrystalInstallFiles(t *testing.T) {
	const head = "name: shop\ntargets: {shop: {main: x.cr}}\n"
	base := repo{"shard.yml": head, "shard.lock": "x"}
	over := func(name, text string) repo { return over(base, repo{name: text}) }
	all := []string{"shard.lock", "shard.override.yml", "shard.yml"}
	testInstallFiles(t, crystalProvider, []installCase{
		{name: "manifest and lock", files: base, want: []string{"shard.lock", "shard.yml"}},
		{name: "shards of hosts and addresses", files: over("shard.override.yml", "dependencies: {a: {github: x/a}, b: {git: 'https://x.example/b.git'}}\n"), want: all},
		{name: "a shard of the app", files: over("shard.yml", head+"dependencies: {money: {path: money}}\n"), blocker: "shard.yml takes money from a path"},
		{name: "a shard of the app for development", files: over("shard.yml", head+"development_dependencies: {money: {path: money}}\n"), blocker: "shard.yml takes money from a path"},
		{name: "a repository of the app", files: over("shard.yml", head+"dependencies: {money: {git: ./money}}\n"), blocker: "shard.yml takes money from a path"},
		{name: "a shard from an unknown place", files: over("shard.yml", head+"dependencies: {money: {version: '1'}}\n"), blocker: "shard.yml takes money from a path"},
		{name: "an override by a folder", files: over("shard.override.yml", "dependencies: {money: {path: money}}\n"), blocker: "shard.override.yml takes money from a path"},
		{name: "a broken override", files: over("shard.override.yml", "x: ["), blocker: "shard.override.yml line 1 is not understood"},
		{name: "installed shards", files: over("lib/money/shard.yml", "x"), blocker: "lib holds shards that the install looks at"},
		{name: "an override by a variable", files: base, vars: plan.Vars{"SHARDS_OVERRIDE": "x.yml"}, blocker: "the variable SHARDS_OVERRIDE names a file that the install reads"},
	})
}

func TestCrystalWarnsWithoutALock(t *testing.T) {
	const shard = "name: shop\ntargets: {shop: {main: x}}\ndependencies: {a: {github: x/a}}\n"
	diffOf(t, "without", []string{"there is no shard.lock, so each build may install other versions; commit one"},
		mustPlan(t, crystalProvider, appOf(t, repo{"shard.yml": shard}, nil)).Warnings)
	diffOf(t, "with", []string(nil), mustPlan(t, crystalProvider, appOf(t, repo{"shard.yml": shard, "shard.lock": "x"}, nil)).Warnings)
}
