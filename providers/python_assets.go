package providers

// besidePython lets Node build the assets of an app of Python, where package.json builds something and starts nothing.
func besidePython(app App) (name, reason string) {
	if !buildsForPython(app) {
		return "", ""
	}
	return "node", "package.json builds something, and the app of Python serves"
}

// buildsForPython reports whether package.json only builds what an app of Python serves: a project of Django's, or a file in the root or in src
// that makes an app of a framework.
func buildsForPython(app App) bool {
	var p packageJSON
	if !app.Edition.Has(pythonStartSince) || !app.Tree.HasFile("package.json") || app.Tree.JSON("package.json", &p) != nil {
		return false
	}
	if p.Scripts["build"] == "" || p.Scripts["start"] != "" || p.Scripts["start:prod"] != "" || p.Workspaces != nil || app.Tree.HasFile(p.Main) ||
		firstFile(app, nodeEntries...) != "" {
		return false
	}
	if reason, err := detectPython(app); reason == "" || err != nil {
		return false
	}
	c := &pythonCode{app: app, modules: map[string]*pyModule{}}
	if c.manages(".") || c.manages("src") {
		return true
	}
	files, err := c.candidates()
	if err != nil {
		return false
	}
	g := c.firstServer(dependenciesOf(app), rooted(files))
	return g != nil && g.cmd != ""
}
