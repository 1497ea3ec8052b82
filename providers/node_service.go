package providers

import "path"

// extensionTools build browser extensions.
var extensionTools = []string{"wxt", "plasmo", "@crxjs/vite-plugin", "web-ext"}

// browserExtension says that the app is an extension of browsers, "" if it is none.
func (n *nodeApp) browserExtension() string {
	for _, tool := range extensionTools {
		if n.root().lists(tool) {
			return noService(n.manifest+" lists "+tool, anExtension)
		}
	}
	for _, dir := range []string{".", "public", "src"} {
		name := path.Join(dir, "manifest.json")
		var manifest struct {
			Version any `json:"manifest_version"`
		}
		if n.Tree.HasFile(name) && n.Tree.JSONC(name, &manifest) == nil && manifest.Version != nil {
			return noService(name+" has manifest_version", anExtension)
		}
	}
	return ""
}

// publishedAs is [NodePackage.PublishedAs] of the app. It is asked where there is no script start.
func (n *nodeApp) publishedAs() string {
	p, err := ReadNodePackage(n.Tree, n.manifest)
	if err != nil {
		return ""
	}
	if field, kind := p.PublishedAs(); field != "" {
		return noService(n.manifest+" has "+field+" and no script start", kind)
	}
	return ""
}

// listsWorkspaces reports whether the app is the root of a workspace.
func (n *nodeApp) listsWorkspaces() bool {
	globs, err := nodeWorkspaceFile(n.Tree, pnpmWorkspace)
	return err == nil && len(globs) > 0 || len(stringListOf(n.pkg.Workspaces)) > 0
}
