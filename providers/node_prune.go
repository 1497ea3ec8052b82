package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// nodePruneCommand removes the development dependencies, by the lockfile alone. Plans set NPM_CONFIG_PRODUCTION to false, under which
// npm removes none.
const nodePruneCommand = "env -u NPM_CONFIG_PRODUCTION npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund"

var nodeWord = lazyregexp.New(`[\w@./:-]+`)

// nodeLock is what of a package-lock.json tells development dependencies.
type nodeLock struct {
	Version  int `json:"lockfileVersion"`
	Packages map[string]struct {
		Dev  bool `json:"dev"`
		Bin  any  `json:"bin"`
		Link bool `json:"link"`
	} `json:"packages"`
}

// nodePrune asks the package manager.
func nodePrune(app App) (cmd, blocker string, err error) {
	n, err := loadNode(app)
	if err != nil || n.manager.prune == nil {
		return "", "", err
	}
	return n.manager.prune(n)
}

// npmPrune is for npm, whose lockfile says of each package whether it is for development alone. Code that imports such a package is
// a blocker, unless a bundler is known to make a bundle of it.
func npmPrune(n *nodeApp) (cmd, blocker string, err error) {
	if !n.Tree.HasFile(npmLock) || len(n.pkg.DevDependencies) == 0 {
		return "", "", nil
	}
	var lock nodeLock
	if err := n.Tree.JSON(npmLock, &lock); err != nil || lock.Version < 2 {
		return "", npmLock + " does not tell them", nil
	}
	dev, bins, linked := lock.dev()
	if linked {
		return "", npmLock + " links packages of the app", nil
	}
	if len(dev) == 0 {
		return "", "", nil
	}
	for _, word := range nodeWord.FindAllString(n.startText(), -1) {
		if name := bins[path.Base(word)]; name != "" {
			return "", fmt.Sprintf("the start script runs %s, one of them", name), nil
		}
		if p := nodePackage(word); dev[p] {
			return "", fmt.Sprintf("the start script names %s, one of them", p), nil
		}
	}
	if blocker := n.loadsAtStart(dev); blocker != "" {
		return "", blocker, nil
	}
	if blocker, err = n.importsOf(n.App, dev, lock); blocker != "" || err != nil {
		return "", blocker, err
	}
	return nodePruneCommand, "", nil
}

// dev lists the packages at the top that are for development alone, and their programs with the package of each; linked tells that packages
// lie in the app itself.
func (l nodeLock) dev() (packages map[string]bool, bins map[string]string, linked bool) {
	packages, bins = map[string]bool{}, map[string]string{}
	for at, p := range l.Packages {
		name, ok := strings.CutPrefix(at, "node_modules/")
		linked = linked || p.Link
		if !ok || !p.Dev || strings.Contains(name, "/node_modules/") {
			continue
		}
		packages[name] = true
		switch bin := p.Bin.(type) {
		case string:
			bins[path.Base(name)] = name
		case map[string]any:
			for program := range bin {
				bins[program] = name
			}
		}
	}
	return packages, bins, linked
}

// names are the packages that are installed at the top.
func (l nodeLock) names() map[string]bool {
	all := map[string]bool{}
	for at := range l.Packages {
		if name, ok := strings.CutPrefix(at, "node_modules/"); ok {
			all[name] = true
		}
	}
	return all
}

// startText is the start command and the commands of other processes, with the scripts that they run.
func (n *nodeApp) startText() string {
	texts := slices.Concat([]string{n.startCommand()}, n.Processes)
	seen := map[string]bool{}
	for i := 0; i < len(texts); i++ {
		for _, word := range nodeWord.FindAllString(texts[i], -1) {
			for _, name := range []string{"pre" + word, word, "post" + word} {
				if script := n.pkg.Scripts[name]; script != "" && !seen[name] {
					seen[name] = true
					texts = append(texts, script)
				}
			}
		}
	}
	return strings.Join(texts, "\n")
}

// importsOf names the first file of the app that imports one of the packages, other than in a bundle.
func (n *nodeApp) importsOf(app App, packages map[string]bool, lock nodeLock) (blocker string, err error) {
	s, blocker, err := readNodeSources(app)
	if blocker != "" || err != nil {
		return blocker, err
	}
	var bundled map[string]bool
	if installed := lock.names(); installed["vite"] {
		bundled = s.bundled(app, n.startText(), installed)
	}
	for _, name := range s.names {
		if bundled[name] {
			continue
		}
		for _, specifier := range s.imports[name] {
			if p := nodePackage(specifier); packages[p] {
				return fmt.Sprintf("%s imports %s, one of them", name, p), nil
			}
		}
	}
	return "", nil
}

// nodePackage is the name of the package that an import is of: "@a/b/c" is of "@a/b".
func nodePackage(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
