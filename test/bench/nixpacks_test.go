package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
)

// A recipe is a Dockerfile, and how it is built.
type recipe struct {
	text string
	args map[string]string // build arguments
	dir  string            // where the Dockerfile is written
}

// A formatter writes the Dockerfile of a plan as Nixpacks does, line by line (nixpacks-1.39.md 4.1).
//
// Two things differ, so that it can be built where ours is: the images come from a registry of the world, and each step trusts the
// world's certificates, as ours do.
type formatter struct {
	plan   plan.Plan
	images map[string]string // reference in the plan to reference in the world
	out    strings.Builder
}

// nixpacksRecipe plans the app of a directory by edition 1.39, writes its Nix expressions there, and returns the Dockerfile.
func nixpacksRecipe(b *testing.B, dir, nixMirror string, images map[string]string) recipe {
	b.Helper()
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer tree.Close()
	result, err := planner.Make(planner.Input{Tree: tree, Arch: "x86_64", Edition: "1.39"})
	if err != nil {
		b.Fatal(err)
	}
	expressions, err := nix.Expressions(result.Plan.Phases, nix.Options{Mirror: nixMirror})
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".nixpacks"), 0o755); err != nil {
		b.Fatal(err)
	}
	for _, e := range expressions {
		if err := os.WriteFile(filepath.Join(dir, ".nixpacks", e.Name), []byte(e.Content), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	f := formatter{plan: result.Plan, images: images}
	if err := f.format(expressions); err != nil {
		b.Fatal(err)
	}
	return recipe{text: f.out.String(), args: result.Plan.Variables}
}

func (f *formatter) line(format string, args ...any) { fmt.Fprintf(&f.out, format+"\n", args...) }

const (
	entrypoint = `ENTRYPOINT ["/bin/bash", "-l", "-c"]`
	workdir    = "WORKDIR /app/"
)

func (f *formatter) format(expressions []nix.File) error {
	order, err := plan.Order(f.plan.Phases)
	if err != nil {
		return err
	}
	f.line("FROM %s\n\n%s\n%s\n", f.images[*f.plan.BuildImage], entrypoint, workdir)
	for _, e := range expressions {
		for _, file := range e.Includes {
			f.copy(file)
		}
	}
	for _, e := range expressions {
		file := ".nixpacks/" + e.Name
		f.line("COPY %s %s", file, file)
		f.run("", "nix-env -if "+file+" && nix-collect-garbage -d")
	}
	f.apt()
	f.variables()
	f.line("")
	var paths []string
	for _, name := range order {
		f.phase(name, f.plan.Phases[name])
		paths = append(paths, f.plan.Phases[name].Paths...)
	}
	if len(paths) > 0 {
		f.line(`RUN printf '\nPATH=%s:$PATH' >> /root/.profile`, strings.Join(paths, ":"))
	}
	f.line("")
	f.start()
	return nil
}

func (f *formatter) apt() {
	var packages []string
	for _, phase := range plan.Sorted(f.plan.Phases) {
		packages = append(packages, phase.AptPkgs...)
	}
	if len(packages) > 0 {
		f.run("", "sudo apt-get update && sudo apt-get install -y --no-install-recommends "+strings.Join(packages, " "))
	}
}

func (f *formatter) variables() {
	var names, pairs []string
	for name := range plan.Sorted(f.plan.Variables) {
		names, pairs = append(names, name), append(pairs, name+"=$"+name)
	}
	if len(names) > 0 {
		f.line("ARG %s\nENV %s", strings.Join(names, " "), strings.Join(pairs, " "))
	}
}

func (f *formatter) phase(name string, p plan.Phase) {
	f.line("# %s phase", name)
	if len(p.Cmds) == 0 && len(p.Paths) == 0 {
		f.line("# noop\n")
		return
	}
	if len(p.Paths) > 0 {
		f.line("ENV NIXPACKS_PATH=%s:$NIXPACKS_PATH", strings.Join(p.Paths, ":"))
	}
	if p.OnlyIncludeFiles == nil {
		f.line("COPY . /app/.")
	}
	for _, file := range p.OnlyIncludeFiles {
		f.copy(file)
	}
	for _, cmd := range p.Cmds {
		f.run(mounts(p.CacheDirectories), cmd)
	}
	f.line("")
}

// mounts are the cache mounts of a phase (nixpacks-1.39.md 4.4).
func mounts(dirs []string) string {
	var out strings.Builder
	for _, dir := range dirs {
		dir = strings.Replace(dir, "~", "/root", 1)
		id := strings.NewReplacer(".", "", " ", "-").Replace("bench-" + dir)
		if !strings.HasPrefix(dir, "/") {
			dir = "/app/" + dir
		}
		fmt.Fprintf(&out, "--mount=type=cache,id=%s,target=%s ", id, dir)
	}
	return out.String()
}

func (f *formatter) run(mounts, command string) {
	f.line("%s", trusting(mounts, command))
}

// trusting is a step that trusts the world's certificates. mounts are its options, each with a space behind it.
func trusting(mounts, command string) string {
	r := graph.Run{Command: command, Certificates: true}
	for _, s := range r.Secrets() {
		mounts += fmt.Sprintf("--mount=type=secret,id=%s,target=%s,mode=0444 ", s.ID, s.Target)
	}
	return "RUN " + mounts + r.Script()
}

func (f *formatter) copy(file string) {
	for strings.HasPrefix(file, "./") {
		file = strings.TrimPrefix(file, "./")
	}
	f.line("COPY %s /app/%s", file, file)
}

func (f *formatter) start() {
	f.line("# start")
	s := f.plan.Start
	if s.RunImage == nil {
		f.line("COPY . /app")
	} else {
		f.line("FROM %s\n%s\n%s\nCOPY --from=0 /etc/ssl/certs /etc/ssl/certs\nRUN true", f.images[*s.RunImage], entrypoint, workdir)
		files := slices.Clone(s.OnlyIncludeFiles)
		if len(files) == 0 {
			files = []string{""}
		}
		for _, file := range files {
			f.line("COPY --from=0 /app/%s /app/%s", file, file)
		}
	}
	f.line(`CMD ["%s"]`, strings.ReplaceAll(*s.Cmd, `"`, `\"`))
}
