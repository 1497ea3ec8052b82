package sbom

import (
	"maps"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// A Place is a host that lockfiles, or settings of package managers, name to download packages from. Of a host where everybody may have packages, it is the part of one owner.
type Place struct {
	Name     string   // the host, with its port if it has one, and the owner behind a slash
	Files    []string // lockfiles and settings that name it, sorted
	Packages []string // that come from there, sorted; a lockfile may name a place without a package
}

// usual are the places that a package manager asks by itself.
var usual = map[string][]string{
	packageurl.TypeNPM:   {"registry.npmjs.org", "registry.yarnpkg.com"},
	packageurl.TypePyPi:  {"pypi.org", "pypi.python.org", "files.pythonhosted.org"},
	packageurl.TypeCargo: {"github.com/rust-lang", "index.crates.io"},
	packageurl.TypeGem:   {"rubygems.org", "index.rubygems.org"},
	packageurl.TypeNuget: {"api.nuget.org", "www.nuget.org"},
	packageurl.TypeMaven: {"services.gradle.org", "downloads.gradle.org", "repo.maven.apache.org", "repo1.maven.org"},
	"pub":                {"pub.dev", "pub.dartlang.org"},
	"jsr":                {"jsr.io"},
}

// NewPlaces are the places that a lockfile, a file of settings, or a download of head names and none of base's does, by name. What a package manager asks by itself is not new. A
// lockfile that one side cannot be read of is left out, as [Compare] says.
func NewPlaces(base, head Side) []Place {
	was, wasNot := readAll(base.Tree, base.Locks)
	is, isNot := readAll(head.Tree, head.Locks)
	known, unreadable := map[string]bool{}, map[string]bool{}
	for _, f := range append(wasNot, isNot...) {
		unreadable[f.file] = true
	}
	for _, p := range slices.Concat(was, set(base.Tree, base.Locks), base.downloads()) {
		for _, name := range p.sources() {
			known[name] = true
		}
	}
	found := map[string]*Place{}
	for _, p := range slices.Concat(is, set(head.Tree, head.Locks), head.downloads()) {
		for _, name := range p.sources() {
			if known[name] || unreadable[p.from] || slices.Contains(usual[p.purl.Type], name) {
				continue
			}
			place := found[name]
			if place == nil {
				place = &Place{Name: name}
				found[name] = place
			}
			place.Files = append(place.Files, p.from)
			if p.purl.Name != "" {
				place.Packages = append(place.Packages, fullName(p.purl))
			}
		}
	}
	var list []Place
	for _, place := range plan.Sorted(found) {
		list = append(list, Place{place.Name, sortedOnce(place.Files), sortedOnce(place.Packages)})
	}
	return list
}

// downloads are a side's as packages.
func (s Side) downloads() []Package {
	var list []Package
	for _, d := range s.Downloads {
		list = append(list, Package{purl: packageurl.PackageURL{Type: packageurl.TypeGeneric, Name: d.Name}, from: d.From, url: d.URL})
	}
	return list
}

// sortedOnce is a list sorted, without repetitions.
func sortedOnce(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// sources are the names of the places of a package.
func (p Package) sources() []string {
	names := map[string]bool{}
	for _, address := range append([]string{p.url}, p.places...) {
		if name := placeOf(address); name != "" {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// at is a place without a package.
func at(ecosystem string, addresses ...string) Package {
	return Package{purl: packageurl.PackageURL{Type: ecosystem}, places: addresses}
}

var (
	// address is a URL, as package managers write it: git+ssh:// or registry+https:// before the host. They read it as browsers do, so that a
	// web address needs no slashes.
	address = lazyregexp.New(`^(?:[a-z0-9.-]+\+)?(?:(?:https?|ftp):/*|[a-z][a-z0-9.-]*://)(?:[^/?#]*@)?([^/?#@]+)/*([^/?#]*)`)
	// remote is a repository in git's short form, user@host:path.
	remote = lazyregexp.New(`^[^/@:]+@([^/@:]+):/*([^/]*)`)
	// short is a repository in npm's.
	short = lazyregexp.New(`^(github|gitlab|bitbucket):([^/]+)`)
)

// shared are the hosts where everybody may have packages, and by what name they are told.
var shared = map[string]string{
	"github.com": "github.com", "codeload.github.com": "github.com", "gitlab.com": "gitlab.com", "bitbucket.org": "bitbucket.org",
	"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org",
}

// placeOf is the name of the place that an address leads to, "" for one in the repository itself.
func placeOf(text string) string {
	text = strings.ToLower(strings.TrimSpace(strings.NewReplacer(`\`, "/", "\t", "", "\n", "", "\r", "").Replace(text)))
	if strings.HasPrefix(text, "file:") {
		return ""
	}
	for _, form := range []*lazyregexp.Regexp{address, remote, short} {
		if m := form.FindStringSubmatch(text); m != nil {
			if host, ok := shared[m[1]]; ok {
				return host + "/" + m[2]
			}
			return m[1]
		}
	}
	return ""
}

// credentials are what stands before the host of an address.
var credentials = lazyregexp.New(`^([A-Za-z][A-Za-z0-9+.-]*:/*)[^/?#]*@`)

// download is an address for a document that others read: without a user, and "" for what is none.
func download(text string) string {
	if !strings.Contains(text, "://") || placeOf(text) == "" {
		return ""
	}
	return credentials.ReplaceAllString(text, "$1")
}
