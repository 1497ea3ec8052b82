package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
)

// doctorCommand tries every way to a builder.
func doctorCommand(p *program) *cobra.Command {
	var s settings
	var format string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say where a build could run here, and what the other places lack",
		Long: `Doctor tries each way to a BuildKit, in the order in which a build tries them. It prints what answers, and why
the others do not. It starts builders as a build would, and removes them; it pulls no image.

Exit status: 0 if a build can run, 75 if it cannot.`,
		Example: `  npx-action doctor
  npx-action doctor --format json
  npx-action doctor --buildkit-host tcp://builder:1234 --buildkit-ca ca.pem`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context(), s, format) },
	}
	bind(cmd, cmd.Flags(), &s.Build, nil)
	registerEngine(cmd.Flags(), &s.Engine)
	cmd.Flags().StringVar(&format, "format", "table", "print as `table` or json")
	complete(cmd, "format", "table", "json")
	return cmd
}

// A diagnosis is what doctor prints.
type diagnosis struct {
	Routes     []routeState `json:"routes"`
	Registries []string     `json:"registries"` // hosts with credentials
}

// A routeState is one line of it.
type routeState struct {
	Route       string   `json:"route"`
	Available   bool     `json:"available"`
	Reason      string   `json:"reason,omitempty"` // why not, or what it cannot do
	Fix         string   `json:"fix,omitempty"`
	Address     string   `json:"address,omitempty"`
	Version     string   `json:"version,omitempty"`
	Snapshotter string   `json:"snapshotter,omitempty"`
	Platforms   []string `json:"platforms,omitempty"`
}

func (p *program) doctor(ctx context.Context, s settings, format string) error {
	if format != "table" && format != "json" {
		return fault.Usage("use table or json", "reading --format: unknown format %q", format)
	}
	if err := s.checkRoute(); err != nil {
		return err
	}
	env := p.environment()
	own, err := env.Certificates("", s.CACertificates)
	if err != nil {
		return err
	}
	o := env.BuilderOptions(s.Settings, p.options.Platform.Name, own)
	o.Notice = func(string) {}
	if err := o.Check(); err != nil {
		return err
	}
	d := diagnosis{Registries: append([]string{}, env.Keychain(nil).Hosts()...)}
	for _, found := range builder.Survey(ctx, o) {
		d.Routes = append(d.Routes, newRouteState(found))
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, err := p.Stdout.Write(d.text(format)); err != nil {
		return fmt.Errorf("writing the diagnosis: %w", err)
	}
	if !slices.ContainsFunc(d.Routes, func(r routeState) bool { return r.Available }) {
		return fault.New(fault.World, errors.New("no builder works here"), "do what one of the lines above says, or give --buildkit-host")
	}
	return nil
}

func newRouteState(f builder.Found) routeState {
	return routeState{Route: f.Route, Available: f.Err == nil, Reason: cmp.Or(f.Why, f.Info.Limits), Fix: f.Fix,
		Address: f.Info.Address, Version: f.Info.Version, Snapshotter: f.Info.Snapshotter, Platforms: f.Info.Platforms}
}

func (d diagnosis) text(format string) []byte {
	if format == "json" {
		// Marshalling strings cannot fail.
		text, _ := json.MarshalIndent(d, "", "  ")
		return append(text, '\n')
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROUTE\tWORKS\tVERSION\tSNAPSHOTTER\tPLATFORMS\tNOTE")
	for _, r := range d.Routes {
		works, note := "no", r.Reason+suffix("; ", r.Fix, "")
		if r.Available {
			works = "yes"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Route, works, cmp.Or(r.Version, "-"), cmp.Or(r.Snapshotter, "-"),
			cmp.Or(strings.Join(r.Platforms[:min(len(r.Platforms), 3)], ","), "-"), fault.Harmless(note))
	}
	_ = w.Flush()
	registries := "none"
	if len(d.Registries) > 0 {
		registries = strings.Join(d.Registries, ", ")
	}
	fmt.Fprintf(&b, "\ncredentials for registries: %s\n", fault.Harmless(registries))
	var out bytes.Buffer
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.Bytes()
}

func suffix(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}
