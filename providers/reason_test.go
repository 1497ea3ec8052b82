package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestCausesDecideFacts(t *testing.T) {
	app := appOf(t, repo{
		"global.json": "{\n  \"sdk\": {\n    \"version\": \"8.0.100\"\n  }\n}\n",
		"mix.exs":     "defmodule M do\n  elixir: \"~> 1.14\"\n",
	}, plan.Vars{"NIXPACKS_GO_BIN": "web"})
	fact := plan.Fact{Phase: "setup", Field: "nix", Value: "x"}
	for _, tt := range []struct {
		cause cause
		want  Reason
	}{
		{byDefault("no version is asked for"), Reason{fact, "", 0, "no version is asked for"}},
		{byVariable(app, "GO_BIN"), Reason{fact, "", 0, `the variable NIXPACKS_GO_BIN is "web"`}},
		{byFile("mix.exs", "the app has one"), Reason{fact, "mix.exs", 0, "the app has one"}},
		{byLine(app, "mix.exs", "elixir:", "it asks for it"), Reason{fact, "mix.exs", 2, "it asks for it"}},
		{byKey(app, "global.json", "8.0.100", "sdk", "version"), Reason{fact, "global.json", 3, `sdk.version is "8.0.100"`}},
	} {
		diffOf(t, tt.cause.why, tt.want, tt.cause.decided("setup", "nix", "x"))
	}
}

func TestALongValueIsShortenedInItsReason(t *testing.T) {
	app := appOf(t, nil, plan.Vars{"NIXPACKS_GO_BIN": strings.Repeat("x", 1000)})
	if why := byVariable(app, "GO_BIN").why; len(why) > 100 {
		t.Errorf("the reason has %d bytes", len(why))
	}
}

func TestNoLockfileWarns(t *testing.T) {
	const want = "there is no a.lock, so each build may install other versions; commit one"
	diffOf(t, "no lockfile", []string{want}, noLockfile(appOf(t, repo{"a": ""}, nil), "a.lock", "b.lock"))
	diffOf(t, "the other lockfile", []string(nil), noLockfile(appOf(t, repo{"b.lock": ""}, nil), "a.lock", "b.lock"))
}
