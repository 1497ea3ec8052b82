package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// walk calls f for a command and all below it.
func walk(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, sub := range cmd.Commands() {
		walk(sub, f)
	}
}

func TestTheHelpFitsTheTerminal(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		p := &program{Process: Process{Stdout: io.Discard, Stderr: io.Discard, OutTTY: true, Columns: width, Environ: []string{"NO_COLOR=1"}}}
		walk(p.root(), func(cmd *cobra.Command) {
			if cmd.Parent() != nil && cmd.Parent().Name() == "completion" {
				return // of the library
			}
			var out bytes.Buffer
			cmd.SetOut(&out)
			p.help(cmd, nil)
			for line := range strings.Lines(out.String()) {
				line = strings.TrimRight(line, "\n")
				example := cmd.HasExample() && strings.Contains(cmd.Example, line)
				if n := utf8.RuneCountInString(line); n > width && (!example || n > 80) && strings.Contains(strings.TrimSpace(line), " ") && width >= 80 {
					t.Errorf("%s: %d columns are more than %d: %s", cmd.CommandPath(), n, width, line)
				}
			}
		})
	}
}

// TestTheHelpHasAllOptionsOfACommand compares the flags of each command with those that its help lists.
func TestTheHelpHasAllOptionsOfACommand(t *testing.T) {
	p := &program{Process: Process{Stdout: io.Discard, Stderr: io.Discard}}
	walk(p.root(), func(cmd *cobra.Command) {
		var out bytes.Buffer
		p.listFlags(&out, cmd)
		plan := cmd.Annotations[topicOfPlans] != ""
		check := func(f *pflag.Flag) {
			want := !f.Hidden && (topic(f) != topicOfPlans || plan || f.Name == platformFlag && cmd.Name() == "doctor")
			if got := strings.Contains(out.String(), " --"+f.Name+" ") || strings.Contains(out.String(), " --"+f.Name+"\n"); got != want {
				t.Errorf("%s: --%s is listed: %t", cmd.CommandPath(), f.Name, got)
			}
		}
		cmd.LocalFlags().VisitAll(check)
		cmd.InheritedFlags().VisitAll(check)
		if cmd != cmd.Root() && cmd.Parent() == cmd.Root() && cmd.GroupID == "" {
			t.Errorf("%s is in no group", cmd.CommandPath())
		}
	})
}
