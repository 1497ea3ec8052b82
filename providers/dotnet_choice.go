package providers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/store"
)

const (
	dotnetRoot = "DOTNET_ROOT"

	// dotnetMoved is the day from which on archives of nixpkgs have the root of .NET in share/dotnet (its pull request 355753).
	dotnetMoved    catalogue.Day = "2024-12-01"
	dotnetMovedDir string        = "/nix/var/nix/profiles/default/share/dotnet"

	// dotnetICU are the rules of languages and regions, without which upstream's .NET does not start; by the name of Ubuntu 24.04.
	dotnetICU = "libicu74"
)

// chosenSDK is the SDK of editions after 1.39, for both languages.
func chosenSDK(app App) (dotnetSDK, error) {
	c, err := choose(app, "dotnet")
	if err != nil {
		if c, err = nearSDK(app, err); err != nil {
			return dotnetSDK{}, err
		}
	}
	root, err := rootOf(app, c)
	return dotnetSDK{major: uint64(leadingNumber(c.version)), why: c.why, chosen: &c, root: root}, err
}

// rootOf is where an SDK has the directory that its programs call the root of .NET.
func rootOf(app App, c choice) (string, error) {
	if c.release != "" {
		r, err := store.ParseRelease(c.release)
		return r.Out(), err
	}
	all, err := app.Versions()
	if err != nil {
		return "", err
	}
	known, err := all.Tool("dotnet")
	if err != nil {
		return "", err
	}
	commit, _, _ := strings.Cut(c.archive, "#")
	for _, p := range known.Packages(c.version) {
		if p.Commit == commit && p.Date >= dotnetMoved {
			return dotnetMovedDir, nil
		}
	}
	return dotnetVariables[dotnetRoot], nil
}

// install is the setup phase of an SDK, with the reasons.
func (s dotnetSDK) install() (plan.Phase, []Reason) {
	c := s.chosen
	if c == nil {
		return plan.Phase{NixPkgs: []string{s.pkg()}, NixOverlays: []string{}}, []Reason{s.why.decided("setup", "nix", s.pkg())}
	}
	reasons := c.reasons()
	if c.release != "" {
		reasons = append(reasons, byDefault("upstream's .NET does not start without it").decided("setup", "apt", dotnetICU))
	}
	return c.install(plan.Phase{}), append(reasons, s.why.decided("", "variable "+dotnetRoot, s.root))
}

func leadingNumber(version string) (n int) {
	_, _ = fmt.Sscanf(ranges.Leading(version, 1), "%d", &n)
	return n
}

// nearSDK gives another SDK of the line in place of the one that global.json asks for and that cannot be had.
func nearSDK(app App, cause error) (choice, error) {
	found, err := app.asks("dotnet")
	if err != nil {
		return choice{}, err
	}
	if len(found.Asks) == 0 || found.Asks[0].File != globalJSON || app.Strict || !errors.As(cause, new(*catalogue.NoVersionError)) {
		return choice{}, cause
	}
	a := found.Asks[0]
	version, _, _ := strings.Cut(a.Text, ",")
	line, err := ranges.Comparison(fmt.Sprintf(">=%s <%d", version, leadingNumber(version)+1))
	if err != nil {
		return choice{}, cause
	}
	c, err := pick(app, "dotnet", catalogue.Ask{Range: line})
	if err != nil {
		return choice{}, cause
	}
	c.why = whyChosen(found, c.version)
	c.warnings = append(found.Warnings, append([]string{fmt.Sprintf(
		"%s asks for .NET SDK %s, which cannot be had; %s is given, which dotnet refuses unless rollForward is latestFeature", a.Place(), version, c.version)}, c.warnings...)...)
	return c, nil
}
