// Package cli is the command line: it takes the outside world as values, calls the packages that do the work and
// turns their errors into messages and an exit status.
//
// What a command gives goes to the standard output; all that is said about it goes to the standard error, one
// line a matter, in the form "error: ...", "hint: ...", "warning: ..." or "note: ...", in lower case and without
// a full stop.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/job"
)

// A Process is the outside world of one run.
type Process struct {
	Args    []string // without the program's name
	Environ []string // NAME=value
	Dir     string   // what relative paths are relative to
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	IsTTY   bool // Stderr is a terminal
	OutTTY  bool // Stdout is a terminal
	Columns int  // of the terminal that Stdout is; 0 if it does not tell

	// Signals hands over the signals that ask for the end, from its call on. Without a call, the second of them ends the process at once.
	Signals func() <-chan os.Signal
}

// program is one run.
type program struct {
	Process
	options options
}

// Main runs the program and returns its exit status. It stops early when ctx is done.
func Main(ctx context.Context, process Process) int {
	p := &program{Process: process}
	err := p.execute(ctx, p.root())
	if err != nil && !told(err) && !fault.ClosedPipe(err) {
		p.fail(err)
	}
	return fault.Status(err)
}

// told reports whether an error has been printed already.
func told(err error) bool {
	_, ended := errors.AsType[*endError](err)
	return ended || job.Told(err)
}

// execute runs the command that the arguments name, or prints the version.
func (p *program) execute(ctx context.Context, root *cobra.Command) error {
	err := root.ExecuteContext(ctx)
	if errors.Is(err, errVersion) {
		_, err = fmt.Fprintf(p.Stdout, "npx-action %s\n", version())
	}
	return err
}

// root is the command tree.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "npx-action",
		Short: "Turn an app's source into a container image, without a Dockerfile",
		Long: `npx-action looks at an app's files, makes a plan of what to install, build and start, and builds an image from it.

Exit status 0 is done. 1: the app cannot be planned or built. 2: wrong usage or configuration. 3: no provider matched.
75: a registry, builder or forge failed, and a retry may help.`,
		Example: `  npx-action plan .
  npx-action plan . --env NIXPACKS_NODE_VERSION=22 --format toml
  npx-action detect .`,
		Args:          knownCommand,
		RunE:          p.withoutCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.PersistentFlags().VarPF(versionFlag{}, "version", "V", "print the version").NoOptDefVal = "true"
	under(root.PersistentFlags(), topicOfAll, "version")
	root.SetFlagErrorFunc(flagError)
	p.options.register(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		p.mistypedVariables()
		if err := refusePlans(cmd); err != nil {
			return err
		}
		if cmd.Name() == "build" {
			return nil
		}
		return p.options.Platform.Alone(cmd.CommandPath())
	}
	root.AddGroup(groups...)
	root.AddCommand(grouped("plan", planCommand(p), explainCommand(p), diffCommand(p), detectCommand(p),
		discoverCommand(p), versionsCommand(p))...)
	root.AddCommand(grouped("build", buildCommand(p.build), runCommand(p), verifyCommand(p), doctorCommand(p))...)
	root.AddCommand(grouped("ci", initCommand(p), commentCommand(p), cacheCommand(p), cleanCommand(p))...)
	root.AddCommand(grouped("other", schemaCommand(p), versionCommand())...)
	root.SetHelpCommandGroupID("other")
	root.SetCompletionCommandGroupID("other")
	root.SetHelpFunc(p.help)
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		p.usage(cmd.OutOrStdout(), cmd)
		return nil
	})
	strict(root)
	return root
}

// versionFlag ends the reading of flags. The library's own flag prints by a template, and a program that runs templates keeps every method of
// every type: with them it would be a third larger.
type versionFlag struct{}

var errVersion = errors.New("the version is asked for")

// String implements [pflag.Value].
func (versionFlag) String() string { return "false" }

// Type implements [pflag.Value].
func (versionFlag) Type() string { return "bool" }

// Set implements [pflag.Value]: it ends the reading with an error of its own.
func (versionFlag) Set(text string) error {
	asked, err := strconv.ParseBool(text)
	if asked {
		err = errVersion
	}
	return err
}

// strict makes the library's own commands refuse what they do not know, which they would answer with help and status 0.
func strict(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args = knownCommand
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil || found == root {
					return knownCommand(root, args)
				}
				return knownCommand(found, rest)
			}
		}
	}
}

// withoutCommand is the container's entry point: in a CI job it does that job, elsewhere it helps.
func (p *program) withoutCommand(cmd *cobra.Command, _ []string) error {
	world, err := p.jobWorld().Enter()
	if err != nil {
		return err
	}
	p.Stdout, p.Stderr = world.Stdout, world.Stderr
	if err = world.Run(cmd.Context()); errors.Is(err, ci.ErrNoSystem) {
		return cmd.Help()
	}
	return err
}

// jobWorld is what a job of CI takes from the process.
func (p *program) jobWorld() job.World {
	return job.World{Environ: p.Environ, Dir: p.Dir, Stdout: p.Stdout, Stderr: p.Stderr, Version: version(), Component: component(linked),
		Platform: p.options.Platform.Name}
}

// atMostOneDir checks the arguments of a command that takes [DIR].
func atMostOneDir(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fault.Usage("quote a value that has spaces", "expected one directory, got %d arguments: %s", len(args), strings.Join(args, " "))
	}
	return nil
}

// noArguments checks those of a command that takes none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fault.Usage("see "+cmd.CommandPath()+" --help", "unexpected argument %q", args[0])
	}
	return nil
}

// lookup reads the process environment that was handed in; the last of duplicates counts.
func (p *program) lookup(name string) (value string, ok bool) {
	return build.Environment{Vars: p.Environ}.Lookup(name)
}

// color reports whether what goes to the standard error may have colours.
func (p *program) color() bool { return p.IsTTY && p.colorful() }

// colorful follows the NO_COLOR convention.
func (p *program) colorful() bool {
	noColor, _ := p.lookup("NO_COLOR")
	term, _ := p.lookup("TERM")
	return !p.options.noColor && noColor == "" && term != "dumb"
}

// path resolves one that the user typed.
func (p *program) path(name string) string { return build.Environment{Dir: p.Dir}.Path(name) }
