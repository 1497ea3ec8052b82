package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// build makes the binaries and copies them to bin. A library alone is not built.
func (r *rustApp) build() plan.Phase {
	const phase = "build"
	if !r.isCargo() {
		return plan.Phase{DependsOn: []string{"install"}}
	}
	p := plan.Phase{DependsOn: []string{"setup"}, Cmds: []string{"mkdir -p bin"}, CacheDirectories: slices.Clone(rustCaches)}
	if r.manifest.Package == nil {
		p.CacheDirectories = p.CacheDirectories[:2]
	}
	r.because(byDefault("Cargo keeps there what it fetches and builds"), phase, "cache", "")
	add := func(c cause, cmd string) {
		p.Cmds = append(p.Cmds, cmd)
		r.because(c, phase, "cmd", cmd)
	}
	release, options := "target/release/", ""
	if r.target != "" {
		release, options = "target/"+r.target+"/release/", " --target "+r.target
	}
	copyOf := func(name string) string { return "cp " + release + name + r.suffix + " bin" }
	const cargo = "cargo build --release"
	switch {
	case r.findsPrograms():
		r.addBuild(&p, add, options, copyOf)
	case r.workspace != "":
		add(r.workspaceCause, cargo+" --package "+r.workspace+options)
		add(r.workspaceCause, copyOf(r.workspace))
	case len(r.bins) > 0:
		add(r.targetCause, cargo+options)
		for _, b := range r.bins {
			add(byFile(b.file, "it is a binary"), copyOf(b.name))
		}
	}
	return p
}

// addBuild builds the app, also one without a binary, and copies the binaries.
func (r *rustApp) addBuild(p *plan.Phase, add func(cause, string), options string, copyOf func(string) string) {
	const cargo = "cargo build --release"
	why := r.targetCause
	if r.workspace != "" {
		options, why = " --package "+r.workspace+options, r.workspaceCause
	}
	add(why, cargo+options)
	if called, bare := r.calledBin(); called != "" && bare {
		p.Paths = []string{appDir + "/" + rustOutput}
		r.because(byDefault("the start command calls a binary by its name"), "build", "path", "")
	}
	for _, b := range r.bins {
		add(byFile(b.file, "it is a binary"), copyOf(b.name))
	}
}

// start starts the workspace's package or one of the binaries, in an image without the toolchain if it can.
func (r *rustApp) start() (*plan.Start, error) {
	const phase = "start"
	var cmd string
	var why cause
	if r.findsPrograms() && r.UserStart != nil {
		return r.userStart(), nil
	}
	switch {
	case r.workspace != "" && !r.findsPrograms():
		cmd, why = "./bin/"+r.workspace, r.workspaceCause
		if r.suffix != "" {
			r.warn("Cargo makes %s%s, but the start command is %s; set one that runs WebAssembly", r.workspace, r.suffix, cmd)
		}
	case len(r.bins) > 0:
		name, c, err := r.startBin()
		if name == "" && c == (cause{}) || err != nil {
			return nil, err
		}
		cmd, why = "./bin/"+name+r.suffix, c
	default:
		return nil, nil
	}
	r.because(why, phase, "cmd", cmd)
	start := &plan.Start{Cmd: &cmd}
	if r.target != "" {
		start.OnlyIncludeFiles = []string{cmd}
		r.onRunImage(start)
		r.because(byDefault("the binary is all that runs"), phase, "file", cmd)
		return start, r.addRuntimeFiles(start)
	}
	return start, nil
}

// onRunImage has the image stand on the run image of Nixpacks 1.39. A slim image of later editions has the same base.
func (r *rustApp) onRunImage(start *plan.Start) {
	if r.choosesVersions() {
		return
	}
	start.RunImage = new(rustRunImage)
	r.because(r.targetCause, "start", "run image", rustRunImage)
}

// rustOutput is the folder that the binaries are copied to.
const rustOutput = "bin"

// calledBin is the binary that the user's start command calls, "" if it calls none, and whether it does so by the name alone.
func (r *rustApp) calledBin() (name string, bare bool) {
	word := path.Clean(strings.TrimPrefix(r.startWord(), appDir+"/"))
	for _, name := range r.names() {
		if word == name || word == rustOutput+"/"+name {
			return name, word == name
		}
	}
	return "", false
}

// userStart is what of an image can be left out under the start command that the user gives: what else than a binary it needs is not known.
func (r *rustApp) userStart() *plan.Start {
	called, bare := r.calledBin()
	if called == "" || bare || r.target == "" || r.suffix != "" {
		return nil
	}
	start := &plan.Start{}
	r.onRunImage(start)
	return start
}
