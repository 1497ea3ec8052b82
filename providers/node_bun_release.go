package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/versions"
)

// chooseBun chooses the release of Bun for an app that asks for one, in editions after 1.39. It is nil where the package of the edition's archive
// will do, or Bun is not installed.
func (n *nodeApp) chooseBun() error {
	if _, asked := n.asksForBun(); !asked && !slices.Contains(n.manager.nix, bunPackage) || n.chosen == nil {
		return nil
	}
	found, err := n.asks(bunPackage)
	if err != nil || len(found.Asks) == 0 {
		return err
	}
	if usual, err := n.archivedBun(); err != nil || allow(found.Asks, usual) {
		return err
	}
	all, err := n.Versions()
	if err != nil {
		return err
	}
	known, err := all.Tool(bunPackage)
	if err != nil {
		return err
	}
	ask := askOf(found)
	ask.Platform, ask.Strict = platforms[n.Arch], n.Strict
	version, warnings := ask.Range.Exact(), found.Warnings // npm may know more releases than the catalogue does
	if !npmVersion.MatchString(version) {
		got, err := all.Choose(bunPackage, ask)
		if err != nil {
			return notChosen(found, err)
		}
		version, warnings = got.Version, append(warnings, got.Warnings...)
	}
	for _, w := range warnings {
		n.warn("%s", w)
	}
	r, _ := known.Release(version, platforms[n.Arch])
	pkg, _ := strings.CutPrefix(r.Address, "npm:")
	n.bun = &managerRelease{id: bunPackage + "@" + version, pkg: cmp.Or(pkg, bunPackage+"@"+version), sum: r.Hash, why: whyChosen(found, version)}
	return nil
}

// allow reports whether a version is what all places ask for. No one says which version a word such as latest means.
func allow(asks []versions.Ask, version string) bool {
	return !slices.ContainsFunc(asks, func(a versions.Ask) bool { return a.Range.Word() != "" || !a.Range.Allows(version) })
}

// archivedBun is the version of Bun in the edition's archive of nixpkgs, "" if it has none.
func (n *nodeApp) archivedBun() (string, error) {
	all, err := n.Versions()
	if err != nil {
		return "", err
	}
	tool, err := all.Tool(bunPackage)
	if err != nil {
		return "", err
	}
	commit := nixpkgs.of(n.Edition).Commit
	for _, version := range tool.Versions(platforms[n.Arch]) {
		if slices.ContainsFunc(tool.Packages(version), func(p catalogue.Package) bool { return p.Commit == commit }) {
			return version, nil
		}
	}
	return "", nil
}

// bunInstall is the command that installs the chosen release. One that the catalogue knows is an archive with the program alone.
func (n *nodeApp) bunInstall() string {
	algorithm, digits, ok := strings.Cut(n.bun.sum, ":")
	if !ok {
		return "npm install -g --prefix /usr " + n.bun.pkg
	}
	archive := packedName(n.bun.pkg)
	return fmt.Sprintf("cd /tmp && npm pack --silent %s && echo '%s  %s' | %ssum --check && tar -xzf %[3]s -C /usr/bin --strip-components=2 package/bin/bun && ln -sf bun /usr/bin/bunx && rm %[3]s",
		n.bun.pkg, digits, archive, algorithm)
}
