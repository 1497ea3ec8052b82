package providers

import (
	"path"
	"slices"
	"strings"
)

// rustAside are folders of a workspace whose programs help those who work on it, beside [asideFolders].
var rustAside = []string{"bench", "benches", "benchmarks", "fuzz", "xtask"}

// A rustMember is a package of a workspace that has binaries.
type rustMember struct {
	name string
	dir  string
	bins []rustBin
}

// findPrograms sets the binaries that Cargo builds, and of a workspace the package that they are of. Edition 1.39 has
// [rustApp.findWorkspace] and [rustApp.findBins].
func (r *rustApp) findPrograms() error {
	if !r.isCargo() {
		return nil
	}
	_, named := r.Vars.Config("CARGO_WORKSPACE")
	w := r.manifest.Workspace
	listed := w != nil && len(w.DefaultMembers) > 0
	if !named && !listed {
		if err := r.findRootBins(); err != nil || len(r.bins) > 0 {
			return err
		}
	}
	if w != nil || named {
		if err := r.chooseMember(named); err != nil || r.workspace != "" {
			return err
		}
	}
	if listed {
		if err := r.findRootBins(); err != nil || len(r.bins) > 0 {
			return err
		}
	}
	r.noStart = noService("the package in "+cargoFile+" has no binary", aLibrary)
	if r.manifest.Package == nil {
		r.noStart = noService("the workspace in "+cargoFile+" has no package with a binary", aLibrary)
	}
	return nil
}

// findRootBins sets the binaries of the package in the root, if there is one.
func (r *rustApp) findRootBins() (err error) {
	if r.manifest.Package != nil {
		r.bins, err = r.cargoBins(".", r.manifest)
	}
	return err
}

// chooseMember sets the package of the workspace to build: the one that the variable names or that the user starts, else the one that looks
// most like a server.
func (r *rustApp) chooseMember(named bool) error {
	members, err := r.programMembers()
	if err != nil {
		return err
	}
	if named {
		name, _ := r.Vars.Config("CARGO_WORKSPACE")
		if !isCargoName(name) {
			return r.findWorkspace() // which says what is wrong
		}
		r.workspace, r.workspaceCause, r.bins = name, byVariable(r.App, "CARGO_WORKSPACE"), []rustBin{{name, cargoFile}}
		if i := slices.IndexFunc(members, func(m rustMember) bool { return m.name == name }); i >= 0 {
			r.bins = members[i].bins
		}
		return nil
	}
	if apps := slices.DeleteFunc(slices.Clone(members), rustMember.isAside); len(apps) > 0 {
		members = apps
	}
	if len(members) == 0 {
		return nil
	}
	var names []string
	for _, m := range members {
		names = append(names, m.name)
	}
	started, why := path.Base(r.startWord()), "it is the only member of the workspace that is a program"
	i := slices.IndexFunc(members, func(m rustMember) bool {
		return slices.ContainsFunc(m.bins, func(b rustBin) bool { return b.name == started })
	})
	switch name := preferred(names, servingNames...); {
	case len(members) == 1:
		i = 0
	case i >= 0:
		why = "the start command calls its binary"
	case name != "":
		i, why = slices.Index(names, name), "of several members it is called as a server is"
	default:
		i, why = 0, "it is the first member of the workspace that is a program"
	}
	chosen := members[i]
	r.warnings = append(r.warnings, severalPrograms(r.App, names, chosen.name, "set NIXPACKS_CARGO_WORKSPACE to another one")...)
	r.workspace, r.bins, r.workspaceCause = chosen.name, chosen.bins, byFile(path.Join(chosen.dir, cargoFile), why)
	return nil
}

func (m rustMember) isAside() bool {
	return slices.ContainsFunc(strings.Split(m.dir, "/"), func(part string) bool {
		return slices.Contains(asideFolders, part) || slices.Contains(rustAside, part)
	})
}

// programMembers lists the members of the workspace with binaries, the ones that Cargo builds by default before the others.
func (r *rustApp) programMembers() ([]rustMember, error) {
	w := r.manifest.Workspace
	if w == nil {
		return nil, nil
	}
	entries := w.DefaultMembers
	if _, named := r.Vars.Config("CARGO_WORKSPACE"); named || len(entries) == 0 {
		entries = slices.Concat(w.DefaultMembers, w.Members)
	}
	entries = slices.DeleteFunc(entries, func(entry string) bool { return slices.Contains(w.Exclude, entry) })
	var all []rustMember
	seen, globs := map[string]bool{}, 0
	for _, entry := range entries {
		if isCargoGlob(entry) && !seen[entry] {
			globs++
		}
		if globs > cargoGlobs {
			return nil, r.tooManyGlobs()
		}
		dirs, err := r.memberDirs(entry, seen)
		if err != nil {
			return nil, err
		}
		for _, dir := range dirs {
			seen[dir] = true
			m, err := readCargo(r.App, dir)
			if err != nil {
				return nil, r.memberError(entry, err)
			}
			if m.Package == nil {
				continue
			}
			bins, err := r.cargoBins(dir, m)
			if err != nil {
				return nil, err
			}
			if len(bins) > 0 {
				all = append(all, rustMember{m.Package.Name, dir, bins})
			}
		}
	}
	return all, nil
}

// cargoBins lists the binaries that Cargo builds of a package: the manifest's, then the ones that the files show.
func (r *rustApp) cargoBins(dir string, m cargoManifest) ([]rustBin, error) {
	var bins []rustBin
	taken := func(b rustBin) bool {
		return slices.ContainsFunc(bins, func(o rustBin) bool { return o.name == b.name || o.file == b.file })
	}
	var left []rustBin // that Cargo does not build, as a feature of theirs is off
	for _, b := range m.Bin {
		if b.Name == "" {
			b.Name = m.Package.Name
		}
		if !isCargoName(b.Name) {
			return nil, cargoNameError(r.App, path.Join(dir, cargoFile), "the name of a binary", b.Name)
		}
		made := rustBin{b.Name, path.Join(dir, b.Path)}
		if b.Path == "" {
			made.file = r.binFile(dir, b.Name, m.Package.Name)
		}
		if m.enables(stringList(b.Features)) {
			bins = append(bins, made)
		} else {
			left = append(left, made)
		}
	}
	if !m.findsBins() {
		return bins, nil
	}
	found, err := r.binFiles(dir, m.Package.Name)
	for _, b := range found {
		if !taken(b) && !slices.Contains(left, b) && isCargoName(b.name) {
			bins = append(bins, b)
		}
	}
	return bins, err
}

// enables reports whether all of the features are on by default.
func (m cargoManifest) enables(features []string) bool {
	table, _ := m.Features.(map[string]any)
	on := []string{"default"}
	for i := 0; i < len(on); i++ { // it grows by what each of its features turns on
		for _, name := range stringList(table[on[i]]) {
			if !slices.Contains(on, name) {
				on = append(on, name)
			}
		}
	}
	return !slices.ContainsFunc(features, func(name string) bool { return !slices.Contains(on, name) })
}

// findsBins reports whether Cargo looks for binaries that the manifest does not list. In the edition 2015 of Rust it does not, if it lists some.
func (m cargoManifest) findsBins() bool {
	if m.Package.Autobins != nil {
		return *m.Package.Autobins
	}
	old := m.Package.Edition == nil || m.Package.Edition == "2015"
	return !old || len(m.Bin) == 0
}

// binFile is the file of a binary that the manifest names without one.
func (r *rustApp) binFile(dir, name, pkg string) string {
	bins := path.Join(dir, rustBinDir, name)
	names := []string{bins + ".rs", bins + "/main.rs"}
	if name == pkg {
		names = append(names, path.Join(dir, rustMain))
	}
	return firstFile(r.App, append(names, path.Join(dir, rustMain))...)
}

// binFiles lists the binaries that the files of a package show.
func (r *rustApp) binFiles(dir, pkg string) ([]rustBin, error) {
	var bins []rustBin
	if file := path.Join(dir, rustMain); r.Tree.HasFile(file) {
		bins = append(bins, rustBin{pkg, file})
	}
	folder := path.Join(dir, rustBinDir)
	if !r.Tree.HasDir(folder) {
		return bins, nil
	}
	tree, err := r.Tree.Sub(folder)
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	entries, err := tree.Entries()
	for _, e := range entries {
		name, isFile := strings.CutSuffix(e.Name(), ".rs")
		switch main := e.Name() + "/main.rs"; {
		case isFile && !e.IsDir():
			bins = append(bins, rustBin{name, path.Join(folder, e.Name())})
		case tree.HasFile(main):
			bins = append(bins, rustBin{e.Name(), path.Join(folder, main)})
		}
	}
	return bins, err
}
