package providers

// nodeCommands are how an app is built and started, each "" if nothing says so, and why.
type nodeCommands struct {
	build, start       string
	buildWhy, startWhy cause
}

// commands returns how the app is built and started. A monorepo's tool decides before anything else.
func (n *nodeApp) commands() nodeCommands {
	var c nodeCommands
	for _, tool := range []func(*nodeApp) (build, start string, why cause){moonCommands, nxCommands, turboCommands} {
		var why cause
		if c.build, c.start, why = tool(n); c.build != "" || c.start != "" {
			c.buildWhy, c.startWhy = why, why
			break
		}
	}
	if c.build == "" {
		c.build, c.buildWhy = n.runScript("build"), n.scriptWhy("build")
	}
	if c.start == "" {
		c.start, c.startWhy = n.ownStart()
	}
	return c
}

// ownStart returns the start command of an app that is no monorepo, "" if there is none.
func (n *nodeApp) ownStart() (cmd string, why cause) {
	if why, ok := n.servedAsFiles(); ok {
		return caddyStart, why
	}
	if cmd := n.runScript("start"); cmd != "" {
		return cmd, n.scriptWhy("start")
	}
	if cmd := n.runFile(n.pkg.Main); cmd != "" {
		return cmd, byKey(n.App, "package.json", n.pkg.Main, "main")
	}
	why = byDefault("there is no script start")
	if cmd := n.runFile("index.js"); cmd != "" {
		why.file = "index.js"
		return cmd, why
	}
	why.file = "index.ts"
	return n.runTypeScript(), why
}

func (n *nodeApp) scriptWhy(name string) cause {
	return byKey(n.App, "package.json", n.pkg.Scripts[name], "scripts", name)
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
