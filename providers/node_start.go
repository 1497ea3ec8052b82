package providers

// nodeCommands are how an app is built and started, each "" if nothing says so, and why.
type nodeCommands struct {
	build, start       string
	buildWhy, startWhy cause

	after     []string // commands of the build phase after build
	afterWhy  cause
	site      *staticSite // that the app is, nil if it has a server of its own
	siteWhy   cause
	serves    bool           // what starts is the server of the site
	variables []planVariable // beside those of every Node app
}

// commands returns how the app is built and started. A monorepo's tool decides before anything else but the member that the user names.
func (n *nodeApp) commands() nodeCommands {
	var c nodeCommands
	if dir := n.memberDir(); dir != "" {
		n.memberStart(&c, dir)
		n.listenToAll(&c)
		return n.served(c)
	}
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
	if n.Edition.Has(string(webEdition)) {
		if c.start == "" && !n.nxStart(&c) {
			n.webStart(&c)
		}
		n.listenToAll(&c)
		return n.served(c)
	}
	if n.isVite() {
		dir, why := n.spaOutput()
		c.variables = append(c.variables, planVariable{staticOutput, dir, why})
	}
	if why, ok := n.servedAsFiles(); ok {
		c.site = &staticSite{single: true}
		if c.start == "" {
			c.start, c.startWhy = caddyStart, why
		}
		c.siteWhy = why
	}
	if c.start == "" {
		c.start, c.startWhy = n.ownStart()
	}
	return c
}

// served are the commands with the one that serves files. What is wrong with the catalogue is said by [staticSite.addTo].
func (n *nodeApp) served(c nodeCommands) nodeCommands {
	if c.site == nil {
		return c
	}
	c.siteWhy = c.startWhy
	if server, err := serverOf(n.App); err == nil && c.serves {
		c.start = server.start(c.site)
	}
	return c
}

// startCommand is the user's, else the plan's.
func (n *nodeApp) startCommand() string {
	if n.UserStart != nil {
		return *n.UserStart
	}
	return n.commands().start
}

// ownStart returns the start command of an app that is no monorepo, "" if there is none.
func (n *nodeApp) ownStart() (cmd string, why cause) {
	if cmd := n.runScript("start"); cmd != "" {
		return cmd, n.scriptWhy("start")
	}
	return n.startFile()
}

// startFile starts a file of the app.
func (n *nodeApp) startFile() (cmd string, why cause) {
	if cmd := n.runFile(n.pkg.Main); cmd != "" {
		return cmd, byKey(n.App, n.manifest, n.pkg.Main, "main")
	}
	why = byDefault("there is no script start")
	if cmd := n.runFile("index.js"); cmd != "" {
		why.file = "index.js"
		return cmd, why
	}
	if cmd, why := n.bunFile(); cmd != "" {
		return cmd, why
	}
	why.file = "index.ts"
	return n.runTypeScript(), why
}

func (n *nodeApp) scriptWhy(name string) cause {
	return byKey(n.App, n.manifest, n.pkg.Scripts[name], "scripts", name)
}

func (n *nodeApp) runFile(name string) string {
	if !n.Tree.HasFile(name) {
		return ""
	}
	return n.manager.executor + " " + name
}

func (n *nodeApp) runTypeScript() string {
	if !n.manager.runsTS {
		return ""
	}
	return n.runFile("index.ts")
}
