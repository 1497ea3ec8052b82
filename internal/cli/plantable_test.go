package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

func TestTheTableOfAPlanFitsTheTerminal(t *testing.T) {
	p := plan.Plan{
		Phases: map[string]plan.Phase{
			"install": {NixPkgs: []string{"nodejs_22", strings.Repeat("package", 20)}, NixLibs: []string{"nodejs_22"}, Cmds: []string{"npm ci", strings.Repeat("word ", 60)}},
		},
		Start:     &plan.Start{Cmd: new("node server.js --with a few more words than fit")},
		Variables: map[string]string{"CI": "true"},
	}
	want := `edition   2026.12
image     full

PHASE    INSTALLS              RUNS
install  nodejs_22             npm ci
         packagepackagepacka…  word word word word word
                                   word word word word word
                                   word word word word word
                                   word word word word word
                                   …
start                          node server.js --with a
                                   few more words than fit

variables: CI
`
	got := tableOfPlan(planner.Result{Plan: p, Edition: "2026.12"}, 60)
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(line) - 1; n > 60 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := tableOfPlan(planner.Result{Edition: "2026.12"}, 60); got != "edition   2026.12\nimage     full\n" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestMessagesFitTheTerminal(t *testing.T) {
	text := "error: " + strings.Repeat("word ", 20) + "\n  | " + strings.Repeat("more ", 20)
	p := &program{Process: Process{IsTTY: true}}
	got := p.fitted(text)
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Count(got, "\n  | ") != 2 || strings.Count(got, "word") != 20 || strings.Count(got, "more") != 20 {
		t.Errorf("got\n%s", got)
	}
	if got := (&program{}).fitted(text); got != text {
		t.Errorf("elsewhere it becomes\n%s", got)
	}
}
