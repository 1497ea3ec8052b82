package providers

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// cargoGlobs bounds the globs of a workspace, as each is compared with every directory of the app.
const cargoGlobs = 100

// findWorkspace sets the package of the workspace to build, if there is one to choose.
func (r *rustApp) findWorkspace() error {
	const variable = "NIXPACKS_CARGO_WORKSPACE"
	if name, ok := r.Vars.Config("CARGO_WORKSPACE"); ok {
		if !isCargoName(name) {
			return fmt.Errorf("reading the variable %s: %.80q is no name of a package; %s", variable, name, cargoNameHint)
		}
		r.workspace, r.workspaceCause = name, byVariable(r.App, "CARGO_WORKSPACE")
		return nil
	}
	w := r.manifest.Workspace
	if w == nil {
		return nil
	}
	entries := slices.DeleteFunc(slices.Concat(w.DefaultMembers, w.Members), func(entry string) bool { return slices.Contains(w.Exclude, entry) })
	seen, globs := map[string]bool{}, 0
	for _, entry := range entries {
		if isCargoGlob(entry) && !seen[entry] {
			globs++
		}
		if globs > cargoGlobs {
			return r.tooManyGlobs()
		}
		if found, err := r.findMember(entry, seen); found || err != nil {
			return err
		}
	}
	return nil
}

func (r *rustApp) tooManyGlobs() error {
	return &source.Error{
		Op: "reading", Name: cargoFile, Line: r.Tree.Line(cargoFile, "members"),
		Err: fmt.Errorf("the workspace has more than %d globs", cargoGlobs), Hint: "set NIXPACKS_CARGO_WORKSPACE",
	}
}

func isCargoGlob(entry string) bool { return strings.ContainsAny(entry, "*?") }

// memberDirs are the directories that an entry of members stands for and that have not been seen.
func (r *rustApp) memberDirs(entry string, seen map[string]bool) ([]string, error) {
	if seen[entry] {
		return nil, nil
	}
	seen[entry] = true
	dirs := []string{entry}
	if isCargoGlob(entry) {
		var err error
		if dirs, err = r.Tree.Dirs(entry); err != nil {
			return nil, err
		}
		// Cargo too passes over what has no manifest. Nixpacks fails.
		dirs = slices.DeleteFunc(dirs, func(dir string) bool { return seen[dir] || !r.Tree.HasFile(path.Join(dir, cargoFile)) })
	}
	return dirs, nil
}

// findMember looks for a package with a binary in what an entry of members stands for and has not been seen.
func (r *rustApp) findMember(entry string, seen map[string]bool) (bool, error) {
	dirs, err := r.memberDirs(entry, seen)
	if err != nil {
		return false, err
	}
	for _, dir := range dirs {
		seen[dir] = true
		m, err := readCargo(r.App, dir)
		if err != nil {
			return false, r.memberError(entry, err)
		}
		binary, err := r.hasBinary(dir, m)
		if err != nil {
			return false, err
		}
		if binary {
			r.workspace = m.Package.Name
			r.workspaceCause = byFile(path.Join(dir, cargoFile), "it is the first member of the workspace that is a program")
			r.warnMember(dir, m)
			return true, nil
		}
	}
	return false, nil
}

// warnMember warns if the program has another name than its package, by which the build copies it.
func (r *rustApp) warnMember(dir string, m cargoManifest) {
	name := m.Package.Name
	bins := path.Join(dir, rustBinDir, name)
	if firstFile(r.App, path.Join(dir, rustMain), bins+".rs", bins+"/main.rs") == "" &&
		!slices.ContainsFunc(m.Bin, func(b cargoBin) bool { return b.Name == name }) {
		r.warn("the build copies a binary %s, but package %[1]s in %s has none of its own name", name, dir)
	}
}

// memberError says where a member without a manifest is named.
func (r *rustApp) memberError(entry string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return &source.Error{
		Op: "reading", Name: cargoFile, Line: r.Tree.Line(cargoFile, `"`+entry+`"`),
		Err: fmt.Errorf("the member %.80q of the workspace has no %s", entry, cargoFile), Hint: "take it out of members or exclude it",
	}
}

// hasBinary reports whether a directory's package has a binary, declared or found as Cargo does, or no library.
func (r *rustApp) hasBinary(dir string, m cargoManifest) (bool, error) {
	has := func(name string) bool { return r.Tree.HasFile(path.Join(dir, name)) }
	switch p := m.Package; {
	case p == nil:
		return false, nil
	case m.Lib == nil && !has("src/lib.rs"):
		return true, nil
	case p.Autobins != nil && !*p.Autobins:
		return len(m.Bin) > 0, nil
	case slices.ContainsFunc(m.Bin, func(b cargoBin) bool { return b.Path != "" }), has(rustMain):
		return true, nil
	}
	bins := path.Join(dir, rustBinDir)
	if !r.Tree.HasDir(bins) {
		return false, nil
	}
	tree, err := r.Tree.Sub(bins)
	if err != nil {
		return false, err
	}
	defer tree.Close()
	entries, err := tree.Entries()
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasSuffix(e.Name(), ".rs") || tree.HasFile(e.Name()+"/main.rs")
	}), err
}
