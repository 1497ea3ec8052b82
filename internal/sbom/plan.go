package sbom

import (
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/plan"
)

// planned are the Nix and Debian packages of a plan. Which versions they are is up to the archive, and to the day.
func planned(p plan.Plan) []Package {
	var list []Package
	for name, ph := range plan.Sorted(p.Phases) {
		from := "phase " + name
		for _, expression := range append(append([]string{}, ph.NixPkgs...), ph.NixLibs...) {
			list = append(list, nixPackage(expression, ph.NixpkgsArchive, from))
		}
		for _, text := range ph.AptPkgs {
			for word := range strings.FieldsSeq(text) {
				list = append(list, debPackage(word, from))
			}
		}
	}
	return list
}

func nixPackage(expression string, archive *string, from string) Package {
	var at packageurl.Qualifiers
	p := Package{from: from}
	if archive != nil {
		at = packageurl.QualifiersFromMap(map[string]string{"nixpkgs": *archive})
		p.url = "https://github.com/NixOS/nixpkgs/archive/" + *archive + ".tar.gz"
	}
	p.purl = *packageurl.NewPackageURL("nix", "", expression, "", at, "")
	return p
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
