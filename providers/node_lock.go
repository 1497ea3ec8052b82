package providers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
)

// npmInstalled is what a lockfile of npm says of a package.
type npmInstalled struct {
	Version string `json:"version"`
	Link    bool   `json:"link"`
	Dev     bool   `json:"dev"` // only development dependencies need it
}

// npmInstalledIn finds the package that the app itself gets by a name, in the text of a lockfile; nil if the text is none. It reads that
// package alone, because lockfiles are long.
func npmInstalledIn(text string) func(name string) (npmInstalled, bool) {
	if strings.Contains(text, `"packages"`) {
		return func(name string) (p npmInstalled, ok bool) {
			_, rest, ok := strings.Cut(text, `"node_modules/`+name+`":`)
			return p, ok && json.NewDecoder(strings.NewReader(rest)).Decode(&p) == nil
		}
	}
	var old struct { // version 1
		Dependencies map[string]npmInstalled `json:"dependencies"`
	}
	if json.Unmarshal([]byte(text), &old) != nil || old.Dependencies == nil {
		return nil
	}
	return func(name string) (npmInstalled, bool) {
		p, ok := old.Dependencies[name]
		return p, ok
	}
}

// npmLinks reports whether npm links the programs of a package into node_modules/.bin, though the app itself need not list it: it does so for
// whatever its lockfile has in node_modules.
func (n *nodeApp) npmLinks(name string) bool {
	if n.manager.name != "npm" {
		return false
	}
	text, _ := n.Tree.Read(n.lockfile()) // one that cannot be read is as none
	installed := npmInstalledIn(text)
	if installed == nil {
		return false
	}
	p, ok := installed(name)
	return ok && !p.Dev
}

// warnOfOldLock warns where "npm ci" will refuse the lockfile, as it does if a package that package.json lists is not in it, or in a version
// that package.json does not allow: https://docs.npmjs.com/cli/commands/npm-ci. One that cannot be read is npm's to complain of.
func (n *nodeApp) warnOfOldLock() {
	name := n.lockfile()
	if n.manager.name != "npm" || name == "" || !n.Edition.Has(string(webEdition)) {
		return
	}
	text, _ := n.Tree.Read(name) // one that cannot be read is as none
	installed := npmInstalledIn(text)
	if installed == nil {
		return
	}
	var wrong []string
	for _, list := range []map[string]string{n.pkg.Dependencies, n.pkg.DevDependencies} {
		for dependency, asked := range plan.Sorted(list) {
			if p, ok := installed(dependency); !ok {
				wrong = append(wrong, fmt.Sprintf("lacks %s", dependency))
			} else if !p.Link && p.Version != "" && !npmAllows(asked, p.Version) {
				wrong = append(wrong, fmt.Sprintf("has %s %.40s and not %.40s", dependency, p.Version, asked))
			}
		}
	}
	if len(wrong) == 0 {
		n.warnOfLostPackage(name, text)
		return
	}
	const shown = 3
	if more := len(wrong) - shown; more > 0 {
		wrong = append(slices.Clip(wrong[:shown]), fmt.Sprintf("differs in %d more", more))
	}
	n.warn("%s %s, which package.json asks for, so that npm ci refuses it: run npm install and commit it", name, strings.Join(wrong, ", "))
}

// The first npm that refuses a lockfile that lacks optional packages, and the first Node that comes with it.
const npmStrictSince, npmStrictNode = "11", "24"

// npmIsStrict reports whether the npm of the app is such a one.
func (n *nodeApp) npmIsStrict() bool {
	if n.release != nil {
		version, ok := strings.CutPrefix(n.release.id, "npm@")
		return ok && ranges.Compare(version, npmStrictSince) >= 0
	}
	return n.chosen != nil && n.chosen.tool == "node" && ranges.Compare(n.chosen.version, npmStrictNode) >= 0
}

// warnOfLostPackage warns of an optional package that a package of the lockfile depends on and that is not there. Some releases of npm 7 lost the
// packages of other systems.
func (n *nodeApp) warnOfLostPackage(file, text string) {
	if name := npmLost(text); name != "" && n.npmIsStrict() {
		n.warn("%s lacks %s, on which a package in it depends, so that npm ci refuses it: run npm install and commit it", file, name)
	}
}

// npmLost is the first optional dependency of packages in a lockfile that has no entry anywhere, "" if there is none.
func npmLost(text string) string {
	const folder, key = "node_modules/", `"optionalDependencies":`
	known := map[string]bool{}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, folder)
		if !ok {
			break
		}
		rest = after
		if name, _, ok := strings.Cut(after[:min(len(after), maxPackageName)], `":`); ok {
			known[name] = true
		}
	}
	for rest := text; len(known) > 0; {
		_, after, ok := strings.Cut(rest, key)
		if !ok {
			break
		}
		rest = after
		var list map[string]string
		if json.NewDecoder(strings.NewReader(after)).Decode(&list) != nil {
			continue
		}
		for name := range plan.Sorted(list) {
			if !known[name] {
				return name
			}
		}
	}
	return ""
}

// maxPackageName bounds the name of a package in bytes, with what stands behind it.
const maxPackageName = 256

// npmAllows reports whether a dependency may be of a version. A text that is no range, such as a tag or an address, allows every one.
func npmAllows(asked, version string) bool {
	if alias, ok := strings.CutPrefix(asked, "npm:"); ok {
		i := strings.LastIndexByte(alias, '@')
		if i < 1 {
			return true
		}
		asked = alias[i+1:]
	}
	if asked == "" || asked == "*" || strings.ContainsAny(asked, "/:") {
		return true
	}
	r, err := ranges.NPM(asked)
	return err != nil || r.Allows(version)
}
