package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestFill(t *testing.T) {
	tests := []struct {
		name             string
		orig, repl, want []string
	}{
		{"nothing on either side", nil, nil, nil},
		{"absent keeps", []string{"a"}, nil, []string{"a"}},
		{"empty replaces", []string{"a"}, []string{}, []string{}},
		{"elements replace", []string{"a"}, []string{"b"}, []string{"b"}},
		{"token stays before what it stands for", []string{"a", "b"}, []string{"x", "...", "y"}, []string{"x", "...", "a", "b", "y"}},
		{"auto is a token too", []string{"a"}, []string{"@auto", "y"}, []string{"@auto", "a", "y"}},
		{"token of nothing", nil, []string{"..."}, []string{"..."}},
		{"two tokens repeat", []string{"a"}, []string{"...", "..."}, []string{"...", "a", "...", "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, plan.Fill(tt.orig, tt.repl)); diff != "" {
				t.Errorf("Fill (-want +got):\n%s", diff)
			}
		})
	}
}

// nixpacks-1.39.md 1.2: lower layers appear more than once when two layers extend the same list.
func TestMergeRepeatsLowerLayers(t *testing.T) {
	layer := func(pkgs ...string) plan.Plan {
		return plan.Plan{Phases: map[string]plan.Phase{"setup": {NixPkgs: pkgs}}}
	}
	user := plan.Merge(plan.Merge(plan.Plan{}, layer("...", "a")), layer("b", "c", "..."))
	got := plan.Pin(plan.Merge(layer("P"), user), false).Phases["setup"].NixPkgs
	if diff := cmp.Diff([]string{"b", "c", "P", "P", "a"}, got); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name       string
		a, b, want string
	}{
		{"there is always a phase map", `{}`, `{}`, `{"phases":{}}`},
		{
			"b wins",
			`{"edition":"1","buildImage":"a","variables":{"A":"a","B":"a"},"staticAssets":{"x":"a"},"phases":{}}`,
			`{"edition":"2","buildImage":"b","variables":{"B":"b","C":"b"},"staticAssets":{"y":"b"}}`,
			`{"edition":"2","buildImage":"b","variables":{"A":"a","B":"b","C":"b"},"staticAssets":{"x":"a","y":"b"},"phases":{}}`,
		},
		{
			"an absent field of b keeps that of a",
			`{"edition":"1","providers":["x"],"buildImage":"a","variables":{},"staticAssets":{"x":"a"},"start":{"cmd":"a"}}`,
			`{"phases":{}}`,
			`{"edition":"1","providers":["x"],"buildImage":"a","variables":{},"staticAssets":{"x":"a"},"phases":{},"start":{"cmd":"a"}}`,
		},
		{
			"without phases in a those of b stay as they are",
			`{}`, `{"phases":{"install":{"cmds":["x"]}}}`, `{"phases":{"install":{"cmds":["x"]}}}`,
		},
		{
			"new install and build phases get what they depend on",
			`{"phases":{}}`, `{"phases":{"install":{},"build":{"cmds":["x"]},"other":{}}}`,
			`{"phases":{"install":{"dependsOn":["setup"]},"build":{"dependsOn":["install"],"cmds":["x"]},"other":{}}}`,
		},
		{
			"they may extend or replace it",
			`{"phases":{}}`, `{"phases":{"install":{"dependsOn":["...","x"]},"build":{"dependsOn":[]}}}`,
			`{"phases":{"install":{"dependsOn":["...","setup","x"]},"build":{"dependsOn":[]}}}`,
		},
		{
			"a phase of both is filled field by field",
			`{"phases":{"install":{"nixpkgsArchive":"a","cmds":["a"],"paths":["/a"],"secrets":["A"]}}}`,
			`{"phases":{"install":{"nixpkgsArchive":"b","cmds":["...","b"],"secrets":["...","B"]}}}`,
			`{"phases":{"install":{"nixpkgsArchive":"b","cmds":["...","a","b"],"paths":["/a"],"secrets":["...","A","B"]}}}`,
		},
		{
			"start of b alone", `{}`, `{"start":{"onlyIncludeFiles":["...","x"]}}`,
			`{"phases":{},"start":{"onlyIncludeFiles":["...","x"]}}`,
		},
		{
			"start of both",
			`{"start":{"cmd":"a","user":"u","onlyIncludeFiles":["x"]}}`,
			`{"start":{"cmd":"b","runImage":"r","onlyIncludeFiles":["...","y"]}}`,
			`{"phases":{},"start":{"cmd":"b","runImage":"r","onlyIncludeFiles":["...","x","y"],"user":"u"}}`,
		},
		{"an empty start of b is a start", `{}`, `{"start":{}}`, `{"phases":{},"start":{}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := plan.Merge(mustParse(t, tt.a), mustParse(t, tt.b))
			if diff := cmp.Diff(mustParse(t, tt.want), got); diff != "" {
				t.Errorf("Merge (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPrefix(t *testing.T) {
	p := mustParse(t, `{"variables":{"A":"1"},"phases":{"setup":{"nixPkgs":["x"]},"install":{"dependsOn":["setup","..."]}}}`)
	want := mustParse(t, `{"variables":{"A":"1"},"phases":{"node:setup":{"nixPkgs":["x"]},"node:install":{"dependsOn":["node:setup","node:..."]}}}`)
	if diff := cmp.Diff(want, plan.Prefix(p, "node")); diff != "" {
		t.Errorf("Prefix (-want +got):\n%s", diff)
	}
	if got := plan.Prefix(plan.Plan{}, "node"); got.Phases != nil {
		t.Errorf("Prefix of no phases = %v, want none", got.Phases)
	}
}

func TestPin(t *testing.T) {
	p := mustParse(t, `{"edition":"1.39","providers":["...","node"],"phases":{
		"pkgs":{"nixPkgs":["a","...","b"]}, "libs":{"nixLibs":["@auto"]}, "fixed":{"nixPkgs":["a"],"nixpkgsArchive":"x"},
		"none":{"nixPkgs":[],"cmds":["...","x","@auto"],"dependsOn":["..."]}},
		"start":{"onlyIncludeFiles":["...","x"]}}`)
	tests := []struct {
		debian         bool
		image, archive string
	}{
		{false, plan.UbuntuImage, plan.DefaultArchive},
		{true, plan.DebianImage, plan.DebianArchive},
	}
	for _, tt := range tests {
		want := mustParse(t, `{"providers":[],"buildImage":"`+tt.image+`","phases":{
			"pkgs":{"nixPkgs":["a","b"],"nixpkgsArchive":"`+tt.archive+`"}, "libs":{"nixLibs":[],"nixpkgsArchive":"`+tt.archive+`"},
			"fixed":{"nixPkgs":["a"],"nixpkgsArchive":"x"}, "none":{"nixPkgs":[],"cmds":["x"],"dependsOn":[]}},
			"start":{"onlyIncludeFiles":["x"]}}`)
		if diff := cmp.Diff(want, plan.Pin(p, tt.debian)); diff != "" {
			t.Errorf("Pin with debian=%v (-want +got):\n%s", tt.debian, diff)
		}
	}
	if got := plan.Pin(plan.Plan{BuildImage: new("own")}, true); *got.BuildImage != "own" {
		t.Errorf("build image = %q, want own", *got.BuildImage)
	}
}

func TestPinnedPlansStay(t *testing.T) {
	for seed := range uint64(500) {
		once := plan.Pin(randomPlan(seed), false)
		if diff := cmp.Diff(once, plan.Pin(once, true)); diff != "" {
			t.Fatalf("seed %d: second Pin changes (-first +second):\n%s", seed, diff)
		}
		// The empty first layer and no later layer are what a plan that is fed back goes through.
		if once.Phases != nil {
			again := plan.Pin(plan.Merge(plan.Merge(plan.Plan{}, once), plan.Plan{}), false)
			if diff := cmp.Diff(once, again); diff != "" {
				t.Fatalf("seed %d: merging changes (-want +got):\n%s", seed, diff)
			}
		}
	}
}

func TestMergeWithNothing(t *testing.T) {
	for seed := range uint64(500) {
		want := randomPlan(seed)
		if want.Phases == nil {
			want.Phases = map[string]plan.Phase{}
		}
		if diff := cmp.Diff(want, plan.Merge(randomPlan(seed), plan.Plan{})); diff != "" {
			t.Fatalf("seed %d: nothing over p (-want +got):\n%s", seed, diff)
		}
		if diff := cmp.Diff(want, plan.Merge(plan.Plan{}, randomPlan(seed))); diff != "" {
			t.Fatalf("seed %d: p over nothing (-want +got):\n%s", seed, diff)
		}
	}
}

func TestResultsShareNothing(t *testing.T) {
	list := []string{"a"}
	makers := map[string]func(a, b plan.Plan) plan.Plan{
		"Clone":  func(a, _ plan.Plan) plan.Plan { return a.Clone() },
		"Merge":  plan.Merge,
		"Prefix": func(a, _ plan.Plan) plan.Plan { return plan.Prefix(a, "x") },
		"Pin":    func(a, _ plan.Plan) plan.Plan { return plan.Pin(a, false) },
	}
	for name, make := range makers {
		for seed := range uint64(300) {
			a, b := randomPlan(seed), randomPlan(seed+1)
			got := make(a, b)
			if diff := cmp.Diff(randomPlan(seed), a); diff != "" {
				t.Fatalf("%s, seed %d: argument changed (-before +after):\n%s", name, seed, diff)
			}
			if diff := cmp.Diff(randomPlan(seed+1), b); diff != "" {
				t.Fatalf("%s, seed %d: argument changed (-before +after):\n%s", name, seed, diff)
			}
			before := string(got.JSON())
			scribble(a)
			scribble(b)
			if after := string(got.JSON()); after != before {
				t.Fatalf("%s, seed %d: result changed with its argument:\n%s", name, seed, cmp.Diff(before, after))
			}
		}
	}
	kept, replaced := plan.Fill(list, nil), plan.Fill(nil, list)
	list[0] = "scribbled"
	if kept[0] != "a" || replaced[0] != "a" {
		t.Errorf("Fill shares its argument: %v %v", kept, replaced)
	}
}

func mustParse(t *testing.T, text string) plan.Plan {
	t.Helper()
	p, warnings, err := plan.ParseJSON([]byte(text))
	if err != nil || len(warnings) > 0 {
		t.Fatalf("parsing %s: %v %v", text, err, warnings)
	}
	return p
}
