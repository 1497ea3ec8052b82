package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectDart(t *testing.T) {
	testDetect(t, dartProvider, []detection{{repo{"pubspec.yaml": ""}, "pubspec.yaml"}, {repo{"a/pubspec.yaml": ""}, ""}})
}

func TestDartPlan(t *testing.T) {
	out := mustPlan(t, dartProvider, appOf(t, repo{"pubspec.yaml": "# a shop\nname: shop\nversion: 1.0.0\n", "bin/shop.dart": ""}, nil))
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"dart"}, NixOverlays: []string{}},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"dart pub get"}, OnlyIncludeFiles: []string{"pubspec.yaml"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"dart compile exe bin/shop.dart"}},
			},
			Start: &plan.Start{Cmd: new("./bin/shop.exe")},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "no version of Dart can be asked for"},
			{Fact: plan.Fact{Phase: "build", Field: "cmd"}, File: "pubspec.yaml", Line: 2, Why: "name is shop"},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: "pubspec.yaml", Line: 2, Why: "name is shop"},
		},
	}, out)
}

func TestDartWarnings(t *testing.T) {
	const noLock = "there is no pubspec.lock, so each build may install other versions; commit one"
	for _, tt := range []struct {
		name  string
		files repo
		want  []string
	}{
		{"no lock", repo{"pubspec.yaml": "name: a\ndev_dependencies: {lints: any}", "bin/a.dart": ""}, []string{noLock}},
		{"a lock", repo{"pubspec.yaml": "name: a\ndependencies: {b: any}", "bin/a.dart": "", "pubspec.lock": "x"}, nil},
		{"no program", repo{"pubspec.yaml": "name: a"}, []string{"there is no bin/a.dart to compile, after the name in pubspec.yaml"}},
	} {
		diffOf(t, tt.name, tt.want, mustPlan(t, dartProvider, appOf(t, tt.files, nil)).Warnings)
	}
}

func TestDartRefusesNames(t *testing.T) {
	for _, text := range []string{"", "version: 1.0.0", "name: 'a b'", "name: $(x)", "name: ../x", "name: [a]"} {
		_, err := dartProvider.Plan(appOf(t, repo{"pubspec.yaml": text}, nil))
		wantSourceError(t, err, "pubspec.yaml")
	}
}

func TestDartInstallFiles(t *testing.T) {
	base := repo{"pubspec.yaml": "name: a\ndependencies: {b: ^1.0.0, c: {hosted: 'https://c.example', version: any}, d: {git: 'https://d.example/d.git'}, e: {sdk: flutter}}", "pubspec.lock": "x"}
	spec := func(text string) repo { return over(base, repo{"pubspec.yaml": "name: a\n" + text}) }
	testInstallFiles(t, dartProvider, []installCase{
		{name: "manifest and lock", files: base, want: []string{"pubspec.lock", "pubspec.yaml"}},
		{name: "overrides", files: over(base, repo{"pubspec_overrides.yaml": "dependency_overrides: {b: 1.0.1}"}), want: []string{"pubspec.lock", "pubspec.yaml", "pubspec_overrides.yaml"}},
		{name: "a path", files: spec("dependencies: {b: {path: b}}"), blocker: "pubspec.yaml takes b from a path"},
		{name: "a path for development", files: spec("dev_dependencies: {b: {path: b}}"), blocker: "pubspec.yaml takes b from a path"},
		{name: "a path by an override", files: over(base, repo{"pubspec_overrides.yaml": "dependency_overrides: {b: {path: b}}"}), blocker: "pubspec_overrides.yaml takes b from a path"},
		{name: "a repository of the app", files: spec("dependencies: {b: {git: {url: ./b}}}"), blocker: "pubspec.yaml takes b from a path"},
		{name: "a workspace", files: spec("workspace: [b]"), blocker: "pubspec.yaml is of a workspace"},
		{name: "a member of a workspace", files: spec("resolution: workspace"), blocker: "pubspec.yaml is of a workspace"},
		{name: "broken overrides", files: over(base, repo{"pubspec_overrides.yaml": "["}), blocker: "pubspec_overrides.yaml line 1 is not understood"},
	})
}
