package discover

import (
	"path"

	"github.com/org/npx-action/providers"
)

// libraries tell by a manifest that a directory is for others to use. Plans do not: the plan of a library starts something too.
var libraries = map[string]func(f *finder, dir, base string) (bool, error){
	goMod:           goLibrary,
	packageJSON:     nodeLibrary,
	"composer.json": phpLibrary,
	"*.csproj":      dotnetLibrary,
	"*.fsproj":      dotnetLibrary,
}

// library reports whether all manifests of a directory describe libraries.
func (f *finder) library(dir string) (bool, error) {
	found := false
	for _, m := range manifests {
		base := m.In(f.files[dir])
		if base == "" {
			continue
		}
		is := libraries[m.File]
		if is == nil {
			return false, nil
		}
		if library, err := is(f, dir, base); !library || err != nil {
			return false, err
		}
		found = true
	}
	return found, nil
}

func goLibrary(f *finder, dir, _ string) (bool, error) {
	program, _, err := f.goMain(dir)
	return program == "", err
}

// nodeLibrary is a package with an entry for those who import it, and without a script to start it. In a repository without other
// apps the root is taken for an app all the same: its entry is what is started.
func nodeLibrary(f *finder, dir, base string) (bool, error) {
	if dir == "." && len(f.apps) == 0 {
		return false, nil
	}
	var m struct {
		providers.NodePackage
		Scripts map[string]any `json:"scripts"` // scripts that are no table are a mistake here
	}
	if err := f.tree.JSON(path.Join(dir, base), &m); err != nil {
		return false, err
	}
	return m.Imported() && m.Scripts["start"] == nil, nil
}

// phpLibrary is a package that says so, or has nothing to serve.
func phpLibrary(f *finder, dir, base string) (bool, error) {
	var m struct {
		Type any `json:"type"`
	}
	if err := f.tree.JSON(path.Join(dir, base), &m); err != nil {
		return false, err
	}
	served := f.hasFile(dir, "index.php") || f.hasFile(path.Join(dir, "public"), "index.php")
	return m.Type == "library" && !served, nil
}
