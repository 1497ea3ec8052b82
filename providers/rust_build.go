package providers

import (
	"slices"

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

// start starts the workspace's package or one of the binaries, in an image without the toolchain if it can.
func (r *rustApp) start() (*plan.Start, error) {
	const phase = "start"
	var cmd string
	var why cause
	switch {
	case r.workspace != "":
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
		start.RunImage, start.OnlyIncludeFiles = new(rustRunImage), []string{cmd}
		r.because(r.targetCause, phase, "run image", rustRunImage)
		r.because(byDefault("the binary is all that runs"), phase, "file", cmd)
	}
	return start, nil
}
