package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// memberWorkspaces finds the apps in workspaces that providers know: projects of Gradle, modules of Maven, members of uv and of Deno. Such an app is
// planned and built in the root of its workspace.
func (f *finder) memberWorkspaces() error {
	for _, p := range providers.All() {
		if p.Members == nil {
			continue
		}
		for _, root := range f.dirs {
			if !f.free(root, p) || !f.wantedRoot(root) || !f.after139(root, root) {
				continue
			}
			if err := f.memberWorkspace(root, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// free reports whether a directory has a manifest of a language that no workspace claims.
func (f *finder) free(dir string, p providers.Provider) bool {
	return slices.ContainsFunc(p.Manifests, func(m providers.Manifest) bool { return m.In(f.files[dir]) != "" && !f.claimed[claim{dir, m.File}] })
}

func (f *finder) claim(dir string, p providers.Provider) {
	for _, m := range p.Manifests {
		f.claimed[claim{dir, m.File}] = true
	}
}

func (f *finder) memberWorkspace(root string, p providers.Provider) error {
	tree, err := f.tree.Sub(root)
	if err != nil {
		return inDirectory(root, err)
	}
	defer tree.Close()
	list, err := p.Members(providers.App{Tree: tree})
	if err != nil {
		return inDirectory(root, err)
	}
	if len(list.Members) == 0 || f.startGiven(root) {
		return nil
	}
	w := f.newWorkspace(root)
	for _, dir := range list.Members {
		m := &member{dir: path.Join(root, dir)}
		if list.Uses == nil {
			m.uses = []string{root}
		} else {
			for _, use := range list.Uses(dir) {
				m.uses = append(m.uses, path.Join(root, use))
			}
		}
		w.add(m)
	}
	var apps []App
	for _, dir := range list.Members {
		at := path.Join(root, dir)
		if dir != "." {
			f.claim(at, p)
		}
		if f.has(at) || !f.wanted(at) {
			continue
		}
		if a, ok := f.memberApp(tree, w, dir, list.File); ok {
			apps = append(apps, a)
		}
	}
	if len(apps) == 0 || len(apps) == 1 && f.startsAlone(tree) {
		return nil
	}
	f.claim(root, p)
	f.apps = append(f.apps, apps...)
	return nil
}

// startsAlone reports whether the root's own plan starts something: the workspace is one app in several parts then.
func (f *finder) startsAlone(tree *source.Tree) bool {
	why, err := f.options.Starts(tree, nil)
	return err == nil && why != ""
}

// memberApp is the app in a member, if its plan starts it, or if there is something wrong with its plan.
func (f *finder) memberApp(tree *source.Tree, w *workspace, dir, file string) (App, bool) {
	at := path.Join(w.root, dir)
	a := App{
		Directory: at, Context: w.root, Found: at + " is a member of " + path.Join(w.root, file) + ", and its plan starts it", shared: w, uses: w.closure(at),
		Env: []string{providers.WorkspaceApp(dir)}, Config: f.ownConfig(w.root, at),
	}
	why, err := f.options.Starts(tree, a.Env)
	if err != nil {
		a.Found, a.broken = "nothing: its plan is an error", inDirectory(w.root, err)
	}
	return a, err != nil || why != ""
}

// startGiven reports whether the user says how the root of a workspace is started, so that this is the app.
func (f *finder) startGiven(root string) bool {
	for _, name := range configFiles {
		file := path.Join(root, name)
		if !f.hasFile(root, name) {
			continue
		}
		decode := f.tree.TOML
		if path.Ext(name) == ".json" {
			decode = f.tree.JSON
		}
		var given struct {
			Start struct {
				Cmd string `json:"cmd" toml:"cmd"`
			} `json:"start" toml:"start"`
		}
		if decode(file, &given) == nil && given.Start.Cmd != "" {
			return true
		}
	}
	text, err := f.tree.Read(path.Join(root, "Procfile"))
	return err == nil && slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "web:") })
}
