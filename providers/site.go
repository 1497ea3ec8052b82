package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// serveSite makes the app of an output a site: the folder is served, and the image holds nothing else of what the phases install and write.
// A start command of the user's may need all of it.
func (o *Output) serveSite(app App, site *staticSite, generator string) error {
	o.NoStart, o.Fixes, o.Plan.Start = "", nil, nil
	o.Reasons = slices.DeleteFunc(o.Reasons, func(r Reason) bool { return r.Fact.Phase == "start" })
	if app.UserStart == nil && site.files(app) != nil {
		for _, phase := range plan.Sorted(o.Plan.Phases) {
			o.BuildOnly = slices.Concat(o.BuildOnly, phase.NixPkgs, phase.ReleaseNames())
		}
	}
	if app.UserStart == nil || startsCaddy(app) {
		if err := site.addTo(app, o, byDefault(generator+" makes files")); err != nil {
			return err
		}
	}
	if server, ok := o.Plan.Phases["caddy"]; ok && !slices.Contains(server.DependsOn, "install") {
		server.DependsOn = append(slices.Clone(server.DependsOn), "install") // it has the app copied, so that each page would be installed for again
		o.Plan.Phases["caddy"] = server
	}
	o.Reasons = reasonsOf(o.Plan, o.Reasons)
	return nil
}

// A siteConfig is the configuration of a site's generator, of which single lines are read: it may have tags and keys that only the
// generator understands.
type siteConfig struct{ name, text string }

// readSiteConfig reads the first of the files that is there.
func readSiteConfig(app App, names ...string) (siteConfig, error) {
	name := firstFile(app, names...)
	if name == "" {
		return siteConfig{}, nil
	}
	text, err := app.Tree.Read(name)
	return siteConfig{name, strings.TrimPrefix(text, "\ufeff")}, err
}

// siteKeyValue is a key at the beginning of a line of TOML, YAML or JSON with its plain value.
const siteKeyValue = `(?im)^[ \t]*"?%s"?[ \t]*[:=][ \t]*(?:"([^"\r\n]*)"|'([^'\r\n]*)'|([^\s"'#,\[{][^\r\n#,]*))`

// value is what a key is set to, and its line; 0 if it is not set to a plain value.
func (c siteConfig) value(key *lazyregexp.Regexp) (string, int) {
	at := key.FindStringSubmatchIndex(c.text)
	if at == nil {
		return "", 0
	}
	for i := 2; i < len(at); i += 2 {
		if at[i] >= 0 {
			return strings.TrimSpace(c.text[at[i]:at[i+1]]), lineAt(c.text, at[0])
		}
	}
	return "", 0
}

// folder is the site in the folder that a key names, or in the usual one. A folder that cannot be served gives a warning.
func (c siteConfig) folder(key *lazyregexp.Regexp, usual, generator string) (*staticSite, []string) {
	dir, line := c.value(key)
	if dir == "" {
		return &staticSite{dir: usual, why: byDefault(generator + " builds to it unless it is told otherwise")}, nil
	}
	why := cause{c.name, line, fmt.Sprintf("the site is built to %.60q", dir)}
	if clean := path.Clean(dir); plainFolder.MatchString(clean) && !strings.HasPrefix(clean, "..") {
		return &staticSite{dir: clean, why: why}, nil
	}
	return &staticSite{dir: usual, why: byDefault("it is the usual folder")},
		[]string{fmt.Sprintf("%s: the folder %.60q cannot be served; the plan takes %q", why.place(), dir, usual)}
}

// linksBelow warns of pages that link to a path that they are not served at.
func (c siteConfig) linksBelow(key *lazyregexp.Regexp) []string {
	address, line := c.value(key)
	if _, rest, ok := strings.Cut(address, "://"); ok {
		_, address, _ = strings.Cut(rest, "/")
	}
	below := strings.Trim(address, "/")
	if below == "" || !plainFolder.MatchString(below) {
		return nil
	}
	return []string{fmt.Sprintf("%s:%d: the pages link to /%s/, and are served at /; change that, unless a proxy takes the path away", c.name, line, below)}
}
