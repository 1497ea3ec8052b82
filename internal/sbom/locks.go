package sbom

import (
	"path"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// A reader lists the packages of a lockfile.
type reader func(t *source.Tree, name string) ([]Package, error)

// A format is how the lockfiles of one kind are read.
type format struct {
	name providers.Format
	read reader

	// asked lists what an app asks for itself: the lockfile has the rest because that needs it. Names are as in the manifest
	// beside the lockfile. nil means that the lockfile says so itself, see [Package], or nothing does.
	asked func(t *source.Tree, lock string) []string
}

// formats are in the order in which lockfiles are looked for. Which files are written in them is up to the providers.
var formats = []format{
	{providers.NPMLock, npm, packageJSON},
	{providers.PNPMLock, pnpm, packageJSON},
	{providers.YarnLock, yarn, packageJSON},
	{providers.BunLock, bun, packageJSON},
	{providers.DenoLock, deno, nil},
	{providers.RequirementsText, requirements, requirementsIn},
	{providers.PythonTables, tables(packageurl.TypePyPi), pyproject},
	{providers.PipfileLock, pipfile, pipfileNames},
	{providers.GoModules, golang, nil},
	{providers.CargoLock, tables(packageurl.TypeCargo), cargoToml},
	{providers.ComposerLock, composer, composerJSON},
	{providers.BundlerLock, bundler, nil},
	{providers.MixLock, mix, mixExs},
	{providers.PubLock, pub, nil},
	{providers.NuGetLock, nuget, nil},
	{providers.GradleLock, gradle, nil},
}

// A lockfile is a name with its format.
type lockfile struct {
	file string
	format
}

// lockfiles are the lockfiles that can be read, in the order in which they are looked for.
var lockfiles = func() []lockfile {
	var list []lockfile
	for _, f := range formats {
		for _, name := range providers.LockfilesOf(f.name) {
			list = append(list, lockfile{name, f})
		}
	}
	return list
}()

// An unread lockfile is one that is there and cannot be read.
type unread struct {
	file string
	err  error
}

// lockedPackages are the packages in the lockfiles in the root of a tree, and in those named.
func lockedPackages(t *source.Tree, more []string) (list []Package, failed []unread) {
	list, failed = readAll(t, more)
	return slices.DeleteFunc(list, func(p Package) bool { return p.purl.Name == "" }), failed
}

// readAll reads these lockfiles. Some name places without a package, see [Package].
func readAll(t *source.Tree, more []string) (list []Package, failed []unread) {
	if t == nil {
		return nil, nil
	}
	for _, r := range lockfiles {
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
				failed = append(failed, unread{name, err})
				continue
			}
			for i := range found {
				found[i].from = name
			}
			list = append(list, found...)
		}
	}
	return list, failed
}

// pkg is a package of an ecosystem. A name may begin with a namespace, as in @scope/name.
func pkg(ecosystem, name, version string) Package {
	if ecosystem == packageurl.TypePyPi {
		name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	}
	dir, base := path.Split(name)
	return Package{purl: *packageurl.NewPackageURL(ecosystem, path.Clean("/" + dir)[1:], base, version, nil, "")}
}
