package providers

import (
	_ "embed"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// staticOutput is the variable that tells Caddy the folder of a site.
const staticOutput = "NIXPACKS_SPA_OUTPUT_DIR"

const caddyStart = "exec caddy run --config /assets/Caddyfile --adapter caddyfile 2>&1"

//go:embed assets/Caddyfile
var caddyfile string

//go:embed assets/Caddyfile.pages
var pagesCaddyfile string

// A caddyServer is Caddy of nixpkgs. It serves sites in edition 1.39, and where the catalogue has no server of ours.
type caddyServer struct {
	archive string // of nixpkgs, as a plan has it
	instead string // why it serves and npx-static does not, "" in edition 1.39
}

// startsCaddy reports whether the user's start command takes the configuration of Caddy.
func startsCaddy(app App) bool {
	return app.UserStart != nil && strings.Contains(*app.UserStart, "/assets/Caddyfile")
}

func (c caddyServer) start(*staticSite) string { return caddyStart }

func (c caddyServer) settings() string { return "" }

func (c caddyServer) add(s *staticSite, out *Output, why cause) {
	out.addPhase("caddy", plan.Phase{
		DependsOn:      []string{"setup"},
		NixPkgs:        []string{"caddy"},
		NixOverlays:    []string{},
		NixpkgsArchive: &c.archive,
		Cmds:           []string{"caddy fmt --overwrite /assets/Caddyfile"},
	})
	text := pagesCaddyfile
	if s.single {
		text = caddyfile
	}
	out.Plan.StaticAssets = map[string]string{"Caddyfile": text}
	if c.instead != "" {
		if out.Plan.Variables == nil {
			out.Plan.Variables = map[string]string{}
		}
		out.Plan.Variables[staticOutput] = s.dir
		out.Reasons = append(out.Reasons, s.why.decided("", "variable "+staticOutput, s.dir))
		why.why += "; Caddy serves them, as " + c.instead
	}
	for _, field := range []string{"nix", "nixpkgs", "cmd"} {
		out.Reasons = append(out.Reasons, why.decided("caddy", field, ""))
	}
	out.Reasons = append(out.Reasons, why.decided("", "asset Caddyfile", ""))
}
