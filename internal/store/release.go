package store

import (
	"fmt"
	pathpkg "path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Release is an archive that an upstream has built, and how it becomes a directory of the store.
type Release struct {
	Name     string // of the tool, as in node
	Version  string
	Platform string // as in linux/amd64
	URL      string // of http or https, without a login
	Hash     string // of the archive: sha256:HEX or sha512:HEX
	Strip    int    // how many leading directories of the archive's names are left out
	Into     string // the directory below the release's own that the archive goes to, or the file that it is; "" is the release's own
	Links    []Link // in order
	Paths    []string
	// File says that there is no archive: the download becomes the file Into.
	File bool
}

// A Link is a symbolic link in a release. What it leads to is made executable.
type Link struct {
	Path   string // below the release's directory
	Target string // relative to the directory of Path, and below the release's
}

// systems are the names that Nix has for platforms.
var systems = map[string]string{"linux/amd64": "x86_64-linux", "linux/arm64": "aarch64-linux"}

// ID is the tool with its version, as in node@22.14.0.
func (r Release) ID() string { return r.Name + "@" + r.Version }

// Out returns the release's store path. It does not depend on the URL: two that serve the same archive give the same path.
func (r Release) Out() string { return r.Derivation().Out() }

// Bin lists the directories with the release's programs, absolute: the Paths, or bin.
func (r Release) Bin() []string {
	paths := r.Paths
	if paths == nil {
		paths = []string{"bin"}
	}
	var dirs []string
	for _, p := range paths {
		dirs = append(dirs, pathpkg.Join(r.Out(), p))
	}
	return dirs
}

// Derivation returns the derivation of the unpacked release; its one input, src, is the derivation of the archive.
func (r Release) Derivation() *Derivation {
	name := r.Name + "-" + r.Version
	return &Derivation{
		Name:    name,
		System:  systems[r.Platform],
		Builder: "/bin/sh",
		Args:    []string{"-c", r.unpack()},
		Env:     map[string]string{"PATH": "/usr/local/bin:/usr/bin:/bin"},
		Inputs: map[string]*Derivation{"src": {
			Name: name + "-archive", System: "builtin", Builder: "builtin:fetchurl", Env: map[string]string{"url": r.URL}, Hash: r.Hash,
		}},
	}
}

var (
	// Lengths are checked beside these, because a count in an expression costs each start of the program a copy of it for each number.
	namePattern    = shortForm{64, lazyregexp.New(`^[a-z][a-z0-9+._-]*$`)}
	versionPattern = shortForm{100, lazyregexp.New(`^[0-9A-Za-z][0-9A-Za-z.+_-]*$`)}
	pathPattern    = shortForm{200, lazyregexp.New(`^[A-Za-z0-9._+@/-]+$`)}
	hashPattern    = lazyregexp.New(`^(sha256|sha512):([0-9a-f]+)$`)
	// No quote, blank, dollar, backslash or brace: nothing in it ends or continues a string of Nix, of a shell or of a Dockerfile.
	urlPattern = shortForm{1300, lazyregexp.New(`^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/[A-Za-z0-9._~/?@!&+,;=:%-]+$`)}
)

// A shortForm is an expression for texts of at most so many bytes.
type shortForm struct {
	most int
	form *lazyregexp.Regexp
}

// MatchString reports whether a text is not too long and has the form.
func (f shortForm) MatchString(text string) bool {
	return len(text) <= f.most && f.form.MatchString(text)
}

// digits are how many a hash has, by its algorithm.
var digits = map[string]int{"sha256": 64, "sha512": 128}

// isHash reports whether a text is ALGORITHM:HEX.
func isHash(text string) bool {
	m := hashPattern.FindStringSubmatch(text)
	return m != nil && len(m[2]) == digits[m[1]]
}

// maxStrip is more than any archive needs.
const maxStrip = 9

// Check says what of a release is wrong.
func (r Release) Check() error {
	switch {
	case !namePattern.MatchString(r.Name):
		return fmt.Errorf("%.80q is no name of a tool", r.Name)
	case !versionPattern.MatchString(r.Version):
		return fmt.Errorf("%.80q is no version", r.Version)
	case systems[r.Platform] == "":
		return fmt.Errorf("platform %.80q is neither linux/amd64 nor linux/arm64", r.Platform)
	case !urlPattern.MatchString(r.URL):
		return fmt.Errorf("%.80q is no URL of http or https without a login", r.URL)
	case !isHash(r.Hash):
		return fmt.Errorf("%.80q is no hash: give sha256:HEX or sha512:HEX", r.Hash)
	case r.Strip < 0 || r.Strip > maxStrip:
		return fmt.Errorf("strip is %d, and not 0 to %d", r.Strip, maxStrip)
	case !r.File && isZip(r.URL):
		return fmt.Errorf("%.80q is a zip archive, which the build image cannot unpack: name one of tar", r.URL)
	case r.File && r.Into == "":
		return fmt.Errorf("a file needs a name: give into")
	case r.Into != "" && !inside(r.Into):
		return fmt.Errorf("into %.80q is no clean path below the release's directory", r.Into)
	}
	for _, l := range r.Links {
		if !inside(l.Path) || pathpkg.IsAbs(l.Target) || !pathPattern.MatchString(l.Target) || !inside(pathpkg.Join(pathpkg.Dir(l.Path), l.Target)) {
			return fmt.Errorf("link %.80q to %.80q does not stay in the release's directory", l.Path, l.Target)
		}
	}
	for _, p := range r.Paths {
		if p != "." && !inside(p) {
			return fmt.Errorf("path %.80q is no clean path below the release's directory", p)
		}
	}
	return nil
}

// inside reports whether a path is clean, plain, and below the directory that it is relative to.
func inside(p string) bool {
	return pathPattern.MatchString(p) && pathpkg.Clean(p) == p && !pathpkg.IsAbs(p) && p != "." && p != ".." && !strings.HasPrefix(p, "../") && p[0] != '-'
}

// isZip tells by the name, as the bytes are not here.
func isZip(url string) bool {
	url, _, _ = strings.Cut(url, "?")
	return strings.HasSuffix(url, ".zip") || strings.HasSuffix(url, ".whl")
}
