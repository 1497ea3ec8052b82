package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

// A comparison is what the command diff is asked for.
type comparison struct {
	format   string
	exitCode bool
}

func diffCommand(p *program) *cobra.Command {
	var c comparison
	cmd := &cobra.Command{
		Use:   "diff BASE [DIR]",
		Short: "Print how the plan differs from the plan of another revision",
		Long: `Diff plans the app in DIR twice: as it lies there, and as it was at the revision BASE. It prints old parts of the plan with a
minus and new parts with a plus. Below stands the line of the app's files that a part comes from. Scripts that the plan's commands run by
name count too. The options are the same for both plans.

The status is 0, whether the plans differ or not. With --exit-code it is 1 if they differ, as for git diff.`,
		Example: `  npx-action diff origin/main
  npx-action diff HEAD~1 services/api
  npx-action diff origin/main --exit-code --format json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fault.Usage("give a revision of the app's repository, such as origin/main", "diff wants a revision to compare with")
			}
			return atMostOneDir(nil, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.diff(cmd.Context(), args[0], args[1:], c) },
	}
	cmd.Flags().StringVarP(&c.format, "format", "f", "text", "print as `text` or json")
	complete(cmd, "format", "text", "json")
	cmd.Flags().BoolVar(&c.exitCode, "exit-code", false, "end with status 1 if the plans differ")
	return plans(cmd)
}

// errDiffers says by the exit status that two plans differ.
var errDiffers = &endError{1}

func (p *program) diff(ctx context.Context, base string, args []string, c comparison) error {
	if err := fault.Choice("format", c.format, "text", "json"); err != nil {
		return err
	}
	in, result, err := p.makeWithInput(args)
	if err != nil {
		return err
	}
	r := project.Describe(result)
	if err := project.Compare(ctx, &r, in, result, p.path(append(args, ".")[0]), base, nil); err != nil {
		return fault.Usage("give a revision of the app's repository, such as origin/main", "comparing with %s: %w", base, err)
	}
	if r.Base == nil {
		return fault.New(fault.App, fmt.Errorf("comparing with %s: %s", base, r.BaseError), "npx-action plan prints the plan alone")
	}
	changes := r.Changes()
	text := p.diffText(changes)
	if c.format == "json" {
		text = diffJSON(base, changes)
	}
	if _, err := fmt.Fprint(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the differences: %w", err)
	}
	switch {
	case len(changes) == 0:
		p.say("note", "the plan is the same at "+base)
	case c.exitCode:
		return errDiffers
	}
	return nil
}

// diffText is a block for each phase: what is gone, what is new, and where that came from.
func (p *program) diffText(changes []report.Change) string {
	var b strings.Builder
	for i, c := range changes {
		if i == 0 || c.Phase != changes[i-1].Phase {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(p.paint(bold, fault.Shown(cmp.Or(c.Phase, "plan"))) + "\n")
		}
		was, is := c.Brief()
		field := fault.Shown(c.Field)
		if was != "" {
			b.WriteString(p.paint(red, columns.Hanging("- "+field+"  "+fault.Shown(was), p.width())) + "\n")
		}
		if is != "" {
			b.WriteString(p.paint(green, columns.Hanging("+ "+field+"  "+fault.Shown(is), p.width())) + "\n")
		}
		if c.Origin != nil {
			b.WriteString(p.paint(faint, columns.Indented(fault.Shown(source(*c.Origin)), 4, p.width())) + "\n")
		}
	}
	return b.String()
}

// source says in one line where a fact came from.
func source(o report.Origin) string {
	return planner.Origin{Fact: o.Fact, By: o.By, File: o.File, Line: o.Line, Why: o.Why}.Source()
}

// A changed fact in JSON.
type changedFact struct {
	Phase string `json:"phase,omitempty"`
	Field string `json:"field"`
	Base  string `json:"base,omitempty"`
	Head  string `json:"head,omitempty"`
	By    string `json:"by,omitempty"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Why   string `json:"why,omitempty"`
}

// diffJSON is {"base": ..., "changes": [...]}.
func diffJSON(base string, changes []report.Change) string {
	out := struct {
		Base    string        `json:"base"`
		Changes []changedFact `json:"changes"`
	}{base, []changedFact{}}
	for _, c := range changes {
		f := changedFact{Phase: c.Phase, Field: c.Field, Base: c.Base, Head: c.Head}
		if o := c.Origin; o != nil {
			f.By, f.File, f.Line, f.Why = o.By, o.File, o.Line, o.Why
		}
		out.Changes = append(out.Changes, f)
	}
	return indentedJSON(out)
}
