package providers

import "cmp"

// commands returns how the app is built and started, each "" if nothing says so. A monorepo's tool
// decides before anything else.
func (n *nodeApp) commands() (build, start string) {
	for _, tool := range []func(*nodeApp) (build, start string){moonCommands, nxCommands, turboCommands} {
		if build, start = tool(n); build != "" || start != "" {
			break
		}
	}
	if build == "" {
		build = n.runScript("build")
	}
	if start == "" {
		start = n.ownStart()
	}
	return build, start
}

// ownStart returns the start command of an app that is no monorepo.
func (n *nodeApp) ownStart() string {
	if n.usesCaddy() {
		return caddyStart
	}
	return cmp.Or(n.runScript("start"), n.runFile(n.pkg.Main), n.runFile("index.js"), n.runTypeScript())
}

func (n *nodeApp) runFile(name string) string {
	if !n.Tree.HasFile(name) {
		return ""
	}
	return n.manager.executor + " " + name
}

func (n *nodeApp) runTypeScript() string {
	if n.manager.name != "bun" {
		return ""
	}
	return n.runFile("index.ts")
}
