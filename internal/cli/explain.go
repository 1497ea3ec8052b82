package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/nearest"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

func explainCommand(p *program) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "explain [FACT] [DIR]",
		Short: "Print where the facts of a plan come from",
		Long: `Explain says where each package, command and variable of the plan came from. That is a line of the app's files, a rule, what
you asked for, or a default.

FACT selects some of them: a phase (install), a field (cmd), both (install.cmd), a variable (NODE_ENV) or a package (node). One
argument is a directory if it is "." or has a slash; else it is a fact of the app in the current directory.`,
		Example: `  npx-action explain
  npx-action explain node
  npx-action explain install.cmd services/api`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fault.Usage("quote a fact that has blanks", "expected a fact and a directory, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && !isDirectory(args[0]) || len(args) == 2 {
				return p.explain(args[1:], args[0], format)
			}
			return p.explain(args, "", format)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "print as `text` or json")
	complete(cmd, "format", "text", "json")
	return plans(cmd)
}

// isDirectory reports whether an argument names a directory by its form.
func isDirectory(arg string) bool { return arg == "." || strings.Contains(arg, "/") }

// explain prints where the selected facts of the plan came from; "" selects all.
func (p *program) explain(args []string, fact, format string) error {
	if err := fault.Choice("format", format, "text", "json"); err != nil {
		return err
	}
	result, err := p.make(args)
	if err != nil {
		return err
	}
	found := facts(result)
	if fact != "" {
		if found, err = selected(found, fact); err != nil {
			return err
		}
	}
	text := p.explainedText(found, fact != "")
	if format == "json" {
		text = indentedJSON(struct {
			Facts []explained `json:"facts"`
		}{explainedFacts(found)})
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the facts: %w", err)
	}
	return p.usable(result)
}

// explainPlan prints where each fact of the plan came from, and as JSON the plan too.
func (p *program) explainPlan(args []string, format string) error {
	if format != "json" && format != "text" {
		return fault.Usage("use json or text", "--explain has no format %q", format)
	}
	result, err := p.make(args)
	if err != nil {
		return err
	}
	text := p.explainedText(facts(result), false)
	if format == "json" {
		text = explainedPlan(result)
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return p.usable(result)
}

// facts are those of a plan as people see them.
func facts(result planner.Result) []planner.Origin {
	veil := report.NewVeil(result.Plan)
	shown := slices.Clone(result.Origins)
	for i := range shown {
		shown[i].Fact, shown[i].Why = veil.Fact(shown[i].Fact), veil.Text(shown[i].Why)
	}
	return shown
}

// names are those by which a fact is selected: of its phase, of its field, of both, of its variable and of its package.
func names(o planner.Origin) []string {
	phase := cmp.Or(o.Phase, "plan")
	list := []string{phase, o.Field, phase + "." + o.Field}
	if _, name, ok := strings.Cut(o.Field, " "); ok {
		list = append(list, name, phase+"."+name)
	}
	if slices.Contains([]string{"nix", "nix-lib", "apt", "release", "init"}, o.Field) {
		pkg, _, _ := strings.Cut(o.Value, " ")
		tool, _, _ := strings.Cut(pkg, "@")
		list = append(list, pkg, tool)
	}
	return list
}

// selected are the facts of a name, whatever its case.
func selected(all []planner.Origin, name string) ([]planner.Origin, error) {
	var found []planner.Origin
	var known []string
	for _, o := range all {
		own := names(o)
		known = append(known, own...)
		if slices.ContainsFunc(own, func(n string) bool { return strings.EqualFold(n, name) }) {
			found = append(found, o)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	return nil, fault.Usage(nearest.Hint(name, known, "npx-action explain lists all facts"), "the plan has no fact %q", name)
}

// shownValue bounds a value in the table, in runes.
const shownValue = 60

// explainedText is for people. On a terminal each fact has a line, and one for its source; elsewhere both are one line of a table.
func (p *program) explainedText(list []planner.Origin, whole bool) string {
	if !p.OutTTY {
		return explainedTable(list, whole)
	}
	var b strings.Builder
	for i, o := range list {
		if i == 0 || o.Phase != list[i-1].Phase {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(p.paint(bold, fault.Shown(cmp.Or(o.Phase, "plan"))) + "\n")
		}
		line := "  " + fault.Shown(o.Field) + "  " + fault.Shown(o.Value)
		if !whole {
			line = truncated(line, p.width())
		}
		b.WriteString(line + "\n" + p.paint(faint, columns.Indented(fault.Shown(o.Source()), 4, p.width())) + "\n")
	}
	return b.String()
}

// explainedTable is a table of a fact a line: phase, field, value and source.
func explainedTable(list []planner.Origin, whole bool) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "PHASE\tFIELD\tVALUE\tFROM")
	for _, o := range list {
		value := o.Value
		if !whole {
			value = shorten(value)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", fault.Shown(cmp.Or(o.Phase, "plan")), fault.Shown(o.Field), fault.Shown(value), fault.Shown(o.Source()))
	}
	_ = table.Flush() // writing to memory cannot fail
	return b.String()
}

func shorten(s string) string { return truncated(s, shownValue) }

// truncated cuts a text to a length in runes.
func truncated(s string, length int) string {
	if runes := []rune(s); len(runes) > length {
		return string(runes[:length-1]) + "…"
	}
	return s
}

// An explained fact in JSON.
type explained struct {
	Phase string `json:"phase,omitempty"`
	Field string `json:"field"`
	Value string `json:"value"`
	By    string `json:"by"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Why   string `json:"why,omitempty"`
}

func explainedFacts(list []planner.Origin) []explained {
	out := []explained{}
	for _, o := range list {
		out = append(out, explained{o.Phase, o.Field, o.Value, o.By, o.File, o.Line, o.Why})
	}
	return out
}

// explainedPlan is {"plan": ..., "detected": [...], "origins": [...], "warnings": [...]}.
func explainedPlan(result planner.Result) string {
	out := struct {
		Plan     json.RawMessage `json:"plan"`
		Edition  string          `json:"edition"`
		Detected []explainedApp  `json:"detected"`
		Origins  []explained     `json:"origins"`
		Warnings []string        `json:"warnings"`
	}{
		Plan: json.RawMessage(result.Plan.JSON()), Edition: string(result.Edition), Detected: []explainedApp{},
		Origins: explainedFacts(result.Origins), Warnings: append([]string{}, project.Warnings(result)...),
	}
	for _, d := range result.Detected {
		out.Detected = append(out.Detected, explainedApp{d.Provider, d.Reason})
	}
	return indentedJSON(out)
}

// An explainedApp is a provider that takes part.
type explainedApp struct {
	Provider string `json:"provider"`
	Reason   string `json:"reason"`
}

// indentedJSON writes data of ours, which cannot fail.
func indentedJSON(data any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(data)
	return b.String()
}
