package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Affected leaves the apps that the changed files, names relative to the root, can change, and says of each which file it is.
//
// An app on its own is changed by any file of its context. A member of a workspace is changed by the files of the directories that it
// is made of, and by files that no member owns: lockfiles, manifests and settings in the root, and whatever else its build may read,
// but not by documentation, settings of the forge, and other apps. In doubt an app is affected.
func (r Result) Affected(changed []string) Result {
	changed = slices.Sorted(slices.Values(changed))
	apps := []App{}
	for _, a := range r.Apps {
		if i := slices.IndexFunc(changed, func(name string) bool { return r.affects(name, a) }); i >= 0 {
			a.Cause = changed[i]
			apps = append(apps, a)
		}
	}
	r.Apps = apps
	return r
}

func (r Result) affects(name string, a App) bool {
	for _, glob := range a.watched {
		if doublestar.MatchUnvalidated(glob, name) || isBelow(name, glob) {
			return true
		}
	}
	w := a.shared
	for _, dir := range a.uses {
		if w != nil && dir == w.root {
			continue // all others lie in it
		}
		if isBelow(name, dir) && (w == nil || ownsFile(w, name, dir)) {
			return true
		}
	}
	if w == nil || !isBelow(name, w.root) || w.owner(name) != nil || aside(name, w.root) {
		return false
	}
	other := func(dir string) bool { return dir != w.root && dir != a.Directory && isBelow(name, dir) }
	return !slices.ContainsFunc(r.dirs, other)
}

// ownsFile reports whether no member that lies deeper owns a file below the directory.
func ownsFile(w *workspace, name, dir string) bool {
	m := w.owner(name)
	return m == nil || !isBelow(m.dir, dir) || m.dir == dir
}

// aside reports whether a file of a workspace is none that a build reads.
func aside(name, root string) bool {
	if root != "." {
		name = strings.TrimPrefix(name, root+"/")
	}
	top, _, _ := strings.Cut(name, "/")
	base := path.Base(name)
	switch {
	case slices.Contains([]string{".github", ".gitlab", ".gitlab-ci.yml", ".vscode", ".idea", ".devcontainer", ".husky", ".changeset"}, top):
		return true
	case slices.Contains([]string{".editorconfig", ".gitattributes", ".gitignore", "CODEOWNERS"}, base):
		return true
	}
	return strings.EqualFold(path.Ext(base), ".md") || strings.HasPrefix(strings.ToUpper(base), "LICENSE")
}
