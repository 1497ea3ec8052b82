package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectDeno(t *testing.T) {
	const from = "https://deno.land/std@0.140.0/http/server.ts"
	testDetect(t, denoProvider, []detection{
		{repo{"deno.json": "", "deno.jsonc": ""}, "deno.json"},
		{repo{"deno.jsonc": ""}, "deno.jsonc"},
		{repo{"src/a.tsx": "import { serve } from \"" + from + "\";"}, "src/a.tsx imports from deno.land"},
		{repo{"a.js": "import x from `" + from + "`"}, "a.js imports from deno.land"},
		{repo{"a.mjs": "import x from '" + from + "'"}, ""},
		{repo{"a.ts": "import x from 'https://deno.land/x/y'"}, ""},
		{repo{"a.ts": "import x from 'https://esm.sh/x.ts'"}, ""},
		{repo{"a.ts": "\xff"}, ""},
	})
	if _, err := denoProvider.Detect(brokenWalk(t, repo{"a": "", "b": ""})); err == nil {
		t.Error("no error for a broken walk")
	}
}

func TestDenoPlan(t *testing.T) {
	out := mustPlan(t, denoProvider, appOf(t, repo{"index.ts": "", "a/index.js": "import x from 'npm:x'"}, nil))
	why := "it is the first index file"
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{"deno"}, NixOverlays: []string{}},
				"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{"deno cache a/index.js"}},
			},
			Start: &plan.Start{Cmd: new("deno run --allow-all a/index.js")},
		},
		Warnings: []string{"there is no deno.lock, so each build may install other versions; commit one"},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "no version of Deno can be asked for"},
			{Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "deno cache a/index.js"}, File: "a/index.js", Why: why},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: "a/index.js", Why: why},
		},
	}, out)
}

func TestDenoStart(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string // "" for none
	}{
		{"the task", repo{"deno.json": `{"tasks": {"start": "deno task x && y"}}`, "index.ts": ""}, "deno task x && y"},
		{"the task with comments", repo{"deno.json": `{/* x */"tasks": {"start": "a"}}`}, "a"},
		{"the task of the other file", repo{"deno.json": `{/* x */"tasks": {"start": "a"}}`, "deno.jsonc": `{"tasks": {"start": "b"}} // y`}, "b"},
		{"deno.json before the other file", repo{"deno.json": `{}`, "deno.jsonc": `{"tasks": {"start": "b"}}`}, ""},
		{"a task with a description", repo{"deno.json": `{"tasks": {"start": {"description": "x", "command": "a"}}}`}, "a"},
		{"a task without a command", repo{"deno.json": `{"tasks": {"start": {"dependencies": ["x"]}}}`, "index.ts": ""}, "deno run --allow-all index.ts"},
		{"no task", repo{"deno.json": `{"tasks": {"start": null}}`, "b/index.tsx": ""}, "deno run --allow-all b/index.tsx"},
		{"a path of two words", repo{"deno.json": `{}`, "a b/index.tsx": ""}, "deno run --allow-all 'a b/index.tsx'"},
		{"nothing", repo{"deno.json": `{}`, "main.ts": ""}, ""},
	} {
		out := mustPlan(t, denoProvider, appOf(t, tt.files, nil))
		got := ""
		if out.Plan.Start != nil {
			got = *out.Plan.Start.Cmd
		}
		diffOf(t, tt.name, tt.want, got)
	}
	out := mustPlan(t, denoProvider, appOf(t, repo{"deno.json": "{\n\"tasks\": {\n\"start\": \"a\"}}"}, nil))
	diffOf(t, "reason", Reason{plan.Fact{Phase: "start", Field: "cmd"}, "deno.json", 3, `tasks.start is "a"`}, out.Reasons[1])
}

func TestDenoLockfileMattersForRemoteImports(t *testing.T) {
	for _, tt := range []struct {
		files repo
		warns bool
	}{
		{repo{"deno.json": `{"imports": {"a": "jsr:@std/http@^1"}}`}, true},
		{repo{"a.ts": `import "./b.ts"; export { x } from "https://deno.land/x/y.ts"`}, true},
		{repo{"import_map.json": `{"imports": {"a": "https://deno.land/x/y.ts"}}`}, true},
		{repo{"import_map.json": `{"imports": {"a": "https://deno.land/x/y.ts"}}`, "deno.lock": "{}"}, false},
		{repo{"deno.json": `{"$schema": "https://deno.land/x/deno/cli/schemas/config-file.v1.json"}`}, false},
	} {
		if out := mustPlan(t, denoProvider, appOf(t, tt.files, nil)); len(out.Warnings) > 0 != tt.warns {
			t.Errorf("%v: warnings %q", tt.files, out.Warnings)
		}
	}
}

func TestDenoErrors(t *testing.T) {
	_, err := denoProvider.Plan(appOf(t, repo{"deno.json": "{"}, nil))
	wantSourceError(t, err, "deno.json")
	_, err = denoProvider.Plan(appOf(t, repo{"deno.json": "{", "deno.jsonc": "["}, nil))
	wantSourceError(t, err, "deno.jsonc")
	if _, err := denoProvider.Plan(brokenWalk(t, repo{"deno.json": "{}", "b": ""})); err == nil {
		t.Error("no error for a broken walk")
	}
}

func TestOtherManifestsOutweighImportsFromDenoLand(t *testing.T) {
	const script = `import { serve } from "https://deno.land/std/http/server.ts";`
	newest := denoProvider
	newest.Detect = newest.Newest
	testDetect(t, newest, []detection{
		{repo{"vendor/a.ts": script, "package.json": "{}"}, ""},
		{repo{"vendor/a.ts": script, "package.json": "{}", "deno.json": "{}"}, "deno.json"},
		{repo{"vendor/a.ts": script}, "vendor/a.ts imports from deno.land"},
	})
}

func TestATaskOfDenoThatWatchesFilesIsForDevelopment(t *testing.T) {
	const watch = `"start": "deno run -A --watch=static/,routes/ dev.ts"`
	for _, tt := range []struct {
		name  string
		files repo
		start string
		build []string
	}{
		{"Fresh 1", repo{denoJSON: `{"tasks": {` + watch + `, "build": "deno run -A dev.ts build", "preview": "deno run -A main.ts"}}`, "main.ts": "", "dev.ts": ""},
			"deno run -A main.ts", []string{"deno cache main.ts", "deno task build"}},
		{"an older Fresh", repo{denoJSON: `{"tasks": {` + watch + `}}`, "main.ts": "", "dev.ts": ""}, "deno run --allow-all main.ts", []string{"deno cache main.ts"}},
		{"nothing else", repo{denoJSON: `{"tasks": {` + watch + `}}`, "dev.ts": ""}, "deno run -A dev.ts", nil},
		{"Fresh 2", repo{denoJSON: `{"tasks": {"start": "deno serve -A _fresh/server.js", "build": "vite build"}}`, "main.ts": ""},
			"deno serve -A _fresh/server.js", []string{"deno cache main.ts", "deno task build"}},
	} {
		out := mustPlan(t, denoProvider, newest(t, tt.files, nil))
		diffOf(t, tt.name, tt.start, *out.Plan.Start.Cmd)
		diffOf(t, tt.name+": build", tt.build, out.Plan.Phases["build"].Cmds)
	}
	exact := mustPlan(t, denoProvider, appOf(t, repo{denoJSON: `{"tasks": {` + watch + `}}`, "main.ts": ""}, nil))
	diffOf(t, "edition 1.39", "deno run -A --watch=static/,routes/ dev.ts", *exact.Plan.Start.Cmd)
}

func TestASiteOfDenoIsServed(t *testing.T) {
	site := repo{denoJSON: `{"exports": {}, "tasks": {"build": "deno run -A npm:vite build"}}`, "index.html": `<script src="/src/main.tsx">`, "src/main.tsx": "", "vite.config.ts": "export default {\n  build: {\n    outDir: 'out',\n  },\n}"}
	out := mustPlan(t, denoProvider, newest(t, site, nil))
	diffOf(t, "build", []string{"deno task build"}, out.Plan.Phases["build"].Cmds)
	diffOf(t, "what is served", []string{"out"}, out.Plan.Start.OnlyIncludeFiles)
	library := mustPlan(t, denoProvider, newest(t, repo{denoJSON: `{"exports": {".": "./src/index.ts"}, "tasks": {"build": "deno check src/index.ts"}}`, "src/index.ts": ""}, nil))
	diffOf(t, "a library", "deno.json has exports and no task start, so that it is a library", library.NoStart)
	if library.Plan.Start != nil {
		t.Errorf("a library is started by %s", *library.Plan.Start.Cmd)
	}
}
