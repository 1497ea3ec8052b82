package cli

import (
	"errors"
	"strings"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
)

// usable says what keeps a plan from becoming an image: a warning, or the failure where no provider matched. Nixpacks, and so its edition,
// takes an empty plan for one that was found.
func (p *program) usable(result planner.Result) error {
	f, ok := errors.AsType[*fault.Error](p.planning().Buildable(result, false))
	if !ok {
		return nil
	}
	if f.Status == fault.Nothing && result.Edition != rules.Nixpacks {
		return f
	}
	text := f.Error()
	if f.Status == fault.Nothing {
		text = strings.Replace(text, "\n", ", so the plan is empty\n", 1)
	}
	if result.NoStart == "" || f.Status == fault.Nothing { // else a warning of the plan has said it
		p.say("warning", text)
	}
	p.say("hint", f.Hint)
	return nil
}
