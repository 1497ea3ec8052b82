package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

func planCommand(p *program) *cobra.Command {
	var format string
	var explain bool
	cmd := &cobra.Command{
		Use:   "plan [DIR]",
		Short: "Print the plan of the app in DIR",
		Long: `Plan prints what would be installed, built and started: on a terminal as a table for people, and else as JSON. The JSON can be
fed back with --json-plan or saved as nixpacks.json, and as nixpacks.toml with --format toml.

With --explain it says where each package, command and variable came from. That may be a line of the app's files, a rule, an
option of yours or a default. It prints a table, and with --format json an object that holds plan and origins.

An app that nothing is known about has a plan without phases. Then the status is 3, and 0 in edition 1.39.`,
		Example: `  npx-action plan .
  npx-action plan . --start-cmd 'node server.js' --pkgs ffmpeg
  npx-action plan . --explain
  npx-action plan . --edition 1.39 --format toml > nixpacks.toml`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !explain {
				return p.plan(args, format)
			}
			if !cmd.Flags().Changed("format") {
				format = "text"
			}
			return p.explainPlan(args, format)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "", "print as `table`, json, toml or text, which is a fact a line (default table on a terminal, else json)")
	complete(cmd, "format", "table", "json", "toml", "text")
	cmd.Flags().BoolVar(&explain, "explain", false, "say where each part of the plan came from")
	return plans(cmd)
}

func (p *program) plan(args []string, format string) error {
	if format == "" {
		format = "json"
		if p.OutTTY {
			format = "table"
		}
	}
	encode, ok := map[string]func(planner.Result) string{
		"table": func(r planner.Result) string { return tableOfPlan(r, p.width()) },
		"json":  func(r planner.Result) string { return string(r.Plan.JSON()) },
		"toml":  func(r planner.Result) string { return string(r.Plan.TOML()) },
		"text":  func(r planner.Result) string { return plan.Text(report.NewVeil(r.Plan).Plan(r.Plan)) },
	}[format]
	if !ok {
		return fault.Usage("use table, json, toml or text", "unknown format %q", format)
	}
	result, err := p.make(args)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p.Stdout, encode(result)); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return p.usable(result)
}

// make plans the app of the arguments and says what there is to say about it.
func (p *program) make(args []string) (planner.Result, error) {
	_, result, err := p.makeWithInput(args)
	return result, err
}

// makeWithInput returns also what the plan was made from, to make another commit's from.
func (p *program) makeWithInput(args []string) (planner.Input, planner.Result, error) {
	in, warnings, err := p.planning().Input(append(args, ".")[0])
	if err != nil {
		return in, planner.Result{}, err
	}
	result, err := planner.Make(in)
	if err != nil {
		return in, planner.Result{}, err
	}
	for _, w := range append(warnings, project.Warnings(result)...) {
		p.say("warning", w)
	}
	if !p.verbose() {
		return in, result, nil
	}
	for _, d := range result.Detected {
		p.say("note", fmt.Sprintf("%s: %s", d.Provider, d.Reason))
	}
	if result.Subdirectory != "" {
		p.say("note", "the app is in "+result.Subdirectory)
	}
	for _, n := range result.Notes {
		p.say("note", n.String())
	}
	return in, result, nil
}
