package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

// explain prints where each fact of the plan came from.
func (p *program) explain(args []string, format string) error {
	encode, ok := map[string]func(io.Writer, planner.Result) error{
		"json": explainJSON,
		"text": explainText,
	}[format]
	if !ok {
		return fault.Usage("use json or text", "--explain has no format %q", format)
	}
	result, err := p.make(args)
	if err != nil {
		return err
	}
	if err := encode(p.Stdout, result); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return p.usable(result)
}

// shownValue bounds a value in the table, in runes.
const shownValue = 60

// explainText is a table of a fact a line: phase, field, value and source.
func explainText(w io.Writer, result planner.Result) error {
	veil := report.NewVeil(result.Plan)
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "PHASE\tFIELD\tVALUE\tFROM")
	for _, o := range result.Origins {
		o.Fact, o.Why = veil.Fact(o.Fact), veil.Text(o.Why)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", fault.Shown(cmp.Or(o.Phase, "plan")), fault.Shown(o.Field), fault.Shown(shorten(o.Value)), fault.Shown(o.Source()))
	}
	return table.Flush()
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

// explainJSON prints {"plan": ..., "detected": [...], "origins": [...], "warnings": [...]}.
func explainJSON(w io.Writer, result planner.Result) error {
	out := struct {
		Plan     json.RawMessage `json:"plan"`
		Edition  string          `json:"edition"`
		Detected []explainedApp  `json:"detected"`
		Origins  []explained     `json:"origins"`
		Warnings []string        `json:"warnings"`
	}{
		Plan: json.RawMessage(result.Plan.JSON()), Edition: string(result.Edition),
		Detected: []explainedApp{}, Origins: []explained{}, Warnings: append([]string{}, project.Warnings(result)...),
	}
	for _, d := range result.Detected {
		out.Detected = append(out.Detected, explainedApp{d.Provider, d.Reason})
	}
	for _, o := range result.Origins {
		out.Origins = append(out.Origins, explained{o.Phase, o.Field, o.Value, o.By, o.File, o.Line, o.Why})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// An explainedApp is a provider that takes part.
type explainedApp struct {
	Provider string `json:"provider"`
	Reason   string `json:"reason"`
}
