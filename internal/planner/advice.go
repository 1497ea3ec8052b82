package planner

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// advise warns about what a finished plan means but does not say.
func advise(p plan.Plan, tree *source.Tree) []string {
	return append(endOfLife(p), localhost(p, tree)...)
}

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
	localOption = regexp.MustCompile(`(?:^|\s)(?:-H|-b|-l|-h|--?(?:host|hostname|bind|ip|address|addr|listen|interface))[ =](?:[a-z]+://)?(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:$|[\s:/'"])`)
	localServer = regexp.MustCompile(`\b(?:runserver|php -S) (?:localhost|127\.0\.0\.1)\b`)
	localURL    = regexp.MustCompile(`^(?:[a-z]+://)?(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:$|[:/])`)
)

// hostVariables are those that servers take their address from.
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
	for _, cmd := range append([]string{*p.Start.Cmd}, startScript(*p.Start.Cmd, tree)...) {
		if localOption.MatchString(cmd) || localServer.MatchString(cmd) {
			return append(warnings, "the start command binds the server to localhost, "+advice)
		}
	}
	return warnings
}

var runScript = regexp.MustCompile(`^(?:npm|pnpm|yarn|bun) run ([\w:-]+)$`)

// startScript returns the script of package.json that a start command runs.
func startScript(cmd string, tree *source.Tree) []string {
	m := runScript.FindStringSubmatch(strings.TrimSpace(cmd))
	if m == nil {
		return nil
	}
	var manifest struct {
		Scripts map[string]any `json:"scripts"`
	}
	if tree.JSON("package.json", &manifest) != nil {
		return nil
	}
	if script, ok := manifest.Scripts[m[1]].(string); ok {
		return []string{script}
	}
	return nil
}
