package providers

// nodeEntries are files by which a package.json that says nothing belongs to an app of Node.
var nodeEntries = []string{"server.js", "index.js", "index.ts", "nx.json", "turbo.json", "pnpm-workspace.yaml", "lerna.json"}

// detectNodeApp passes over a package.json that only holds tools, such as a formatter, in an app of a language whose turn comes later, and over
// one that only builds what an app of Python serves.
func detectNodeApp(app App) (string, error) {
	reason, err := detectNode(app)
	if reason == "" && err == nil && app.Tree.HasFile(packageJSON5) {
		reason = packageJSON5
	}
	if reason == "" || err != nil {
		return reason, err
	}
	if buildsForPython(app) {
		return "", nil
	}
	if !nodeToolsAlone(app) {
		return reason, nil
	}
	if firstFile(app, "Cargo.toml") != "" {
		return "", nil
	}
	if other, err := detectPythonProgram(app); other == "" || err != nil {
		return reason, nil
	}
	return "", nil
}

// nodeToolsAlone reports whether nothing in package.json is built, started or needed by what runs. One that cannot be read is an app's,
// whose plan says what is wrong.
func nodeToolsAlone(app App) bool {
	var p packageJSON
	if err := app.Tree.JSON(app.nodeManifest("."), &p); err != nil {
		return false
	}
	for _, script := range []string{"start", "start:prod", "build"} {
		if p.Scripts[script] != "" {
			return false
		}
	}
	return len(p.Dependencies) == 0 && p.Workspaces == nil && !app.Tree.HasFile(p.Main) && firstFile(app, nodeEntries...) == ""
}

// nodeUnsupported is a form of package.json that pnpm alone reads. Others have a file of that name, too.
var nodeUnsupported = map[string]string{
	"package.yaml": "of the package managers of Node pnpm alone reads package.yaml; write it as package.json or package.json5",
}
