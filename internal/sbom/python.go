package sbom

import (
	"maps"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// pinned is a requirement of exactly one version, such as requests[socks]==2.32.3 ; python_version > "3.8".
var pinned = lazyregexp.New(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;#,*]+)(?:\s|;|$)`)

// requirements reads the pinned ones of requirements.txt; of the others nobody knows the version before the build.
func requirements(t *source.Tree, name string) ([]Package, error) {
	text, err := t.ReadMarked(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	for line := range strings.Lines(text) {
		if m := pinned.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			list = append(list, pkg(packageurl.TypePyPi, m[1], m[2]))
		} else if m := elsewhere.FindStringSubmatch(line); m != nil {
			list = append(list, at(packageurl.TypePyPi, m[1]))
		}
	}
	return list, nil
}

// elsewhere is the address in a line that names an index, or the file or repository of a package.
var elsewhere = lazyregexp.New(`^\s*(?:(?:-i|-f|-e|--index-url|--extra-index-url|--find-links|--editable)[\s=]+|[^\s#]+\s*@\s*)?([a-z+]+:[^\s;]+)`)

// tables reads a lockfile in TOML whose packages are tables [[package]]. Those without a source that they are fetched from are the
// app's own where the format says so: a Cargo.lock has no source for them, a uv.lock a local one.
func tables(ecosystem string) reader {
	type file struct {
		URL string `toml:"url"`
	}
	return func(t *source.Tree, name string) ([]Package, error) {
		var lock struct {
			Package []struct {
				Name     string `toml:"name"`
				Version  string `toml:"version"`
				Category string `toml:"category"`
				Checksum string `toml:"checksum"`
				Source   any    `toml:"source"`
				URL      string `toml:"url"` // of PDM, as the next
				Git      string `toml:"git"`
				Sdist    file   `toml:"sdist"` // of uv, as the next
				Wheels   []file `toml:"wheels"`
				Files    any    `toml:"files"`
			} `toml:"package"`
		}
		if err := t.TOML(name, &lock); err != nil {
			return nil, err
		}
		var list []Package
		for _, p := range lock.Package {
			from, isTable := p.Source.(map[string]any)
			own := ecosystem == packageurl.TypeCargo && p.Source == nil ||
				isTable && (from["editable"] != nil || from["virtual"] != nil)
			if p.Name == "" || p.Version == "" || own {
				continue
			}
			entry := pkg(ecosystem, p.Name, p.Version)
			entry.dev = p.Category == "dev" // of Poetry before 1.5
			entry.sum = p.Checksum
			entry.url, entry.places = p.Sdist.URL, []string{p.URL, p.Git}
			for _, f := range p.Wheels {
				entry.places = append(entry.places, f.URL)
			}
			for _, of := range []any{p.Source, p.Files} {
				entry.places = append(entry.places, texts(of)...)
			}
			list = append(list, entry)
		}
		return list, nil
	}
}

// texts are all texts in a value, as lockfiles write where a package is from: a text, or a table of them, or a list of tables.
func texts(value any) []string {
	var list []string
	switch v := value.(type) {
	case string:
		list = []string{v}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			list = append(list, texts(v[key])...)
		}
	case []any:
		for _, item := range v {
			list = append(list, texts(item)...)
		}
	case []map[string]any:
		for _, item := range v {
			list = append(list, texts(item)...)
		}
	}
	return list
}

// pipfile reads Pipfile.lock.
func pipfile(t *source.Tree, name string) ([]Package, error) {
	type section map[string]struct {
		Version string `json:"version"`
		File    string `json:"file"`
		Git     string `json:"git"`
	}
	var lock struct {
		Meta struct {
			Sources []struct {
				URL string `json:"url"`
			} `json:"sources"`
		} `json:"_meta"`
		Default section `json:"default"`
		Develop section `json:"develop"`
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, s := range lock.Meta.Sources {
		list = append(list, at(packageurl.TypePyPi, s.URL))
	}
	for i, s := range []section{lock.Default, lock.Develop} {
		for _, known := range slices.Sorted(maps.Keys(s)) {
			if version, ok := strings.CutPrefix(s[known].Version, "=="); ok {
				entry := pkg(packageurl.TypePyPi, known, version)
				entry.dev = i == 1
				list = append(list, entry)
			} else {
				list = append(list, at(packageurl.TypePyPi, s[known].File, s[known].Git))
			}
		}
	}
	return list, nil
}
