package providers

import (
	_ "embed"
	"path"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

const spaVariable = "SPA_OUT_DIR" // without its prefix

// staticOutput is the variable that tells the server of files their folder.
const staticOutput = "NIXPACKS_SPA_OUTPUT_DIR"

//go:embed assets/Caddyfile.pages
var pagesCaddyfile string

// A staticSite is a folder of files that a build makes.
type staticSite struct {
	dir    string // relative to the app
	single bool   // a path without a file is one of the single page, index.html
	why    cause  // of the folder
}

// start is the command that serves the site on PORT.
func (s *staticSite) start() string { return caddyStart }

// files are what of the app the image of a site holds, as a plan has them; nil for the whole app. In edition 1.39 that is so, and where the
// folder is none that can be copied.
func (s *staticSite) files(app App) []string {
	if !app.choosesVersions() || !plainFolder().MatchString(s.dir) || path.Clean(s.dir) != s.dir {
		return nil
	}
	return []string{s.dir}
}

// onlyForFiles is what makes a site that needs no more than its files: Node, and what goes with it.
func (n *nodeApp) onlyForFiles(site *staticSite) []string {
	if site == nil || site.files(n.App) == nil {
		return nil
	}
	return append(n.chosenPackages(), n.tools().NixPkgs...)
}

// serve adds the server to a plan.
func (s *staticSite) serve(app App, p *plan.Plan) error {
	archive := caddyArchive
	if app.choosesVersions() {
		var err error
		if archive, err = PinnedArchive(app); err != nil {
			return err
		}
	}
	p.Phases["caddy"] = caddyPhase(archive)
	if p.Start != nil {
		p.Start.OnlyIncludeFiles = s.files(app)
	}
	p.StaticAssets = map[string]string{"Caddyfile": pagesCaddyfile}
	if s.single {
		p.StaticAssets["Caddyfile"] = caddyfile
	}
	return nil
}

// reasons are those for what serve adds.
func (s *staticSite) reasons(why cause) []Reason {
	var list []Reason
	for _, field := range []string{"nix", "nixpkgs", "cmd"} {
		list = append(list, why.decided("caddy", field, ""))
	}
	return append(list, why.decided("", "asset Caddyfile", ""))
}

// plainFolder is a folder that can stand in the server's configuration.
var plainFolder = letters(`^[\pL\pN_@+.-]+(/[\pL\pN_@+.-]+)*$`)

// site is the site in a folder that a configuration names. A folder outside of the app, or one that the server's configuration cannot name,
// is replaced by the fallback with a warning.
func (n *nodeApp) site(dir, fallback string, single bool, why cause) *staticSite {
	clean := path.Clean(dir)
	if at := path.Join(n.at, clean); !plainFolder().MatchString(at) || strings.HasPrefix(at, "..") {
		n.warn("%s: the folder %.60q cannot be served; the plan takes %q", why.place(), dir, fallback)
		return &staticSite{fallback, single, byDefault("it is the usual folder")}
	}
	return &staticSite{clean, single, why}
}
