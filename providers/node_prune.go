package providers

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// nodePruneCommand removes the development dependencies, by the lockfile alone. Plans set NPM_CONFIG_PRODUCTION to false, under which
// npm removes none.
const nodePruneCommand = "env -u NPM_CONFIG_PRODUCTION npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund"

// nodePruneSources is how many files of source code are read at most.
const nodePruneSources = 2000

var (
	nodeImport = regexp.MustCompile(`(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)["'\x60]([^"'\x60\s]+)["'\x60]`)
	nodeWord   = regexp.MustCompile(`[\w@./:-]+`)

	// Files that build, test or check, which nothing imports at run time.
	nodeTooling = regexp.MustCompile(`(^|/)([^/]*\.config\.[cm]?[jt]s|[^/]*\.(test|spec|stories)\.[cm]?[jt]sx?|[^/]*\.d\.[cm]?ts|\.[^/]+)$|(^|/)(tests?|__tests__|__mocks__|e2e|cypress|\.[^/]+)/`)
)

// nodeLock is what of a package-lock.json tells development dependencies.
type nodeLock struct {
	Version  int `json:"lockfileVersion"`
	Packages map[string]struct {
		Dev  bool `json:"dev"`
		Bin  any  `json:"bin"`
		Link bool `json:"link"`
	} `json:"packages"`
}

// nodePrune is for npm, whose lockfile says of each package whether it is for development alone. Code that imports such a package may be
// bundled or may not, so that is a blocker.
func nodePrune(app App) (cmd, blocker string, err error) {
	n, err := loadNode(app)
	if err != nil || n.manager.name != "npm" || !app.Tree.HasFile("package-lock.json") || len(n.pkg.DevDependencies) == 0 {
		return "", "", err
	}
	var lock nodeLock
	if err := app.Tree.JSON("package-lock.json", &lock); err != nil || lock.Version < 2 {
		return "", "package-lock.json does not tell them", nil
	}
	dev, bins, linked := lock.dev()
	if linked {
		return "", "package-lock.json links packages of the app", nil
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
	if blocker, err = nodeImportsOf(app, dev); blocker != "" || err != nil {
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

// startText is the start command with the scripts that it runs.
func (n *nodeApp) startText() string {
	texts := []string{n.commands().start}
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

// nodeImportsOf names the first file of the app that imports one of the packages.
func nodeImportsOf(app App, packages map[string]bool) (blocker string, err error) {
	files, err := app.Tree.Files("**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,vue,svelte}")
	if err != nil {
		return "", err
	}
	files = slices.DeleteFunc(files, func(name string) bool {
		return strings.HasPrefix(name, "node_modules/") || strings.Contains(name, "/node_modules/") || nodeTooling.MatchString(name)
	})
	if len(files) > nodePruneSources {
		return fmt.Sprintf("more than %d files may import them", nodePruneSources), nil
	}
	for _, name := range files {
		text, err := app.Tree.Read(name)
		if err != nil {
			return name + " cannot be read", nil
		}
		for _, m := range nodeImport.FindAllStringSubmatch(text, -1) {
			if p := nodePackage(m[1]); packages[p] {
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
