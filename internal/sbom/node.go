package sbom

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/source"
)

// An npmDependency is one of lockfile version 1, which nests them.
type npmDependency struct {
	Version      string                   `json:"version"`
	Dev          bool                     `json:"dev"`
	Dependencies map[string]npmDependency `json:"dependencies"`
}

// npm reads package-lock.json of any version. Links are the app's own packages.
func npm(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string]struct {
			Name     string `json:"name"`
			Version  string `json:"version"`
			Resolved string `json:"resolved"`
			Dev      bool   `json:"dev"`
			Link     bool   `json:"link"`
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
		entry.dev = p.Dev
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
			entry.dev = d.Dev
			list = append(list, entry)
		}
		list = npmNested(d.Dependencies, list)
	}
	return list
}

// pnpmKey is /NAME/VERSION, /NAME@VERSION or NAME@VERSION, with peers behind.
var pnpmKey = regexp.MustCompile(`^/?((?:@[^/@]+/)?[^/@(]+)[@/]([0-9][^(_]*)`)

// pnpm reads pnpm-lock.yaml of any version.
func pnpm(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string]struct {
			Dev bool `yaml:"dev"`
		} `yaml:"packages"`
	}
	if err := t.YAML(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		if m := pnpmKey.FindStringSubmatch(key); m != nil {
			entry := pkg(packageurl.TypeNPM, m[1], m[2])
			entry.dev = lock.Packages[key].Dev
			list = append(list, entry)
		}
	}
	return list, nil
}

var (
	// yarnKey is the first of a block's names, such as "@a/b@^1.0.0": or "b@npm:^1.0.0":.
	yarnKey = regexp.MustCompile(`^"?((?:@[^/@"]+/)?[^@",]+)@([^",]*)`)
	// yarnField is a line of a block, as Yarn 1 and later ones write it.
	yarnField = regexp.MustCompile(`^  "?(version|resolution)"?:? "?([^"]+)"?$`)
)

// yarn reads yarn.lock of any version.
func yarn(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	var known string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := yarnKey.FindStringSubmatch(line); m != nil && line[0] != ' ' && line[0] != '#' {
			known = m[1]
			if strings.HasPrefix(m[2], "workspace:") {
				known = "" // the app's own
			}
			continue
		}
		m := yarnField.FindStringSubmatch(line)
		if m == nil || m[1] != "version" || known == "" {
			continue
		}
		list = append(list, pkg(packageurl.TypeNPM, known, m[2]))
		known = ""
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
		if known, version, ok := cutVersion(text); ok && !strings.Contains(version, ":") {
			list = append(list, pkg(packageurl.TypeNPM, known, version))
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
	return list, nil
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
