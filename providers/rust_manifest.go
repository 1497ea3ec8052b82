package providers

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

const (
	cargoFile = "Cargo.toml"
	cargoLock = "Cargo.lock"
)

// A cargoManifest is what of a Cargo.toml decides a plan.
type cargoManifest struct {
	Package           *cargoPackage   `toml:"package"`
	Workspace         *cargoWorkspace `toml:"workspace"`
	Dependencies      map[string]any  `toml:"dependencies"`
	DevDependencies   map[string]any  `toml:"dev-dependencies"`
	BuildDependencies map[string]any  `toml:"build-dependencies"`
	Lib               *struct{}       `toml:"lib"`
	Bin               []cargoBin      `toml:"bin"`
	Features          any             `toml:"features"` // a table of lists
}

type cargoPackage struct {
	Name        string `toml:"name"`
	RustVersion any    `toml:"rust-version"` // a string, or a table that says that the workspace has it
	DefaultRun  string `toml:"default-run"`
	Autobins    *bool  `toml:"autobins"`
	Edition     any    `toml:"edition"` // as RustVersion
}

type cargoWorkspace struct {
	Members        []string `toml:"members"`
	DefaultMembers []string `toml:"default-members"`
	Exclude        []string `toml:"exclude"`
	Package        struct {
		RustVersion string `toml:"rust-version"`
	} `toml:"package"`
}

type cargoBin struct {
	Name     string `toml:"name"`
	Path     string `toml:"path"`
	Features any    `toml:"required-features"` // a list
}

// readCargo reads the manifest of the package or workspace in a directory.
func readCargo(app App, dir string) (cargoManifest, error) {
	file := path.Join(dir, cargoFile)
	var m cargoManifest
	if err := app.Tree.TOML(file, &m); err != nil {
		return cargoManifest{}, err
	}
	if m.Package != nil && m.Package.Name == "" {
		return cargoManifest{}, &source.Error{
			Op: "reading", Name: file, Line: app.Tree.Line(file, "[package]"),
			Err: errors.New("the package has no name"), Hint: `give it one: name = "app"`,
		}
	}
	if m.Package != nil && !isCargoName(m.Package.Name) {
		return cargoManifest{}, cargoNameError(app, file, "the package's name", m.Package.Name)
	}
	return m, nil
}

// cargoName is what goes into shell commands as it is.
var cargoName = lazyregexp.New(`^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.+-]*$`)

func isCargoName(name string) bool { return cargoName.MatchString(name) }

const cargoNameHint = "use letters, digits, - and _"

// cargoNameError is about a name that a file has as a value.
func cargoNameError(app App, file, what, name string) error {
	return &source.Error{
		Op: "reading", Name: file, Line: app.Tree.Line(file, name),
		Err: fmt.Errorf("%s is %.80q, which is no name of Cargo's", what, name), Hint: cargoNameHint,
	}
}

// checkInherited refuses a package that takes a key from a workspace outside of the directory: Cargo refuses it too.
func (r *rustApp) checkInherited() error {
	if r.manifest.Package == nil || r.manifest.Workspace != nil {
		return nil
	}
	var text struct {
		Package map[string]any `toml:"package"`
	}
	if err := r.Tree.TOML(cargoFile, &text); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(text.Package)) {
		from, ok := text.Package[key].(map[string]any)
		if !ok || from["workspace"] != true {
			continue
		}
		return &source.Error{
			Op: "reading", Name: cargoFile, Line: r.Tree.Line(cargoFile, key),
			Err:  fmt.Errorf("%s is inherited from a workspace that is not in this directory", key),
			Hint: "build from the root of the workspace, with NIXPACKS_CARGO_WORKSPACE=" + r.manifest.Package.Name,
		}
	}
	return nil
}
