package sbom

import (
	"maps"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// An npmDependency is one of lockfile version 1, which nests them.
type npmDependency struct {
	Version      string                   `json:"version"`
	Resolved     string                   `json:"resolved"`
	Integrity    string                   `json:"integrity"`
	Dev          bool                     `json:"dev"`
	Dependencies map[string]npmDependency `json:"dependencies"`
}

// npm reads package-lock.json of any version. Links are the app's own packages.
func npm(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string]struct {
			Name      string `json:"name"`
			Version   string `json:"version"`
			Resolved  string `json:"resolved"`
			Integrity string `json:"integrity"`
			Dev       bool   `json:"dev"`
			Link      bool   `json:"link"`
		} `json:"packages"`
		Dependencies map[string]npmDependency `json:"dependencies"`
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	const dir = "node_modules/"
	var list []Package
	for _, place := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[place]
		i := strings.LastIndex(place, dir)
		if i < 0 || p.Link || p.Version == "" {
			continue
		}
		known := place[i+len(dir):]
		if p.Name != "" { // it is installed under another name
			known = p.Name
		}
		entry := pkg(packageurl.TypeNPM, known, p.Version)
		entry.dev, entry.url, entry.sum = p.Dev, p.Resolved, p.Integrity
		list = append(list, entry)
	}
	if len(lock.Packages) == 0 {
		list = npmNested(lock.Dependencies, nil)
	}
	return list, nil
}

func npmNested(dependencies map[string]npmDependency, list []Package) []Package {
	for _, name := range slices.Sorted(maps.Keys(dependencies)) {
		d := dependencies[name]
		if d.Version != "" && !strings.Contains(d.Version, ":") {
			entry := pkg(packageurl.TypeNPM, name, d.Version)
			entry.dev, entry.url, entry.sum = d.Dev, d.Resolved, d.Integrity
			list = append(list, entry)
		} else {
			list = append(list, at(packageurl.TypeNPM, d.Version, d.Resolved))
		}
		list = npmNested(d.Dependencies, list)
	}
	return list
}

// pnpmKey is /NAME/VERSION, /NAME@VERSION or NAME@VERSION, with peers behind.
var pnpmKey = lazyregexp.New(`^/?((?:@[^/@]+/)?[^/@(]+)[@/]([0-9][^(_]*)`)

// pnpm reads pnpm-lock.yaml of any version.
func pnpm(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string]struct {
			Name       string `yaml:"name"`
			Version    string `yaml:"version"`
			Dev        bool   `yaml:"dev"`
			Resolution struct {
				Tarball   string `yaml:"tarball"`
				Integrity string `yaml:"integrity"`
				Repo      string `yaml:"repo"`
			} `yaml:"resolution"`
		} `yaml:"packages"`
	}
	if err := t.YAML(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[key]
		known, version := p.Name, p.Version // of what comes from elsewhere
		if m := pnpmKey.FindStringSubmatch(key); m != nil {
			known, version = m[1], m[2]
		} else if name, _, ok := cutVersion(key); ok && known == "" {
			known = name
		}
		places := []string{p.Resolution.Tarball, p.Resolution.Repo}
		if known == "" || version == "" {
			list = append(list, at(packageurl.TypeNPM, places...))
			continue
		}
		entry := pkg(packageurl.TypeNPM, known, version)
		entry.dev, entry.url, entry.places, entry.sum = p.Dev, places[0], places[1:], p.Resolution.Integrity
		list = append(list, entry)
	}
	return list, nil
}

var (
	// yarnKey is the first of a block's names, such as "@a/b@^1.0.0": or "b@npm:^1.0.0":.
	yarnKey = lazyregexp.New(`^"?((?:@[^/@"]+/)?[^@",]+)@([^",]*)`)
	// yarnField is a line of a block, as Yarn 1 and later ones write it.
	yarnField = lazyregexp.New(`^  "?(version|resolution|resolved|integrity|checksum)"?:? "?([^"]+)"?$`)
)

// yarn reads yarn.lock of any version.
func yarn(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	var known string
	named := 0 // the package of this block, from 1
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := yarnKey.FindStringSubmatch(line); m != nil && line[0] != ' ' && line[0] != '#' {
			known = m[1]
			if named = 0; strings.HasPrefix(m[2], "workspace:") {
				known = "" // the app's own
			}
			continue
		}
		m := yarnField.FindStringSubmatch(line)
		switch {
		case m == nil || known == "":
		case m[1] == "version":
			list = append(list, pkg(packageurl.TypeNPM, known, m[2]))
			named = len(list)
		case named == 0: // a block has its version first
		case m[1] == "resolved":
			list[named-1].url = m[2]
		case m[1] == "integrity", m[1] == "checksum":
			list[named-1].sum = m[2]
		default: // NAME@npm:VERSION, or NAME@ADDRESS
			_, from, _ := cutVersion(m[2])
			list[named-1].places = []string{from}
		}
	}
	return list, nil
}

// bun reads bun.lock, whose packages are lists that begin with NAME@VERSION. It has commas before closing brackets, which JSON does not
// allow and YAML does.
func bun(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string][]any `yaml:"packages"`
	}
	if err := t.YAML(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		entry := lock.Packages[key]
		if len(entry) == 0 {
			continue
		}
		text, _ := entry[0].(string)
		known, version, ok := cutVersion(text)
		switch {
		case ok && strings.Contains(version, ":"):
			list = append(list, at(packageurl.TypeNPM, version))
		case ok:
			e := pkg(packageurl.TypeNPM, known, version)
			if len(entry) > 1 {
				e.url, _ = entry[1].(string) // "" for the registry of everybody
			}
			if len(entry) > 3 {
				e.sum, _ = entry[3].(string)
			}
			list = append(list, e)
		}
	}
	return list, nil
}

// deno reads deno.lock of version 3 and later.
func deno(t *source.Tree, name string) ([]Package, error) {
	type keyed map[string]any
	var lock struct {
		NPM      keyed `json:"npm"`
		JSR      keyed `json:"jsr"`
		Packages struct {
			NPM keyed `json:"npm"`
			JSR keyed `json:"jsr"`
		} `json:"packages"`
		Remote keyed `json:"remote"` // files, by their addresses
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, of := range []struct {
		ecosystem string
		keys      []keyed
	}{
		{packageurl.TypeNPM, []keyed{lock.NPM, lock.Packages.NPM}},
		{"jsr", []keyed{lock.JSR, lock.Packages.JSR}},
	} {
		for _, m := range of.keys {
			for _, key := range slices.Sorted(maps.Keys(m)) {
				if known, version, ok := cutVersion(key); ok {
					version, _, _ = strings.Cut(version, "_") // peers
					list = append(list, pkg(of.ecosystem, known, version))
				}
			}
		}
	}
	return append(list, at("jsr", slices.Sorted(maps.Keys(lock.Remote))...)), nil
}

// cutVersion cuts NAME@VERSION, where a name may begin with @.
func cutVersion(text string) (name, version string, ok bool) {
	i := strings.LastIndexByte(text, '@')
	if j := strings.IndexByte(text[min(1, len(text)):], '@'); j >= 0 {
		i = j + 1
	}
	if i <= 0 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}
