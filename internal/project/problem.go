package project

import (
	"errors"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/secret"
	"github.com/org/npx-action/internal/source"
)

// Problem is an error because of which there is no plan, for the report. The file is named only where tree, which may be nil, has it.
func Problem(err error, tree *source.Tree) *report.Problem {
	p := &report.Problem{}
	p.Text, p.Hint = fault.Message(err)
	if mistake, ok := errors.AsType[*config.Error](err); ok {
		p.File, p.Line = mistake.File, mistake.Line
	} else if file, ok := errors.AsType[*source.Error](err); ok {
		p.File, p.Line = file.Name, file.Line
	}
	if tree == nil || !tree.HasFile(p.File) {
		p.File, p.Line = "", 0
	}
	return p
}

// Warnings are the warnings about a plan: those of planning, of variables that are mistyped options, and of each that looks like a secret, whoever has given it. A
// provider's are not among them. The sentences name the variables alone.
func Warnings(result planner.Result) []string {
	warnings := append(slices.Clone(result.Warnings), mistyped(result.Plan.Variables)...)
	provided := map[string]bool{}
	for _, o := range result.Origins {
		if o.Phase == "" && strings.HasPrefix(o.By, "provider ") {
			provided[o.Field] = true
		}
	}
	for name, value := range plan.Sorted(result.Plan.Variables) {
		if secret.Looks(name, value) && !provided["variable "+name] {
			warnings = append(warnings, "the variable "+name+" looks like a secret, and the plan and the image show it: give it with --secret or the input secrets instead")
		}
	}
	return warnings
}
