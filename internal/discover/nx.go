package discover

import (
	"path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// nxProjects finds the apps of an Nx repository: what lies in apps/NAME and has a build target, or, where Nx infers its targets, has a plan
// that starts what its build makes. What they import is in no manifest, so they are made of everything.
func (f *finder) nxProjects() error {
	for _, root := range f.with("nx.json") {
		if !f.wantedRoot(root) || !f.hasFile(root, packageJSON) {
			continue
		}
		for _, dir := range f.dirs {
			if path.Dir(dir) != path.Join(root, "apps") || f.has(dir) || !f.wanted(dir) || !nxName.MatchString(path.Base(dir)) {
				continue
			}
			a := App{Directory: dir, Context: root, uses: []string{root}, Env: []string{"NIXPACKS_NX_APP_NAME=" + path.Base(dir)}, Config: f.ownConfig(root, dir)}
			var err error
			if a.Found, err = f.nxBuild(dir); err != nil {
				return err
			}
			if a.Found == "" && !f.nxStarts(a) {
				continue
			}
			if a.Found == "" {
				a.Found = dir + " is a project of Nx, and its plan starts what its build makes"
			}
			f.claimed[claim{root, packageJSON}], f.claimed[claim{dir, packageJSON}] = true, true
			f.apps = append(f.apps, a)
		}
	}
	return nil
}

var nxName = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// nxBuild says that a project has a build target, "" if project.json has none.
func (f *finder) nxBuild(dir string) (found string, err error) {
	if !f.hasFile(dir, "project.json") {
		return "", nil
	}
	var p struct {
		Targets map[string]struct {
			Executor string `json:"executor"`
		} `json:"targets"`
	}
	file := path.Join(dir, "project.json")
	if err := f.tree.JSON(file, &p); err != nil {
		return "", err
	}
	if p.Targets["build"].Executor == "" {
		return "", nil
	}
	return file + " has the target build", nil
}

// nxStarts reports whether the plan of the repository starts a project. A fault of one does not keep the others from being found.
func (f *finder) nxStarts(a App) bool {
	if strings.HasSuffix(a.Directory, "-e2e") || !f.hasFile(a.Directory, "project.json") && !f.hasFile(a.Directory, packageJSON) || !f.after139(a.Context, a.Directory) {
		return false
	}
	tree, err := f.tree.Sub(a.Context)
	if err != nil {
		return false
	}
	defer tree.Close()
	why, err := f.options.Starts(tree, a.Env)
	return err == nil && why != ""
}
