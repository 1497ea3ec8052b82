package cli

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/planner"
	"github.com/spf13/cobra"
)

func detectCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "detect [DIR]",
		Short: "Print the providers that plan the app in DIR",
		Long: `Detect prints the names of the providers, separated by a comma and a space, or an empty line. What a
configuration file says about providers counts.`,
		Example: "  npx-action detect .",
		Args:    atMostOneDir,
		RunE:    func(_ *cobra.Command, args []string) error { return p.detect(args) },
	}
}

func (p *program) detect(args []string) error {
	in, warnings, err := p.input(args)
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
	return nil
}
