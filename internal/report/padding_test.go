package report

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// TestNothingPushesACommandOutOfSight is about what stands behind many blanks, or on another line.
func TestNothingPushesACommandOutOfSight(t *testing.T) {
	was := "node a.js"
	for name, is := range map[string]string{
		"blanks": was + strings.Repeat(" ", 3000) + "; sh evil.txt",
		"lines":  was + " # comment" + strings.Repeat("\n", 3000) + "sh evil.txt",
		"both":   "\n" + was + " # comment" + strings.Repeat(" \t\n", 3000) + "sh evil.txt",
	} {
		r := sample()
		r.Base.Plan = plan.Plan{Start: &plan.Start{Cmd: &was}}
		r.Plan = plan.Plan{Start: &plan.Start{Cmd: &is}, Phases: map[string]plan.Phase{"build": {Cmds: []string{is}}}}
		r.Origins = []Origin{{Fact: plan.Fact{Phase: "start", Field: "cmd", Value: is}, By: "nixpacks.toml"}}
		texts := map[string]string{"comment": r.AtLevel(0), "short": r.AtLevel(Levels - 2), "summary": r.Summary(SummaryLimit)}
		r.Base = nil
		texts["first"], texts["first, short"] = r.AtLevel(0), r.AtLevel(3)
		for title, text := range texts {
			shown := withoutMarkup.Replace(strings.Split(text, "<summary>Where each")[0])
			if !strings.Contains(shown, "sh evil.txt") {
				t.Errorf("%s, %s: the end of the command is not shown:\n%.2000s", name, title, text)
			}
			if strings.Contains(shown, "comment sh evil.txt") {
				t.Errorf("%s, %s: a line is shown as a part of the one above:\n%.2000s", name, title, text)
			}
		}
	}
}

// TestACommandIsNotCalledASecret is about a variable with the name of a secret that has a command as its value.
func TestACommandIsNotCalledASecret(t *testing.T) {
	was := "node a.js"
	for is, shown := range map[string]string{
		"sh ./a.txt; node a.js":                         "sh ./a.txt; node a.js",
		"node --db=x://u:a;sh${IFS}b.txt;@h":            "sh${IFS}b.txt",
		": -----BEGIN PRIVATE KEY-----\nsh b.txt\nnode": "**a part is not shown:** start command",
		"./run-me-1": "**a part is not shown:** start command",
	} {
		r := sample()
		r.Base.Plan = plan.Plan{Start: &plan.Start{Cmd: &was}}
		r.Plan = plan.Plan{Start: &plan.Start{Cmd: &is}, Variables: plan.Vars{"SESSION_TOKEN": is}, Phases: map[string]plan.Phase{"build": {Cmds: []string{is}}}}
		for title, text := range map[string]string{"comment": r.Comment(Limit), "summary": r.Summary(SummaryLimit)} {
			if !strings.Contains(withoutMarkup.Replace(text), shown) {
				t.Errorf("%s: the %s does not show %q:\n%s", is, title, shown, text)
			}
		}
	}
	r := sample()
	r.Scripts = []Script{{Phase: "start", Command: "npm start", Name: "start", Text: "./run-me-1", File: "package.json"}}
	r.Plan.Variables = plan.Vars{"SESSION_TOKEN": "./run-me-1"}
	if text := r.Comment(Limit); !strings.Contains(text, "**a part is not shown:** start: script `start`") {
		t.Errorf("a script:\n%s", text)
	}
}
