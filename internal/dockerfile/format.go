// Package dockerfile turns a build graph into a Dockerfile, and the files that belong to it.
//
// A build of it gives the image that the LLB of package lower gives.
package dockerfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/graph"
)

// Path is where the Dockerfile belongs, in the app's directory.
const Path = graph.GeneratedDir + "/Dockerfile"

// Format returns a Dockerfile for BuildKit, and the other files that the build needs, sorted by path. All paths are
// relative to the app's directory, which is the build context: "docker build -f .nixpacks/Dockerfile .".
//
// It needs no build arguments, with one exception: a Dockerfile cannot hold a value with line breaks, so such variables are
// arguments, which the build script passes; a build without them fails.
func Format(g *graph.Graph) (dockerfile string, files []graph.File) {
	f := formatter{g: g, stages: map[int]int{}, apart: apart(g)}
	for i, n := range g.Nodes {
		if op, ok := n.Op.(graph.Release); ok {
			f.release(i, n, op)
		}
	}
	for i, n := range g.Nodes {
		f.node(i, n)
		f.cut(i)
	}
	f.config()
	files = append(slices.Clone(g.Files),
		graph.File{Path: Path + ".dockerignore", Content: ignore(g)},
		graph.File{Path: graph.GeneratedDir + "/build.sh", Content: script(g)},
	)
	slices.SortFunc(files, func(x, y graph.File) int { return cmp.Compare(x.Path, y.Path) })
	return f.out.String(), files
}

type formatter struct {
	g      *graph.Graph
	out    strings.Builder
	stages map[int]int // from a node's index to the number of the stage that ends with it, or begins with it if it is an Image
	count  int         // of stages
	apart  []int       // nodes whose file system is used elsewhere as it is then
	title  string      // of the nodes before
}

func (f *formatter) line(format string, args ...any) {
	fmt.Fprintf(&f.out, format+"\n", args...)
}

// heading writes a comment where a new part begins.
func (f *formatter) heading(n graph.Node) {
	title := map[graph.Part]string{
		graph.Base:      "base image",
		graph.Nix:       "Nix packages",
		graph.Tools:     "releases",
		graph.Apt:       "apt packages",
		graph.Assets:    "static assets",
		graph.Variables: "variables",
		graph.Phase:     n.Phase + " phase",
		graph.Profile:   "login profile",
		graph.Start:     "start",
	}[n.Part]
	if title == f.title {
		return
	}
	if f.title != "" {
		f.line("")
	}
	f.title = title
	f.line("# %s", title)
}

func (f *formatter) node(i int, n graph.Node) {
	switch op := n.Op.(type) {
	case graph.Release:
		return // it has stages of its own
	case graph.Image:
		if op.Apart {
			return // what adds it names it
		}
	case graph.Merge:
		for _, l := range op.Layers { // the others have been written one after the other
			if _, ok := f.g.Nodes[l].Op.(graph.Release); ok {
				f.heading(f.g.Nodes[l])
				f.released(l)
			}
		}
		return
	}
	f.heading(n)
	switch op := n.Op.(type) {
	case graph.Image:
		f.stages[i] = f.count
		f.line("FROM %s%s", cmp.Or(op.Pinned, op.Ref), f.name())
		f.line("SHELL %s", array(graph.Shell()...))
		f.line("WORKDIR %s", graph.Dir)
	case graph.Branch:
		of := f.stage(op.Of)
		f.stages[i] = f.count
		f.line("FROM stage%d%s", of, f.name())
	case graph.Run:
		f.run(op)
	case graph.Copy:
		f.copy(op)
	case graph.Env:
		f.env(op.Vars)
		f.path(op.Path)
	case graph.RunOutput:
		f.joined(i)
	case graph.AddDiff:
		f.add(op)
	}
}

func (f *formatter) run(op graph.Run, flags ...string) {
	for _, m := range op.Mounts {
		flags = append(flags, fmt.Sprintf("--mount=type=bind,source=%s,target=%s", m.From, m.To))
	}
	for _, c := range op.Caches {
		flags = append(flags, fmt.Sprintf("--mount=type=cache,id=%s,target=%s", c.ID, c.Target))
	}
	for _, s := range op.Secrets() {
		if s.Env != "" {
			flags = append(flags, fmt.Sprintf("--mount=type=secret,id=%s,env=%s,required=true", s.ID, s.Env))
			continue
		}
		flags = append(flags, fmt.Sprintf("--mount=type=secret,id=%s,target=%s,mode=0444", s.ID, s.Target))
	}
	command := op.Script()
	if !plain(command) {
		command = array(op.Args()...)
	}
	f.line("RUN %s", strings.Join(append(flags, command), " \\\n    "))
}

func (f *formatter) copy(op graph.Copy) {
	for _, p := range op.Paths {
		switch op.From {
		case graph.App, graph.Generated:
			f.line("COPY %s", words(pattern(p.From), escape(p.To)))
		case graph.Stage:
			if _, ok := f.g.Nodes[op.Stage].Op.(graph.Release); ok {
				f.released(op.Stage)
				continue
			}
			f.line("COPY --from=%d %s", f.stage(op.Stage), words(pattern(p.From), escape(p.To)))
		}
		if op.From == graph.App && p.From == "." {
			f.line("# The build's own files are needed in the context, but not in the image.")
			f.line("RUN rm -rf %s", graph.GeneratedDir)
		}
	}
}

// env writes variables; the order within one instruction does not matter, since values are literal.
func (f *formatter) env(vars []graph.Var) {
	if len(vars) == 0 {
		return
	}
	var pairs []string
	for _, v := range vars {
		value := `"` + escapeQuoted(v.Value) + `"`
		if !oneLine(v.Value) {
			f.line("ARG %s", v.Name)
			value = `"${` + v.Name + `:?has line breaks, build with ` + graph.GeneratedDir + `/build.sh}"`
		}
		pairs = append(pairs, v.Name+"="+value)
	}
	f.line("ENV %s", strings.Join(pairs, " \\\n    "))
}

func (f *formatter) config() {
	c := f.g.Config
	f.heading(graph.Node{Part: graph.Start})
	if len(c.Labels) > 0 {
		var pairs []string
		for _, l := range c.Labels {
			pairs = append(pairs, `"`+escapeQuoted(l.Name)+`"="`+escapeQuoted(l.Value)+`"`)
		}
		f.line("LABEL %s", strings.Join(pairs, " \\\n      "))
	}
	for _, port := range c.Ports {
		f.line("EXPOSE %s", port)
	}
	if c.StopSignal != "" {
		f.line("STOPSIGNAL %s", c.StopSignal)
	}
	if c.Health != nil {
		f.line("HEALTHCHECK CMD %s", array(c.Health...))
	}
	if c.User != "" {
		f.line("USER %s", c.User)
	}
	f.line("ENTRYPOINT %s", array(c.Entrypoint...))
	if c.Cmd != nil {
		f.line("CMD %s", array(c.Command()...))
	}
}
