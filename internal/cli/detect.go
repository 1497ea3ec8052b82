package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
)

func detectCommand(p *program) *cobra.Command {
	return plans(&cobra.Command{
		Use:   "detect [DIR]",
		Short: "Print the providers that plan the app in DIR",
		Long: `Detect prints the names of the providers, separated by a comma and a space, or an empty line. What a
configuration file says about providers counts.

Where no provider matches and no configuration says what to do, the status is 3, and 0 in edition 1.39.`,
		Example: "  npx-action detect .",
		Args:    atMostOneDir,
		RunE:    func(_ *cobra.Command, args []string) error { return p.detect(args) },
	})
}

func (p *program) detect(args []string) error {
	in, warnings, err := p.planning().Input(append(args, ".")[0])
	if err != nil {
		return err
	}
	for _, w := range warnings {
		p.say("warning", w)
	}
	names, err := planner.Detect(in)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(p.Stdout, strings.Join(names, ", ")); err != nil {
		return fmt.Errorf("writing the providers: %w", err)
	}
	if len(names) > 0 {
		return nil
	}
	result, err := planner.Make(in)
	if err != nil || len(result.Plan.Phases) > 0 || result.Edition == rules.Nixpacks {
		return err
	}
	return p.usable(result)
}
