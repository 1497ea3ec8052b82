package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/nearest"
	"github.com/org/npx-action/internal/option"
)

// flagError makes a misuse of an error about a flag. The hint names the flag that may be meant.
func flagError(cmd *cobra.Command, err error) error {
	if own, ok := errors.AsType[*fault.Error](err); ok {
		return own
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if name := unknown.GetSpecifiedName(); len(name) > 1 {
			hint = nearest.Hint("--"+name, flagNames(cmd), hint)
		}
	}
	return fault.Usage(hint, "%w", err)
}

// flagNames are the long names of the flags that the help of a command shows, with their hyphens.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return names
}

// knownCommand refuses the arguments of a root without a command of that name.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	return fault.Usage(nearest.Hint(args[0], names, "see "+cmd.CommandPath()+" --help"), "unknown command %q", args[0])
}

// ownVariables begins the names of variables of the environment that are ours.
const ownVariables = "NPX_"

// mistypedVariables warns of variables of the environment that have nearly the names of ours: those of jobs' inputs, and a few more.
func (p *program) mistypedVariables() {
	known := []string{"BUILDER_DIR", "TOKEN", "STATIC_ACCESS_LOG", "STATIC_GRACE", "STATIC_SPA"}
	for _, o := range option.Inputs() {
		for _, name := range o.Names() {
			known = append(known, strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
		}
	}
	for _, entry := range p.Environ {
		variable, _, _ := strings.Cut(entry, "=")
		if near := nearest.Variable(variable, ownVariables, known); near != "" {
			p.say("warning", "the environment's variable "+variable+" is not known, did you mean "+near+"?")
		}
	}
}
