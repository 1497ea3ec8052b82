package providers

import (
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

func TestDetectZig(t *testing.T) {
	testDetect(t, zigProvider, []detection{{repo{"src/b.zig": "", "c.zig": ""}, "c.zig"}, {repo{"build.zig.zon": ""}, ""}})
}

func TestZigPlan(t *testing.T) {
	out := mustPlan(t, zigProvider, appOf(t, repo{"build.zig": ""}, nil))
	out.Fixes = nil
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"zig"}, NixOverlays: []string{}},
				"install": {DependsOn: []string{"setup"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"zig build -Doptimize=ReleaseSafe"}},
			},
			Start: &plan.Start{Cmd: new("./zig-out/bin/app")},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "no version of Zig can be asked for"},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, Why: "the program is taken to be named like the app's directory"},
		},
	}, out)
}

func TestZigSubmodules(t *testing.T) {
	out := mustPlan(t, zigProvider, appOf(t, repo{"build.zig": "", ".gitmodules": ""}, nil))
	diffOf(t, "install", []string{"git submodule update --init"}, out.Plan.Phases["install"].Cmds)
	diffOf(t, "reason", Reason{plan.Fact{Phase: "install", Field: "cmd"}, ".gitmodules", 0, "the app has submodules"}, out.Reasons[1])
	diffOf(t, "warnings", []string{"the install runs git submodule update --init, but .git is never in the build; check submodules out before and set the install command to true"}, out.Warnings)
	testInstallFiles(t, zigProvider, []installCase{
		{name: "submodules", files: repo{".gitmodules": ""}, blocker: "git takes the submodules into the app"},
		{name: "none", files: repo{"build.zig": ""}},
	})
}

func TestZigProgramHasTheNameOfTheDirectory(t *testing.T) {
	for name, want := range map[string]string{"shop": "./zig-out/bin/shop", "my shop": "'./zig-out/bin/my shop'"} {
		tree, err := source.New(fstest.MapFS{"build.zig": {}}, name, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		out := mustPlan(t, zigProvider, App{Tree: tree})
		diffOf(t, name, want, *out.Plan.Start.Cmd)
	}
}

func TestZigProgram(t *testing.T) {
	for _, tt := range []struct{ build, want string }{
		{`const exe = b.addExecutable(.{ .root_source_file = x, .name = "shop-1.0" }); b.addExecutable(.{.name="b"});`, "./zig-out/bin/shop-1.0"},
		{`b.addStaticLibrary(.{ .name = "lib" }); b.addExecutable(.{ .name = "shop" });`, "./zig-out/bin/shop"},
		{`b.addExecutable("shop", "src/main.zig")`, "./zig-out/bin/shop"},
		{`b.addExecutable(.{ .name = name }); b.addTest(.{ .name = "test" });`, "./zig-out/bin/*"},
		{`b.addExecutable(.{ .name = "$(x)" })`, "./zig-out/bin/*"},
		{"\xff", "./zig-out/bin/*"},
		{"", "./zig-out/bin/*"},
	} {
		diffOf(t, tt.build, tt.want, fixedStart(mustPlan(t, zigProvider, appOf(t, repo{"build.zig": tt.build}, nil))))
	}
	out := mustPlan(t, zigProvider, appOf(t, repo{"a.zig": ""}, nil))
	diffOf(t, "no build", "./zig-out/bin/*", fixedStart(out))
	diffOf(t, "warnings", []string{"there is no build.zig, which zig build needs"}, out.Warnings)
}

// fixedStart is the start command of the newest edition.
func fixedStart(out Output) string { return *out.Fixes[0].Over.Start.Cmd }
