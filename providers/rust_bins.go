package providers

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
)

const (
	rustMain   = "src/main.rs"
	rustBinDir = "src/bin"
)

// A rustBin is a binary that the build copies.
type rustBin struct{ name, file string }

// findBins sets the binaries that the files show. As in Nixpacks [[bin]] of the manifest does not count, and each
// file below src/bin is taken for a binary of its name, whatever Cargo makes of it.
func (r *rustApp) findBins() error {
	if p := r.manifest.Package; p != nil && r.Tree.HasFile(rustMain) {
		r.bins = append(r.bins, rustBin{p.Name, rustMain})
	}
	if !r.Tree.HasDir(rustBinDir) {
		return nil
	}
	files, err := r.Tree.Files(rustBinDir + "/*")
	if err != nil {
		return err
	}
	var odd []string
	for _, file := range files {
		base := path.Base(file)
		name := base[:max(0, strings.LastIndexByte(base, '.'))]
		if name != "" && !isCargoName(name) {
			return &source.Error{Op: "reading", Name: file, Err: errors.New("the file's name is no name of a binary"), Hint: cargoNameHint}
		}
		if file != rustBinDir+"/"+name+".rs" {
			odd = append(odd, file)
		}
		r.bins = append(r.bins, rustBin{name, file})
	}
	if len(odd) > 0 {
		r.warn("%s: each file in %s is taken for a binary of its name, which Cargo may not make; keep only files such as %s/name.rs there",
			few(odd), rustBinDir, rustBinDir)
	}
	return nil
}

// few joins the first of a list.
func few(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// names are the names of the binaries.
func (r *rustApp) names() []string {
	var names []string
	for _, b := range r.bins {
		names = append(names, b.name)
	}
	return names
}

// startBin returns the binary to start and why, or "" if nothing says which of several it is.
func (r *rustApp) startBin() (string, cause, error) {
	const variable = "NIXPACKS_RUST_BIN"
	names := r.names()
	if len(names) == 1 {
		return names[0], byFile(r.bins[0].file, "it is the only binary"), nil
	}
	all := few(names)
	if name, ok := r.Vars.Config("RUST_BIN"); ok {
		if !slices.Contains(names, name) {
			return "", cause{}, fmt.Errorf("reading the variable %s: Could not find binary named %.80s; it is one of %s", variable, name, all)
		}
		return name, byVariable(r.App, "RUST_BIN"), nil
	}
	if p := r.manifest.Package; p != nil && p.DefaultRun != "" && (r.workspace == "" || !r.findsPrograms()) {
		if !isCargoName(p.DefaultRun) {
			return "", cause{}, cargoNameError(r.App, cargoFile, "default-run", p.DefaultRun)
		}
		if !slices.Contains(names, p.DefaultRun) {
			r.warn("default-run in %s is %s, which is none of the binaries that the build copies: %s", cargoFile, p.DefaultRun, all)
		}
		return p.DefaultRun, r.at("default-run", "default-run is %q", p.DefaultRun), nil
	}
	if name := preferred(names, r.packageName()); r.findsPrograms() && name != "" {
		return name, byFile(r.bins[slices.Index(names, name)].file, "of several binaries it is called as the package"), nil
	}
	if name := preferred(names, servingNames...); r.findsPrograms() && name != "" {
		r.warnings = append(r.warnings, severalPrograms(r.App, names, name, "set "+variable+" to another one")...)
		return name, byFile(r.bins[slices.Index(names, name)].file, "of several binaries it is called as a server is"), nil
	}
	r.warn("the app has several binaries (%s) and nothing says which one to start; set %s, or default-run in %s", all, variable, cargoFile)
	return "", cause{}, nil
}

// packageName is the name of the package to build, "" if there is none.
func (r *rustApp) packageName() string {
	if p := r.manifest.Package; r.workspace == "" && p != nil {
		return p.Name
	}
	return r.workspace
}

// warnBins warns of an app without binaries, and of such as the manifest alone declares.
func (r *rustApp) warnBins() {
	if len(r.bins) == 0 {
		r.warn("there is neither %s with a package nor a file in %s, so nothing is built", rustMain, rustBinDir)
	}
	var lost []string
	for _, b := range r.manifest.Bin {
		if b.Name != "" && !slices.Contains(r.names(), b.Name) {
			lost = append(lost, fmt.Sprintf("%.80q", b.Name))
		}
	}
	if len(lost) > 0 {
		r.warn("what [[bin]] in %s declares is not copied unless it is %s or in %s: %s", cargoFile, rustMain, rustBinDir, few(lost))
	}
}
