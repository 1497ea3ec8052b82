package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/columns"
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
	cmd.Flags().StringVarP(&format, "format", "f", "text", "print as `text` or json")
	complete(cmd, "format", "text", "json")
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
	if err := fault.Choice("format", format, "text", "json"); err != nil {
		return err
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
	text := indentedJSON(d)
	if format == "text" {
		text = p.diagnosis(d)
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
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

// diagnosis is a block for each route: what answers there, or why nothing does and what helps. Routes that lack the same share a block.
func (p *program) diagnosis(d diagnosis) string {
	var b strings.Builder
	taken := false
	for i, r := range d.Routes {
		if !r.Available && slices.ContainsFunc(d.Routes[:i], r.lacksTheSame) {
			continue
		}
		names, state := r.Route, p.paint(green, "works")
		switch {
		case !r.Available:
			names, state = strings.Join(r.sharing(d.Routes), ", "), p.paint(red, "does not work")
		case !taken:
			state, taken = state+", and a build takes it", true
		}
		b.WriteString(p.paint(bold, names) + ": " + state + "\n")
		for _, line := range r.lines() {
			b.WriteString(columns.Indented(fault.Harmless(line), 2, p.width()) + "\n")
		}
		b.WriteByte('\n')
	}
	registries := cmp.Or(strings.Join(d.Registries, ", "), "none")
	b.WriteString(columns.Hanging("credentials for registries: "+fault.Harmless(registries), p.width()) + "\n")
	return b.String()
}

// lacksTheSame reports whether two routes do not work for the same reason.
func (r routeState) lacksTheSame(other routeState) bool {
	return !r.Available && !other.Available && r.Reason == other.Reason && r.Fix == other.Fix
}

// sharing are the names of the routes that do not work for the reason of this one.
func (r routeState) sharing(all []routeState) (names []string) {
	for _, other := range all {
		if r.lacksTheSame(other) {
			names = append(names, other.Route)
		}
	}
	return names
}

// shownPlatforms bounds how many platforms of a builder are named.
const shownPlatforms = 6

// lines say about a route what there is to say.
func (r routeState) lines() (lines []string) {
	if r.Version != "" {
		lines = append(lines, strings.Join(slices.DeleteFunc([]string{r.Version, r.Snapshotter, r.Address}, func(s string) bool { return s == "" }), ", "))
	}
	if n := len(r.Platforms); n > 0 {
		more := ""
		if n > shownPlatforms {
			more = fmt.Sprintf(" and %d more", n-shownPlatforms)
		}
		lines = append(lines, "for "+strings.Join(r.Platforms[:min(n, shownPlatforms)], ", ")+more)
	}
	for _, text := range []string{r.Reason, r.Fix} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}
