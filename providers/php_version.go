package providers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// composerJSON is what of a composer.json matters to a plan.
type composerJSON struct {
	Require    map[string]string `json:"require"`
	RequireDev any               `json:"require-dev"`
	Name       any               `json:"name"`
	Type       any               `json:"type"`
	Bin        any               `json:"bin"`
}

// readManifest reads composer.json. One that is not understood is as none, as for Nixpacks; Composer will not
// take it either.
func (p *phpApp) readManifest() {
	if !p.Tree.HasFile("composer.json") {
		return
	}
	if err := p.Tree.JSON("composer.json", &p.manifest); err != nil {
		p.manifest = composerJSON{}
		p.warn("composer.json does not count: %v", err)
		return
	}
}

// lockWarnings warns of packages without a lockfile.
func (p *phpApp) lockWarnings() []string {
	if !p.manifest.hasPackages() {
		return nil
	}
	return noLockfile(p.App, "composer.lock")
}

// warnOfNode warns of a version of Node that the archive, which is chosen by PHP alone, does not have.
func (p *phpApp) warnOfNode() {
	if major := p.node.nodeMajor(p.Vars); !slices.Contains(phpNodes[p.release.archive], major) {
		p.warn("the app asks for Node %d, which may be missing in the packages that come with PHP %s", major, p.release.version)
	}
}

// hasPackages reports whether Composer has something to install: PHP and extensions are names without a slash.
func (c composerJSON) hasPackages() bool {
	dev, _ := c.RequireDev.(map[string]any)
	names := slices.AppendSeq(slices.Collect(maps.Keys(c.Require)), maps.Keys(dev))
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "/") })
}

func (p *phpApp) warn(format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf(format, args...))
}

// phpPatch is a version down to the patch release.
var phpPatch = lazyregexp.New(`^\s*[=v]*\s*\d+\.\d+\.\d+\s*$`)

// choose sets the releases of PHP and of Node.
func (p *phpApp) choose() error {
	if !p.choosesVersions() {
		p.chooseRelease()
		return nil
	}
	c, err := choose(p.App, "php")
	if err != nil {
		return err
	}
	major, minor, _ := majorMinor(c.version)
	p.chosen, p.release = &c, phpRelease{major + "." + minor, c.pkg, c.archive}
	p.warnings = append(p.warnings, c.warnings...)
	return p.node.choose()
}

// chosenPackages are the packages of PHP and Node as in [Output].
func (p *phpApp) chosenPackages() []string {
	if p.chosen == nil {
		return nil
	}
	return append(p.node.chosenPackages(), p.chosen.pkg)
}

// chooseRelease takes, in edition 1.39, the first release whose version is part of the requirement, wherever in it.
func (p *phpApp) chooseRelease() {
	p.release = phpDefault
	text, asked := p.manifest.Require["php"]
	i := slices.IndexFunc(phpReleases, func(r phpRelease) bool { return strings.Contains(text, r.version) })
	switch {
	case !asked && p.manifest.Require != nil:
		p.warn("composer.json requires no version of PHP; PHP %s is used", phpDefault.version)
	case !asked:
	case i < 0:
		p.warn("composer.json asks for PHP %.80q, which names none of %s; PHP %s is used",
			text, phpVersions(), phpDefault.version)
	default:
		p.release = phpReleases[i]
		if phpPatch.MatchString(text) {
			p.warn("composer.json asks for PHP %.80q, but patch releases cannot be chosen; the PHP %s at hand is used",
				text, p.release.version)
		}
	}
}

// phpVersions lists the releases for people.
func phpVersions() string {
	var list []string
	for _, r := range phpReleases {
		list = append(list, r.version)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

const phpExtension = "ext-"

// phpExtensionName is what can stand in a Nix expression, which the names become part of.
var phpExtensionName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func (p *phpApp) readExtensions() error {
	for _, key := range slices.Sorted(maps.Keys(p.manifest.Require)) {
		name, ok := strings.CutPrefix(key, phpExtension)
		if !ok || p.release.version != phpLastWithJSON && slices.Contains(phpBuiltin, name) {
			continue
		}
		if !phpExtensionName.MatchString(name) {
			return &source.Error{
				Op: "reading", Name: "composer.json", Line: p.Tree.LineOf("composer.json", "require", key),
				Err:  fmt.Errorf("require has %.80q, which is not an extension's name", key),
				Hint: `such a name looks like "ext-pdo_mysql"`,
			}
		}
		p.extensions = append(p.extensions, name)
	}
	return nil
}

// interpreter is the Nix expression of PHP with its extensions.
func (p *phpApp) interpreter() string {
	var list []string
	for _, name := range p.extensions {
		list = append(list, "pe.all."+name)
	}
	return fmt.Sprintf("(%s.withExtensions (pe: pe.enabled ++ [%s]))", p.release.pkg, strings.Join(list, " "))
}

func (p *phpApp) extensionPackages() []string {
	var list []string
	for _, name := range p.extensions {
		list = append(list, p.extensionPackage(name))
	}
	return list
}

func (p *phpApp) extensionPackage(name string) string { return p.release.pkg + "Extensions." + name }
