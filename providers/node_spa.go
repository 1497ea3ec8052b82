package providers

import (
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

var (
	viteOutDir   = regexp.MustCompile("outDir:\\s*['\"`](.*?)['\"`]")
	viteBuildOut = regexp.MustCompile(`vite\s+build(?:\s+-\S*)*\s+--outDir\s+([^-\s;]+)`)
)

// viteConfigs are in order of priority.
var viteConfigs = []string{"vite.config.js", "vite.config.ts"}

func (n *nodeApp) isVite() bool {
	return n.pkg.depends("vite") ||
		slices.ContainsFunc(viteConfigs, n.Tree.HasFile) ||
		strings.Contains(strings.ToLower(n.pkg.Scripts["build"]), "vite build")
}

// spaOutput returns the directory that Vite builds to: what the user says, else what the configuration or
// the build script seems to say.
func (n *nodeApp) spaOutput() string {
	if dir, ok := n.Vars.Config("SPA_OUT_DIR"); ok {
		return dir
	}
	for _, name := range viteConfigs {
		text, err := n.Tree.Read(name)
		if err != nil {
			continue
		}
		if m := viteOutDir.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		break
	}
	if m := viteBuildOut.FindStringSubmatch(n.pkg.Scripts["build"]); m != nil {
		return m[1]
	}
	return "dist"
}

// usesCaddy reports whether the build's output is served as files, instead of by the app.
func (n *nodeApp) usesCaddy() bool {
	off, _ := n.Vars.Config("SPA_CADDY")
	if off == "0" || strings.EqualFold(off, "false") || !n.isVite() {
		return false
	}
	_, named := n.Vars.Config("SPA_OUT_DIR")
	return named || slices.ContainsFunc(spaFrameworks, func(f spaFramework) bool {
		return n.pkg.depends(f.dep) && !slices.ContainsFunc(f.servers, n.pkg.depends)
	})
}

func caddyPhase() plan.Phase {
	return plan.Phase{
		DependsOn:      []string{"setup"},
		NixPkgs:        []string{"caddy"},
		NixOverlays:    []string{},
		NixpkgsArchive: new(caddyArchive),
		Cmds:           []string{"caddy fmt --overwrite /assets/Caddyfile"},
	}
}

const caddyStart = "exec caddy run --config /assets/Caddyfile --adapter caddyfile 2>&1"
