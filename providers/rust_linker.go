package providers

import (
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// rustLinkers are the Nix packages of the programs that a configuration of Cargo links with.
var rustLinkers = map[string]string{"mold": "mold-wrapped", "lld": "lld", "clang": "clang"}

// rustLinkerFlag finds the linker among the flags of the compiler: -C link-arg=-fuse-ld=mold, or -C linker=clang.
var rustLinkerFlag = lazyregexp.New(`(?:-fuse-ld=|--ld-path=|^-?C?linker=)(?:\S*/)?(?:ld\.)?([A-Za-z0-9_-]+)$`)

// findLinkers sets the packages of the linkers that the configuration of Cargo asks for in this build. Build scripts are linked for the
// machine that builds, so its linker matters too.
func (r *rustApp) findLinkers() error {
	file := firstFile(r.App, cargoConfig, strings.TrimSuffix(cargoConfig, ".toml"))
	if file == "" {
		return nil
	}
	var config struct {
		Build  any `toml:"build"`
		Target any `toml:"target"`
	}
	if err := r.Tree.TOML(file, &config); err != nil {
		return err
	}
	host := r.Arch + "-unknown-linux-gnu"
	target := host
	if r.target != "" {
		target = r.target
	}
	build, _ := config.Build.(map[string]any)
	targets, _ := config.Target.(map[string]any)
	flags := rustFlags(build["rustflags"])
	for _, key := range slices.Sorted(maps.Keys(targets)) {
		settings, _ := targets[key].(map[string]any)
		fits := key == target || strings.HasPrefix(key, "cfg(") && !strings.Contains(key, "windows") && !strings.Contains(key, "macos")
		if fits || key == host {
			linker, _ := settings["linker"].(string)
			r.linkWith(file, linker)
		}
		if fits {
			flags = append(flags, rustFlags(settings["rustflags"])...)
		}
	}
	for _, flag := range flags {
		if m := rustLinkerFlag.FindStringSubmatch(flag); m != nil {
			r.linkWith(file, m[1])
		}
	}
	return nil
}

// rustFlags are flags of the compiler, each as one word, from a list or from a text of words.
func rustFlags(v any) []string {
	words := stringList(v)
	if text, ok := v.(string); ok {
		words = strings.Fields(text)
	}
	for i, word := range words {
		words[i] = strings.TrimPrefix(word, "-C")
	}
	return words
}

// linkWith adds the package of a linker, if one is needed.
func (r *rustApp) linkWith(file, linker string) {
	name := linker[strings.LastIndexByte(linker, '/')+1:]
	pkg := rustLinkers[strings.TrimPrefix(name, "ld.")]
	if pkg == "" || slices.ContainsFunc(r.linkers, func(l rustLinker) bool { return l.pkg == pkg }) {
		return
	}
	r.linkers = append(r.linkers, rustLinker{pkg, byLine(r.App, file, linker, "the app is linked with "+name)})
}

// A rustLinker is a package to link with, and why.
type rustLinker struct {
	pkg string
	why cause
}

// linkerPackages adds the packages of the linkers to the packages of a setup.
func (r *rustApp) linkerPackages(pkgs []string) []string {
	for _, l := range r.linkers {
		pkgs = append(pkgs, l.pkg)
		r.because(l.why, "setup", "nix", l.pkg)
	}
	return pkgs
}
