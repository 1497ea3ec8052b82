package sbom

import (
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Closure is what Nix has installed, as paths of its store.
type Closure struct {
	All     []string
	Runtime []string // the packages that are in the image
}

// storePath has a hash, and a name with perhaps a version.
var storePath = lazyregexp.New(`^/nix/store/([0-9a-z]{32})-([0-9A-Za-z+._?=-]+)$`)

// storeOutputs are what a package may be split into: the name of a path ends in them.
var storeOutputs = []string{"bin", "data", "debug", "dev", "devdoc", "dist", "doc", "info", "lib", "libgcc", "man", "nixsupport", "out", "static"}

// installedPackages are the packages of a closure. Paths that hold no package, such as a profile, have no version and are left out.
func installedPackages(c Closure) []Package {
	runs := map[string]bool{}
	for _, path := range c.Runtime {
		runs[path] = true
	}
	var list []Package
	for _, path := range c.All {
		m := storePath.FindStringSubmatch(path)
		if m == nil {
			continue
		}
		name, version := nixName(m[2])
		if version == "" {
			continue
		}
		at := map[string]string{"outhash": m[1]}
		if i := strings.LastIndexByte(version, '-'); i >= 0 && slices.Contains(storeOutputs, version[i+1:]) {
			version, at["output"] = version[:i], version[i+1:]
		}
		list = append(list, Package{
			purl: *packageurl.NewPackageURL("nix", "", name, version, packageurl.QualifiersFromMap(at), ""),
			from: "the Nix store, " + path, dev: !runs[path],
		})
	}
	return list
}

// nixName cuts the name of a path as Nix does: the version begins after the first hyphen that no letter follows.
func nixName(text string) (name, version string) {
	for i := 0; i+1 < len(text); i++ {
		if c := text[i+1] | 0x20; text[i] == '-' && (c < 'a' || c > 'z') {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
