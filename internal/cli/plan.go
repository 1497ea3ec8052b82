package cli

import (
	"fmt"
	"io"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/spf13/cobra"
)

func planCommand(p *program) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "plan [DIR]",
		Short: "Print the plan of the app in DIR",
		Long: `Plan prints what would be installed, built and started, as JSON. The output can be fed back with --json-plan
or saved as nixpacks.json, and as nixpacks.toml with --format toml.

An app that nothing is known about has a plan without phases.`,
		Example: `  npx-action plan .
  npx-action plan . --start-cmd 'node server.js' --pkgs ffmpeg
  npx-action plan . --edition 1.39 --format toml > nixpacks.toml`,
		Args: atMostOneDir,
		RunE: func(_ *cobra.Command, args []string) error { return p.plan(args, format) },
	}
	cmd.Flags().StringVarP(&format, "format", "f", "json", "print as `json`, toml or text")
	complete(cmd, "format", "json", "toml", "text")
	return cmd
}

func (p *program) plan(args []string, format string) error {
	encode, ok := map[string]func(plan.Plan) string{
		"json": func(p plan.Plan) string { return string(p.JSON()) },
		"toml": func(p plan.Plan) string { return string(p.TOML()) },
		"text": plan.Text,
	}[format]
	if !ok {
		return usage("use json, toml or text", "unknown format %q", format)
	}
	result, err := p.make(args)
	if err != nil {
		return err
	}
	if len(result.Plan.Phases) == 0 {
		p.say("warning", "no provider matched, so the plan is empty\n"+planner.Nothing(result.Tree, nil))
		p.say("hint", nothingHint)
	}
	if _, err := io.WriteString(p.Stdout, encode(result.Plan)); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// nothingHint is what to do about an app that nothing is known about.
const nothingHint = "give the directory that holds the app, or say what to do in nixpacks.toml"

// make plans the app of the arguments and says what there is to say about it.
func (p *program) make(args []string) (planner.Result, error) {
	_, result, err := p.makeWithInput(args)
	return result, err
}

// makeWithInput returns also what the plan was made from, to make another commit's from.
func (p *program) makeWithInput(args []string) (planner.Input, planner.Result, error) {
	in, warnings, err := p.input(args)
	if err != nil {
		return in, planner.Result{}, err
	}
	result, err := planner.Make(in)
	if err != nil {
		return in, planner.Result{}, err
	}
	for _, w := range append(warnings, result.Warnings...) {
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
