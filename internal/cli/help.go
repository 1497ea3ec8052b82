package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

// The groups of commands, in the order of the help.
var groups = []*cobra.Group{
	{ID: "plan", Title: "Plan"},
	{ID: "build", Title: "Build"},
	{ID: "ci", Title: "Set up and tidy CI"},
	{ID: "other", Title: "Other"},
}

// grouped puts commands into a group of the help.
func grouped(id string, commands ...*cobra.Command) []*cobra.Command {
	for _, cmd := range commands {
		cmd.GroupID = id
	}
	return commands
}

// plans marks a command that takes the options of plans. Its last argument is a directory.
func plans(cmd *cobra.Command) *cobra.Command {
	cmd.Annotations = map[string]string{topicOfPlans: "taken"}
	before := strings.Count(strings.SplitN(cmd.Use, "[DIR]", 2)[0], " ") - 1
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) != before {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}

// refusePlans refuses an option of plans that is given to a command without a plan. All commands have the options, so that they may stand
// before the command's name.
func refusePlans(cmd *cobra.Command) (err error) {
	if cmd == cmd.Root() || cmd.Annotations[topicOfPlans] != "" {
		return nil
	}
	cmd.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && topic(f) == topicOfPlans && cmd.LocalFlags().Lookup(f.Name) == nil && err == nil && f.Name != platformFlag {
			err = fault.Usage("see "+cmd.CommandPath()+" --help", "%s takes no --%s", cmd.CommandPath(), f.Name)
		}
	})
	return err
}

// platformFlag is the option of plans that each command that looks for a builder takes too.
const platformFlag = "platform"

// The topics of options that commands add to those of internal/option, in the order of the help.
const (
	topicOfCommand = "Options"
	topicOfPlans   = option.Planning
	topicOfEngine  = "Docker engine"
	topicOfAll     = "Any command"
)

// topicKey is where a flag has its topic.
const topicKey = "topic"

// under puts flags under a topic of the help.
func under(flags *pflag.FlagSet, topic string, names ...string) {
	for _, name := range names {
		// An error means an unknown flag.
		_ = flags.SetAnnotation(name, topicKey, []string{topic})
	}
}

func topic(f *pflag.Flag) string {
	if given := f.Annotations[topicKey]; given != nil {
		return given[0]
	}
	if f.Name == "help" {
		return topicOfAll
	}
	return topicOfCommand
}

// help prints what a command does and takes, in lines that fit the terminal.
func (p *program) help(cmd *cobra.Command, _ []string) {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		b.WriteString(columns.Indented(strings.ReplaceAll(paragraph, "\n", " "), 0, p.width()) + "\n\n")
	}
	p.usage(&b, cmd)
	fmt.Fprint(cmd.OutOrStdout(), b.String())
}

// usage is the part of the help that says how a command is called.
func (p *program) usage(w io.Writer, cmd *cobra.Command) {
	fmt.Fprintln(w, p.paint(bold, "Usage:"))
	if cmd.Runnable() && cmd != cmd.Root() {
		fmt.Fprintln(w, "  "+cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, "  "+cmd.CommandPath()+" COMMAND [options]")
	}
	if cmd.HasExample() {
		fmt.Fprintln(w, "\n"+p.paint(bold, "Examples:")+"\n"+cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		p.listCommands(w, cmd)
	}
	p.listFlags(w, cmd)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, "\n"+cmd.CommandPath()+" COMMAND --help says more.")
	}
}

// listCommands lists the commands below one, by their groups.
func (p *program) listCommands(w io.Writer, cmd *cobra.Command) {
	list := append([]*cobra.Group{{Title: "Commands"}}, cmd.Groups()...)
	for _, group := range list {
		title := "\n" + p.paint(bold, group.Title+":") + "\n"
		for _, sub := range cmd.Commands() {
			if sub.GroupID == group.ID && (sub.IsAvailableCommand() || sub.Name() == "help") {
				fmt.Fprint(w, title+columns.Beside("  "+sub.Name(), sub.Short, commandColumn, p.width()))
				title = ""
			}
		}
	}
}

// listFlags lists the options of a command, by their topics. The root has those of all commands, of which it shows its own alone.
func (p *program) listFlags(w io.Writer, cmd *cobra.Command) {
	byTopic := map[string][]*pflag.Flag{}
	order := []string{topicOfCommand}
	add := func(f *pflag.Flag) {
		name := topic(f)
		if f.Hidden || name == topicOfPlans && !takesPlan(cmd, f) {
			return
		}
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
		byTopic[name] = append(byTopic[name], f)
	}
	cmd.NonInheritedFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	slices.SortStableFunc(order, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range order {
		for i, f := range byTopic[name] {
			if i == 0 {
				fmt.Fprintln(w, "\n"+p.paint(bold, name+":"))
			}
			short, usage := describe(f)
			fmt.Fprint(w, columns.Beside(short, usage, flagColumn, p.width()))
		}
	}
}

// rank is the place of a topic among those that have one; the others are before them.
func rank(name string) int {
	return slices.Index([]string{topicOfPlans, option.Imaging, "Secrets", option.Caching, "Builder", topicOfEngine, "Networks", topicOfAll}, name)
}

func takesPlan(cmd *cobra.Command, f *pflag.Flag) bool {
	return cmd.Annotations[topicOfPlans] != "" || f.Name == platformFlag && cmd.Name() == "doctor"
}

// Where the second column of commands and of options begins.
const (
	commandColumn = 14
	flagColumn    = 30
)

// describe is how a flag is given, and what it means.
func describe(f *pflag.Flag) (name, usage string) {
	value, usage := pflag.UnquoteUsage(f)
	name = "      --" + f.Name
	if f.Shorthand != "" {
		name = "  -" + f.Shorthand + ", --" + f.Name
	}
	if value != "" {
		name += " " + value
	}
	if !slices.Contains([]string{"", "false", "0", "0s", "[]"}, f.DefValue) {
		usage += " (default " + f.DefValue + ")"
	}
	return name, usage
}
