package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/versions"
)

// A managerRelease is the release of a package manager that npm installs, in editions after 1.39.
type managerRelease struct {
	id  string // as in [Output]: yarn@4.9.1
	pkg string // in npm: NAME@VERSION
	sum string // of its archive: ALGORITHM:HEX; "" if nobody knows it
	why cause

	berry bool // it is Yarn 2 or newer
}

// chooseManagerRelease chooses the release of the package manager, if that is one that npm installs in the edition.
func (n *nodeApp) chooseManagerRelease() error {
	m := n.manager
	n.release = nil
	if !m.fromNPM || !n.choosesVersions() {
		return nil
	}
	found, err := n.asks(m.name)
	if err != nil {
		return err
	}
	all, err := n.Versions()
	if err != nil {
		return err
	}
	tool, ask := m.name, askOf(found)
	ask.Platform, ask.Strict = platforms[n.Arch], n.Strict
	if m.berry != "" {
		berry, err := n.wantsBerry(all, ask)
		if err != nil {
			return err
		}
		if berry {
			tool = m.berry
		}
	}
	version := ask.Range.Exact() // npm may know more releases than the catalogue does
	if m.bundled && !npmVersion.MatchString(version) {
		return nil
	}
	warnings := found.Warnings
	if !npmVersion.MatchString(version) {
		got, err := all.Choose(tool, ask)
		if err != nil {
			return notChosen(found, err)
		}
		version, warnings = got.Version, append(warnings, got.Warnings...)
	}
	for _, w := range warnings {
		n.warn("%s", w)
	}
	r := managerRelease{id: m.name + "@" + version, pkg: cmp.Or(npmNames[tool], tool) + "@" + version, why: n.managerWhy, berry: tool == m.berry}
	if len(found.Asks) > 0 {
		r.why = whyChosen(found, version)
	}
	if r.sum, err = managerSum(all, tool, version, found, n.Arch); err != nil {
		return err
	}
	n.release = &r
	return nil
}

// npmVersion is a version as npm has it, of which no shell takes a part for its own.
var npmVersion = lazyregexp.New(`^[0-9][0-9A-Za-z.+-]*$`)

// npmNames are what npm calls the tools that the catalogue has under another name.
var npmNames = map[string]string{"yarn-berry": "@yarnpkg/cli-dist"}

// wantsBerry reports whether the app is one for Yarn 2 or newer: it asks for no other, or has a lockfile that only such a Yarn writes.
func (n *nodeApp) wantsBerry(all *catalogue.Catalogue, ask catalogue.Ask) (bool, error) {
	if version := ask.Range.Exact(); version != "" {
		major, _, _ := strings.Cut(version, ".")
		return major != "0" && major != "1", nil
	}
	if n.Tree.Contains(n.manager.lock, n.manager.berryIn) {
		return true, nil
	}
	classic, err := all.Tool(n.manager.name)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(classic.Versions(platforms[n.Arch]), ask.Range.Allows), nil
}

// managerSum is the hash of a package manager's archive in npm: the one of packageManager if that decides and has one, else the catalogue's. What
// packageManager says of Yarn 2 or newer is the hash of another file.
func managerSum(all *catalogue.Catalogue, tool, version string, found versions.Found, arch string) (string, error) {
	if npmNames[tool] == "" && len(found.Asks) > 0 && found.Asks[0].Key == "packageManager" {
		if sum, err := versions.ManagerHash(found.Asks[0].Text); err != nil || sum != "" {
			return sum, err
		}
	}
	known, err := all.Tool(tool)
	if err != nil {
		return "", err
	}
	r, _ := known.Release(version, platforms[arch])
	return r.Hash, nil
}

// managerInstall returns the command that installs the package manager, and why that version, in editions after 1.39. It is "" for the package
// manager that comes with Node, and for one that is a Nix package. An archive whose hash is known is fetched first, so that no other is installed.
func (n *nodeApp) managerInstall() (string, cause) {
	if n.release == nil {
		return "", cause{}
	}
	install := "npm install -g --prefix /usr " // the build image has nothing of /usr/local in PATH
	if n.manager.bundled {
		install = "npm install -g --prefix " + npmDir + " "
	}
	r := *n.release
	algorithm, digits, ok := strings.Cut(r.sum, ":")
	if !ok {
		return install + r.pkg, r.why
	}
	archive := packedName(r.pkg)
	return fmt.Sprintf("cd /tmp && npm pack --silent %s && echo '%s  %s' | %ssum --check && %s./%s && rm %[3]s",
		r.pkg, digits, archive, algorithm, install, archive), r.why
}

// packedName is how npm names the archive of a package, NAME@VERSION.
func packedName(pkg string) string {
	return strings.NewReplacer("@", "-", "/", "-").Replace(strings.TrimPrefix(pkg, "@")) + ".tgz"
}

// cacheDirectory is where the package manager keeps what it downloads.
func (n *nodeApp) cacheDirectory() string {
	if n.chosen != nil {
		return cmp.Or(n.manager.store, n.manager.cache)
	}
	return n.manager.cache
}
