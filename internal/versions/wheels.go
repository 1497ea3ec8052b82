package versions

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/internal/wheel"
)

// pythonWheels reads for which Pythons the packages of an app are built: the names of their wheels for Linux in the lockfiles of uv, Poetry and PDM. A
// newer Python would have to compile the package, and often cannot.
func pythonWheels(tree *source.Tree, file string) ([]Bound, error) {
	type named struct{ URL, Path, File, Filename any }
	var lock struct {
		Package []struct {
			Name   any
			Wheels []named // of uv
			Files  []named // of Poetry and PDM
		}
		Metadata struct {
			Files map[string][]named // of Poetry before 1.3
		}
	}
	if err := tree.TOML(file, &lock); err != nil {
		return nil, err
	}
	newest := map[string]int{} // by package, of which several versions may be for different Pythons; anyPython where one is for all
	for _, p := range lock.Package {
		name := text(p.Name)
		for _, n := range slices.Concat(p.Wheels, p.Files, lock.Metadata.Files[name]) {
			for _, v := range []any{n.URL, n.Path, n.File, n.Filename} {
				newest[name] = max(newest[name], wheelPython(path.Base(text(v))))
			}
		}
	}
	var c collector
	for name, minor := range plan.Sorted(newest) {
		if minor > 0 && minor < anyPython {
			c.add(name, fmt.Sprintf("<3.%d", minor+1))
		}
	}
	return installable(c, file), nil
}

// anyPython is newer than all.
const anyPython = 1000

// wheelPython is the newest Python 3 for which a wheel for Linux is built, by its minor version; 0 for none.
func wheelPython(file string) int {
	name, _ := wheel.Parse(file)
	if !name.OnLinux() {
		return 0
	}
	for _, tag := range name.ABIs {
		if tag == "none" || tag == "abi3" { // newer ones run it too
			return anyPython
		}
	}
	minor := 0
	for _, tag := range name.Pythons {
		if digits, ok := strings.CutPrefix(tag, "cp3"); ok && len(digits) < 3 {
			n, _ := strconv.Atoi(digits)
			minor = max(minor, n)
		}
	}
	return minor
}
