package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// bunPackage is the Nix package of Bun.
const bunPackage = "bun"

// bunAdapter has SvelteKit build a server for Bun.
const bunAdapter = "svelte-adapter-bun"

// bunFiles say that an app runs on Bun.
var bunFiles = []string{".bun-version", "bunfig.toml"}

// asksForBun is why an app runs on Bun though another package manager installs it: a file or engines says so, or a script calls it.
func (n *nodeApp) asksForBun() (why cause, ok bool) {
	if slices.Contains(n.manager.nix, bunPackage) || !n.Edition.Has(string(webEdition)) {
		return cause{}, false
	}
	if name := firstFile(n.App, bunFiles...); name != "" {
		return byFile(name, "it is there for Bun"), true
	}
	if v, ok := n.pkg.Engines["bun"]; ok {
		return byKey(n.App, n.manifest, v, "engines", "bun"), true
	}
	if n.root().lists(bunAdapter) {
		return n.memberWhy(n.root(), bunAdapter), true
	}
	if n.UserStart != nil && callsBun(*n.UserStart) {
		return byDefault("the start command calls it"), true
	}
	for name, text := range plan.Sorted(n.pkg.Scripts) {
		if callsBun(text) {
			return n.scriptWhy(name), true
		}
	}
	return cause{}, false
}

// bunFile starts a file of TypeScript of an app that runs on Bun, in editions after 1.39: the one that "bun init" calls module, or a usual one.
func (n *nodeApp) bunFile() (cmd string, why cause) {
	_, asked := n.asksForBun()
	if !asked && !n.manager.runsTS || !n.Edition.Has(string(webEdition)) {
		return "", cause{}
	}
	module, _ := n.pkg.Module.(string)
	if module != "" && n.Tree.HasFile(module) {
		return bunPackage + " " + shellPath(module), byKey(n.App, n.manifest, module, "module")
	}
	if name := firstFile(n.App, "index.ts", "src/index.ts", "server.ts", "src/server.ts"); name != "" {
		return bunPackage + " " + name, byFile(name, "there is no script start")
	}
	return "", cause{}
}

// bunAlone is Bun as the only program of an app that says nothing of Node: it asks for no version of it, its scripts do not call it, and it installs
// no package, whose programs mostly call it.
func (n *nodeApp) bunAlone() (c choice, ok bool, err error) {
	if n.manager.name != bunPackage || n.lockfile() != "" || n.pkg.Workspaces != nil || len(n.pkg.Dependencies)+len(n.pkg.DevDependencies) > 0 ||
		!n.Tree.HasFile(n.manifest) {
		return choice{}, false, nil
	}
	for _, text := range n.pkg.Scripts {
		if callsNode.MatchString(text) {
			return choice{}, false, nil
		}
	}
	node, err := n.asks("node")
	if err != nil {
		return choice{}, false, err
	}
	bun, err := n.asks(bunPackage)
	if err != nil || len(node.Asks) > 0 {
		return choice{}, false, err
	}
	usual, err := n.archivedBun()
	if err != nil || usual == "" || !allow(bun.Asks, usual) { // another release is installed by Node's npm
		return choice{}, false, err
	}
	archive, err := PinnedArchive(n.App)
	return choice{tool: bunPackage, version: usual, pkg: bunPackage, archive: archive, why: n.managerWhy}, true, err
}

// callsNode finds the programs that come with Node in a script.
var callsNode = lazyregexp.New(`\b(?:node|npm|npx|yarn|pnpm|pnpx|corepack)\b`)

// callsBun reports whether a script calls Bun, itself or through another program.
func callsBun(text string) bool {
	return slices.ContainsFunc(shellWords(text), func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			// A script may be one word of another: sh -c "bun run a.ts".
			parts := strings.Fields(w)
			return slices.Contains(parts, "bun") || slices.Contains(parts, "bunx")
		})
	})
}
