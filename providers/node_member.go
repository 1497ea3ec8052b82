package providers

import (
	"path"
	"slices"
)

// memberDir is the directory of the member that is the app, "" if it is the root itself.
func (n *nodeApp) memberDir() string {
	dir, wrong := n.member("package.json")
	if wrong != "" {
		n.warn("%s", wrong)
	}
	if dir == "." {
		return ""
	}
	return dir
}

// memberStart has a member built and started as it would be by itself, with the root's installed packages. A build that is given stands.
func (n *nodeApp) memberStart(c *nodeCommands, dir string) {
	tree, err := n.Tree.Sub(dir)
	if err != nil {
		n.warn("the member %.80q cannot be read", dir)
		return
	}
	defer tree.Close()
	m := &nodeApp{App: n.App, manifest: NodeManifest(tree, "."), manager: n.manager, chosen: n.chosen, at: dir}
	m.Tree = tree
	if tree.HasFile(m.manifest) {
		if err := tree.JSON(m.manifest, &m.pkg); err != nil {
			n.warn("%s: %v", dir, err)
			return
		}
	}
	m.rootDependencies(n.pkg)
	var own nodeCommands
	given := c.build != ""
	if own.build, own.buildWhy = m.runScript("build"), m.scriptWhy("build"); given {
		own.build = c.build // so that nothing else is built
	}
	m.webStart(&own)
	n.noStart = m.noStart
	for _, w := range m.warnings {
		n.warn("%s: %s", dir, w)
	}
	own.relocate(dir)
	if given {
		own.build, own.buildWhy = c.build, c.buildWhy
	}
	*c = own
}

// rootDependencies gives a member that lists no packages the packages of the root, but for frameworks whose configuration the member does not have.
func (n *nodeApp) rootDependencies(root packageJSON) {
	if len(n.pkg.Dependencies)+len(n.pkg.DevDependencies) > 0 {
		return
	}
	other := map[string]bool{}
	for _, f := range webFrameworks {
		if f.config != "" && firstFile(n.App, configNames(f.config)...) == "" {
			for _, name := range f.packages {
				other[name] = true
			}
		}
	}
	only := func(list map[string]string) map[string]string {
		kept := map[string]string{}
		for name, version := range list {
			if !other[name] {
				kept[name] = version
			}
		}
		return kept
	}
	n.pkg.Dependencies, n.pkg.DevDependencies = only(root.Dependencies), only(root.DevDependencies)
}

// relocate makes the commands of a directory fit for the directory above all.
func (c *nodeCommands) relocate(dir string) {
	inside := func(cmd string) string {
		if cmd == "" {
			return ""
		}
		return "cd " + shellPath(dir) + " && " + cmd
	}
	c.build = inside(c.build)
	c.after = slices.Clone(c.after)
	for i := range c.after {
		c.after[i] = inside(c.after[i])
	}
	causes := []*cause{&c.buildWhy, &c.startWhy, &c.afterWhy}
	for i := range c.variables {
		causes = append(causes, &c.variables[i].why)
	}
	if c.site == nil {
		c.start = inside(c.start)
	} else {
		site := *c.site
		site.dir = path.Join(dir, site.dir)
		causes = append(causes, &site.why)
		c.site = &site
	}
	for _, why := range causes {
		if why.file != "" {
			why.file = path.Join(dir, why.file)
		}
	}
}

// memberBin is where the commands of a member's own packages are, "" if the app is the root.
func (n *nodeApp) memberBin() string {
	if dir := n.memberDir(); dir != "" {
		return path.Join("/app", dir, "node_modules/.bin")
	}
	return ""
}
