package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// advise warns about what a finished plan means but does not say. Told are the packages whose end the warnings tell already.
func advise(p plan.Plan, app providers.App, told []string) []string {
	return slices.Concat(endOfLife(p, told), endedReleases(p, app, told), localhost(p, app.Tree), processAdvice(p), healthAdvice(p))
}

// Starts reports whether the plan has a start command.
func (r Result) Starts() bool {
	start := r.Plan.Start
	return start != nil && start.Cmd != nil && *start.Cmd != ""
}

// startless says why a plan starts nothing, if a provider knows. That it starts nothing is told by those who show or build it.
func startless(why string) []string {
	if why == "" {
		return nil
	}
	return []string{"nothing is started: " + why}
}

// passedOver warns about directories and files that planning asked for and did not get.
func passedOver(tree *source.Tree) []string {
	var warnings []string
	for _, dir := range tree.Unread() {
		warnings = append(warnings, printable(dir)+": this directory may not be read, so the plan does not know its files")
	}
	for _, name := range tree.Outside() {
		warnings = append(warnings, printable(name)+": this link leads out of the app, so it is passed over; put the file itself there")
	}
	return warnings
}

// droppedPackages warns of packages that a provider asks for and a list of the user's leaves out. Another version of a package takes the place of
// it, and an empty list says clearly that none is wanted.
func droppedPackages(base, final plan.Plan, found []Origin) []string {
	var warnings []string
	for name, phase := range plan.Sorted(base.Phases) {
		after := final.Phases[name]
		for _, list := range []struct {
			key, field    string
			before, after []string
		}{{"nixPkgs", "nix", phase.NixPkgs, after.NixPkgs}, {"nixLibs", "nix-lib", phase.NixLibs, after.NixLibs}, {"aptPkgs", "apt", phase.AptPkgs, after.AptPkgs},
			{"releases", "release", phase.ReleaseNames(), after.ReleaseNames()}} {
			lost := slices.DeleteFunc(slices.Clone(list.before), func(pkg string) bool {
				return isDots(pkg) || slices.ContainsFunc(list.after, func(other string) bool { return catalogue.Stem(other) == catalogue.Stem(pkg) })
			})
			if len(lost) == 0 || len(list.after) == 0 {
				continue
			}
			warnings = append(warnings, fmt.Sprintf(`%s of phase %s leaves out %s, which the provider asks for: write "..." in the list to keep them`,
				place(found, name, list.field, list.key), name, strings.Join(lost, ", ")))
		}
	}
	return warnings
}

// place is the key of a list, with the file and the line that the list is in.
func place(found []Origin, phase, field, key string) string {
	for _, o := range found {
		if o.Phase == phase && o.Field == field && !strings.HasPrefix(o.By, "provider ") && !strings.HasPrefix(o.By, "rule ") {
			return o.Source() + ": " + key
		}
	}
	return key
}

func isDots(name string) bool { return name == "..." || name == "@auto" }

// rivals warns that providers after the one that was found would take the app too: only the first does. A mistake in
// the files of a provider that is not used is none.
func rivals(app providers.App, list []providers.Provider, found *providers.Provider) []string {
	if found == nil || found.Fallback {
		return nil
	}
	var warnings []string
	after := slices.IndexFunc(list, func(p providers.Provider) bool { return p.Name == found.Name }) + 1
	for _, p := range list[after:] {
		if p.Fallback || slices.Contains(found.Covers, p.Name) {
			continue
		}
		if reason, err := p.Detect(app); err == nil && reason != "" {
			warnings = append(warnings, fmt.Sprintf(
				`%s matches too (%s), but only %s plans this app; for both, set providers = ["...", "%s"]`, p.Name, printable(reason), found.Name, p.Name))
		}
	}
	return warnings
}

var (
	// A host that is reachable from inside the container only, as the value of an option.
	localOption = lazyregexp.New(`(?:^|\s)(?:-H|-b|-l|-h|--?(?:host|hostname|bind|ip|address|addr|listen|interface))[ =](?:[a-z]+://)?(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:$|[\s:/'"])`)
	localServer = lazyregexp.New(`\b(?:runserver|php -S) (?:localhost|127\.0\.0\.1)\b`)
	localURL    = lazyregexp.New(`^(?:[a-z]+://)?(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:$|[:/])`)
)

// hostVariables are the variables that servers take their address from.
var hostVariables = []string{
	"ASPNETCORE_URLS", "BIND", "BIND_ADDRESS", "HOST", "HOSTNAME", "NITRO_HOST", "NUXT_HOST", "ROCKET_ADDRESS", "UVICORN_HOST",
}

// localhost warns about a server that nobody outside its container can reach.
func localhost(p plan.Plan, tree *source.Tree) []string {
	var warnings []string
	const advice = "so nothing outside the container reaches it; use 0.0.0.0"
	for _, name := range hostVariables {
		if localURL.MatchString(p.Variables[name]) {
			warnings = append(warnings, fmt.Sprintf("the variable %s binds the server to localhost, %s", name, advice))
		}
	}
	if p.Start == nil || p.Start.Cmd == nil {
		return warnings
	}
	cmds := []string{*p.Start.Cmd}
	for _, script := range Scripts(plan.Plan{Start: p.Start}, tree) {
		cmds = append(cmds, script.Text)
	}
	for _, cmd := range cmds {
		if localOption.MatchString(cmd) || localServer.MatchString(cmd) {
			return append(warnings, "the start command binds the server to localhost, "+advice)
		}
	}
	return warnings
}
