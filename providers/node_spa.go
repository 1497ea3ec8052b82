package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

const spaVariable = "SPA_OUT_DIR" // without its prefix

var (
	viteOutDir   = lazyregexp.New("outDir:\\s*['\"`](.*?)['\"`]")
	viteBuildOut = lazyregexp.New(`vite\s+build(?:\s+-\S*)*\s+--outDir\s+([^-\s;]+)`)
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
func (n *nodeApp) spaOutput() (dir string, why cause) {
	if dir, ok := n.Vars.Config(spaVariable); ok {
		return dir, byVariable(n.App, spaVariable)
	}
	for _, name := range viteConfigs {
		text, err := n.Tree.Read(name)
		if err != nil {
			continue
		}
		if m := viteOutDir.FindStringSubmatch(text); m != nil {
			return m[1], byLine(n.App, name, m[0], fmt.Sprintf("outDir is %.60q", m[1]))
		}
		break
	}
	if m := viteBuildOut.FindStringSubmatch(n.pkg.Scripts["build"]); m != nil {
		return m[1], n.scriptWhy("build")
	}
	return "dist", byDefault("Vite builds to it unless it is told otherwise")
}

// servedAsFiles reports whether the build's output is served as files by Caddy, instead of by the app, and why.
func (n *nodeApp) servedAsFiles() (why cause, ok bool) {
	if n.spaOff() || !n.isVite() {
		return cause{}, false
	}
	if _, named := n.Vars.Config(spaVariable); named {
		return byVariable(n.App, spaVariable), true
	}
	i := slices.IndexFunc(spaFrameworks, func(f spaFramework) bool {
		return n.pkg.depends(f.dep) && !slices.ContainsFunc(f.servers, n.pkg.depends)
	})
	if i < 0 {
		return cause{}, false
	}
	dep := spaFrameworks[i].dep
	return n.dependencyWhy(dep, "Vite builds an app of "+dep+" without a server of its own"), true
}

// spaOff reports whether the user wants no files served.
func (n *nodeApp) spaOff() bool {
	off, _ := n.Vars.Config("SPA_CADDY")
	return off == "0" || strings.EqualFold(off, "false")
}

// spaAsked takes the folder that the user names as the app, and reports whether one is named.
func (n *nodeApp) spaAsked(c *nodeCommands) bool {
	dir, named := n.Vars.Config(spaVariable)
	if !named || n.spaOff() {
		return false
	}
	why := byVariable(n.App, spaVariable)
	c.site, c.startWhy, c.serves = &staticSite{dir: dir, single: true, why: why}, why, true
	return true
}

// onlyForFiles is what makes a site that needs no more than its files: Node, and what goes with it.
func (n *nodeApp) onlyForFiles(site *staticSite) []string {
	if site == nil || site.files(n.App) == nil {
		return nil
	}
	return append(n.chosenPackages(), n.tools().NixPkgs...)
}

// site is the site in a folder that a configuration names. A folder outside of the app, or one that the server's configuration cannot name,
// is replaced by the fallback with a warning.
func (n *nodeApp) site(dir, fallback string, single bool, why cause) *staticSite {
	clean := path.Clean(dir)
	if at := path.Join(n.at, clean); !plainFolder.MatchString(at) || strings.HasPrefix(at, "..") {
		n.warn("%s: the folder %.60q cannot be served; the plan takes %q", why.place(), dir, fallback)
		return &staticSite{dir: fallback, single: single, why: byDefault("it is the usual folder")}
	}
	return &staticSite{dir: clean, single: single, why: why}
}
