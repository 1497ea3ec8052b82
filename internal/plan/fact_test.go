package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFacts(t *testing.T) {
	got := Facts(Plan{
		Providers: []string{"go"},
		Variables: map[string]string{"B": "2", "A": "1"},
		Phases: map[string]Phase{
			"setup": {NixPkgs: []string{"go"}, OnlyIncludeFiles: []string{}},
			"build": {DependsOn: []string{"setup"}, Cmds: []string{"go build"}},
		},
		Start: &Start{Cmd: new("./out")},
	})
	want := []Fact{
		{"", "provider", "go"},
		{"", "variable A", "1"},
		{"", "variable B", "2"},
		{"setup", "nix", "go"},
		{"build", "after", "setup"},
		{"build", "cmd", "go build"},
		{"start", "cmd", "./out"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
