package sbom

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/source"
)

// pinned is a requirement of exactly one version, such as requests[socks]==2.32.3 ; python_version > "3.8".
var pinned = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;#,*]+)(?:\s|;|$)`)

// requirements reads the pinned ones of requirements.txt; of the others nobody knows the version before the build.
func requirements(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	for line := range strings.Lines(text) {
		if m := pinned.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			list = append(list, pkg(packageurl.TypePyPi, m[1], m[2]))
		}
	}
	return list, nil
}

// tables reads a lockfile in TOML whose packages are tables [[package]]. Those without a source that they are fetched from are the
// app's own where the format says so: a Cargo.lock has no source for them, a uv.lock a local one.
func tables(ecosystem string) reader {
	return func(t *source.Tree, name string) ([]Package, error) {
		var lock struct {
			Package []struct {
				Name     string `toml:"name"`
				Version  string `toml:"version"`
				Category string `toml:"category"`
				Source   any    `toml:"source"`
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
			list = append(list, entry)
		}
		return list, nil
	}
}

// pipfile reads Pipfile.lock.
func pipfile(t *source.Tree, name string) ([]Package, error) {
	type section map[string]struct {
		Version string `json:"version"`
	}
	var lock struct {
		Default section `json:"default"`
		Develop section `json:"develop"`
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for i, s := range []section{lock.Default, lock.Develop} {
		for _, known := range slices.Sorted(maps.Keys(s)) {
			if version, ok := strings.CutPrefix(s[known].Version, "=="); ok {
				entry := pkg(packageurl.TypePyPi, known, version)
				entry.dev = i == 1
				list = append(list, entry)
			}
		}
	}
	return list, nil
}
