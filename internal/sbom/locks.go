package sbom

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/source"
)

// A reader lists the packages of a lockfile.
type reader func(t *source.Tree, name string) ([]Package, error)

// readers are by the name of the lockfile, in the order in which they are looked for.
var readers = []struct {
	file string
	read reader
}{
	{"package-lock.json", npm},
	{"npm-shrinkwrap.json", npm},
	{"pnpm-lock.yaml", pnpm},
	{"yarn.lock", yarn},
	{"bun.lock", bun},
	{"deno.lock", deno},
	{"requirements.txt", requirements},
	{"poetry.lock", tables(packageurl.TypePyPi)},
	{"pdm.lock", tables(packageurl.TypePyPi)},
	{"uv.lock", tables(packageurl.TypePyPi)},
	{"Pipfile.lock", pipfile},
	{"go.mod", golang},
	{"Cargo.lock", tables(packageurl.TypeCargo)},
	{"composer.lock", composer},
	{"Gemfile.lock", bundler},
	{"mix.lock", mix},
	{"pubspec.lock", pub},
	{"packages.lock.json", nuget},
	{"gradle.lockfile", gradle},
}

// locked reads the lockfiles in the root of a tree, and those named.
func locked(t *source.Tree, more []string) (list []Package, warnings []string) {
	if t == nil {
		return nil, nil
	}
	for _, r := range readers {
		names := []string{r.file}
		for _, name := range more {
			if path.Base(name) == r.file && name != r.file {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if !t.HasFile(name) {
				continue
			}
			found, err := r.read(t, name)
			if err != nil {
				warnings = append(warnings, fmt.Sprintf("the bill of materials has nothing of %s: %v", name, err))
				continue
			}
			for i := range found {
				found[i].from = name
			}
			list = append(list, found...)
		}
	}
	return list, warnings
}

// pkg is a package of an ecosystem. A name may begin with a namespace, as in @scope/name.
func pkg(ecosystem, name, version string) Package {
	if ecosystem == packageurl.TypePyPi {
		name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	}
	dir, base := path.Split(name)
	return Package{purl: *packageurl.NewPackageURL(ecosystem, path.Clean("/" + dir)[1:], base, version, nil, "")}
}
