package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

var (
	// rustUnread are names of entries of an app's root that Cargo or people read, and not a program that runs.
	rustUnread = lazyregexp.New(`(?i)^(?:\..*|target|node_modules|tests|benches|examples|docs|cargo\.(?:toml|lock)|procfile|makefile|justfile|` +
		`mkdocs\.ya?ml|_config\.yml|cmakelists\.txt|.*dockerfile.*|(?:docker-)?compose.*\.ya?ml|(?:rust-toolchain|rustfmt|clippy|deny|cross|diesel|fly|railway|nixpacks|mise|taplo)(?:\.toml|\.json)?|` +
		`(?:readme|licen[cs]e|copying|changelog|contributing|security|authors|notice)(?:[.-].*)?|.*\.(?:nix|md|sh|rs|c|h|cc|cpp))$`)

	// rustSource are names of files anywhere that make a package of Rust, or a part of it in C.
	rustSource = lazyregexp.New(`(?i)^(?:\..*|cargo\.(?:toml|lock)|readme.*|.*\.(?:rs|c|h|cc|cpp))$`)
)

// runtimeFiles are the entries of the root that a program may read where it runs, such as static and templates: all entries
// that hold other files than sources. Rocket and others name them by their path in the source tree, which is where they are in the image.
func (r *rustApp) runtimeFiles() ([]string, error) {
	files, err := r.Tree.Files("**/*")
	if err != nil {
		return nil, err
	}
	var list []string
	for _, file := range files {
		entry, _, _ := strings.Cut(file, "/")
		if entry != rustOutput && !slices.Contains(list, entry) && !rustUnread.MatchString(entry) && !rustSource.MatchString(path.Base(file)) {
			list = append(list, entry)
		}
	}
	slices.Sort(list)
	return list, nil
}

// addRuntimeFiles puts them beside the binary. In edition 1.39 the binary is alone, as in Nixpacks.
func (r *rustApp) addRuntimeFiles(start *plan.Start) error {
	if !r.findsPrograms() {
		return nil
	}
	files, err := r.runtimeFiles()
	for _, file := range files {
		r.because(byFile(file, "the program may read it where it runs"), "start", "file", file)
	}
	start.OnlyIncludeFiles = append(start.OnlyIncludeFiles, files...)
	return err
}
