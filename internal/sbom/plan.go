package sbom

import (
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
)

// plannedPackages are the Nix and Debian packages of a plan, and its releases. Which versions the packages are is up to the archive, and to the
// day.
func plannedPackages(p plan.Plan) []Package {
	var list []Package
	for name, ph := range plan.Sorted(p.Phases) {
		from := "phase " + name
		for _, expression := range append(append([]string{}, ph.NixPkgs...), ph.NixLibs...) {
			list = append(list, nixPackage(expression, ph.NixpkgsArchive, from))
		}
		for _, text := range ph.Releases {
			if r, err := store.ParseRelease(text); err == nil { // the graph refuses others
				list = append(list, releasePackage(r, from, p.Slim() && slices.Contains(p.Start.WithoutPkgs, r.ID())))
			}
		}
		for _, text := range ph.AptPkgs {
			for word := range strings.FieldsSeq(text) {
				deb := debPackage(word, from)
				deb.dev = p.Slim() && slices.Contains(p.Start.WithoutPkgs, word)
				list = append(list, deb)
			}
		}
	}
	return list
}

func nixPackage(expression string, archive *string, from string) Package {
	var at packageurl.Qualifiers
	p := Package{from: from}
	if archive != nil {
		commit, _, _ := strings.Cut(*archive, "#")
		at = packageurl.QualifiersFromMap(map[string]string{"nixpkgs": commit})
		p.url = "https://github.com/NixOS/nixpkgs/archive/" + commit + ".tar.gz"
	}
	p.purl = *packageurl.NewPackageURL("nix", "", expression, "", at, "")
	return p
}

// releasePackage is an upstream's own release. Its qualifiers are the ones that the purl type generic has for downloads.
func releasePackage(r store.Release, from string, builds bool) Package {
	at := map[string]string{"checksum": r.Hash, "download_url": r.URL}
	return Package{
		purl: *packageurl.NewPackageURL(packageurl.TypeGeneric, "", r.Name, r.Version, packageurl.QualifiersFromMap(at), ""),
		from: from, url: r.URL, dev: builds,
	}
}

// debPackage reads what apt-get takes: NAME, NAME=VERSION or NAME/RELEASE.
func debPackage(word, from string) Package {
	name, version, _ := strings.Cut(word, "=")
	name, _, _ = strings.Cut(name, "/")
	return Package{purl: *packageurl.NewPackageURL(packageurl.TypeDebian, "ubuntu", name, version, nil, ""), from: from}
}

func base(b Base) Package {
	repository := b.Ref
	if i := strings.LastIndexByte(repository, '@'); i >= 0 {
		repository = repository[:i]
	}
	tag := ""
	if i := strings.LastIndexByte(repository, ':'); i > strings.LastIndexByte(repository, '/') {
		repository, tag = repository[:i], repository[i+1:]
	}
	at := map[string]string{"repository_url": repository}
	if tag != "" {
		at["tag"] = tag
	}
	name := repository[strings.LastIndexByte(repository, '/')+1:]
	return Package{
		purl: *packageurl.NewPackageURL(packageurl.TypeOCI, "", name, b.Digest, packageurl.QualifiersFromMap(at), ""),
		from: "the base image",
	}
}
