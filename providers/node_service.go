package providers

import "path"

// extensionTools build browser extensions.
var extensionTools = []string{"wxt", "plasmo", "@crxjs/vite-plugin", "web-ext"}

// browserExtension says that the app is an extension of browsers, "" if it is none.
func (n *nodeApp) browserExtension() string {
	for _, tool := range extensionTools {
		if n.root().lists(tool) {
			return "package.json lists " + tool + ", so that it is a browser extension"
		}
	}
	for _, dir := range []string{".", "public", "src"} {
		name := path.Join(dir, "manifest.json")
		var manifest struct {
			Version any `json:"manifest_version"`
		}
		if n.Tree.HasFile(name) && n.Tree.JSONC(name, &manifest) == nil && manifest.Version != nil {
			return name + " has manifest_version, so that it is a browser extension"
		}
	}
	return ""
}

// publishedAs says what a package is that others install, "" if it may be an app. It is asked where there is no script start.
func (n *nodeApp) publishedAs() string {
	p, err := ReadNodePackage(n.Tree, "package.json")
	if err != nil || p.Private == true {
		return ""
	}
	for _, f := range []struct {
		name  string
		value any
		kind  string
	}{
		{"bin", p.Bin, "a command line tool"}, {"exports", p.Exports, "a library"}, {"types", p.Types, "a library"}, {"files", p.Files, "a library"},
		{"peerDependencies", p.PeerDependencies, "a library"}, {"publishConfig", p.PublishConfig, "a library"},
	} {
		if f.value != nil {
			return "package.json has " + f.name + " and no script start, so that it is " + f.kind
		}
	}
	return ""
}

// workspaceRoot reports whether the app lists workspaces.
func (n *nodeApp) workspaceRoot() bool {
	globs, err := nodeWorkspaceFile(n.Tree, pnpmWorkspace)
	return err == nil && len(globs) > 0 || len(stringListOf(n.pkg.Workspaces)) > 0
}
