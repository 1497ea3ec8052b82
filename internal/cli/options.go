package cli

import (
	"runtime"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/rules"
)

// options are those that every command takes, named as in Nixpacks where it has them (nixpacks-1.39.md 5).
type options struct {
	project.Options
	noColor, verbose bool
}

// verbose reports whether the user wants to know more, by option or by the variable of Nixpacks (nixpacks-1.39.md 1.5).
func (p *program) verbose() bool {
	return p.options.verbose || p.options.Verbose()
}

// register adds the options to the root command.
func (o *options) register(root *cobra.Command) {
	flags := root.PersistentFlags()
	o.Inherit = true
	o.Platform.Name = "linux/" + runtime.GOARCH
	bind(root, flags, &o.Plan, map[string]pflag.Value{"platform": &o.Platform})
	flags.BoolVar(&o.noColor, "no-color", false, "print without colors, as the variable NO_COLOR does")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "say more: why the plan is as it is, and every line of a build")
	under(flags, topicOfAll, "no-color", "verbose")
	var editions []cobra.Completion
	for _, e := range rules.Editions() {
		editions = append(editions, string(e))
	}
	complete(root, "edition", editions...)
}

// planning are the options of the process that say what to plan.
func (p *program) planning() project.Options {
	o := p.options.Options
	o.Dir, o.Lookup = p.Dir, p.lookup
	return o
}

// complete tells shells the values of a flag of cmd.
func complete(cmd *cobra.Command, flag string, values ...cobra.Completion) {
	// Registering fails for an unknown flag only.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// Input is what the command plan plans when given the same arguments: options and at most one directory.
// It is for tests that need more of a plan than the command prints.
func Input(process Process) (planner.Input, error) {
	p := &program{Process: process}
	cmd := planCommand(p)
	p.options.register(cmd)
	if err := cmd.ParseFlags(process.Args); err != nil {
		return planner.Input{}, err
	}
	in, _, err := p.planning().Input(append(cmd.Flags().Args(), ".")[0])
	return in, err
}
