package report

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// TestAVariableThatRunsCodeIsMarked is about code that no command names.
func TestAVariableThatRunsCodeIsMarked(t *testing.T) {
	for name, marked := range map[string]bool{
		"LD_PRELOAD": true, "NODE_OPTIONS": true, "BASH_ENV": true, "npm_config_script_shell": true, "GIT_SSH_COMMAND": true, "RUSTC_WRAPPER": true,
		"NODE_ENV": false, "MY_PATH": false, "OLD_PRELOAD": false, "ENVIRONMENT": false,
	} {
		r := sample()
		r.Plan.Variables = plan.Vars{name: "./evil.txt"}
		text := r.Comment(Limit)
		if strings.Contains(text, "**other code may run** by the variable `"+name+"`") != marked || strings.Contains(text, "| ⚠️ variable `"+name+"`") != marked {
			t.Errorf("%s:\n%.1500s", name, text)
		}
		r.Origins = append(r.Origins, Origin{Fact: plan.Fact{Field: "variable " + name, Value: "./evil.txt"}, By: "provider node"})
		if text := r.Comment(Limit); strings.Contains(text, "other code") {
			t.Errorf("%s of a provider:\n%.1500s", name, text)
		}
	}
}
