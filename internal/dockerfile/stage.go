package dockerfile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/graph"
)

// apart lists the nodes, sorted, whose file system is used elsewhere than in the node that follows. Each has to end a
// stage, as a Dockerfile can name nothing else; but for images, which begin one, and for the last of their stage.
func apart(g *graph.Graph) []int {
	var list []int
	for _, n := range g.Nodes {
		switch op := n.Op.(type) {
		case graph.RunOutput:
			list = append(list, op.Of)
		case graph.Branch:
			list = append(list, op.Of)
		case graph.AddDiff:
			if !g.IsApart(op.From) {
				list = append(list, op.From, op.Since)
			}
		case graph.Copy:
			if op.From == graph.Stage {
				list = append(list, op.Stage)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// name is what FROM says of a stage that others begin with, and counts it.
func (f *formatter) name() string {
	f.count++
	if !f.divided() {
		return ""
	}
	return fmt.Sprintf(" AS stage%d", f.count-1)
}

// divided reports whether a stage is made of several.
func (f *formatter) divided() bool {
	return slices.ContainsFunc(f.g.Nodes, func(n graph.Node) bool { _, ok := n.Op.(graph.AddDiff); return ok })
}

// cut ends the stage of a node that is used elsewhere, and begins another on top of it.
func (f *formatter) cut(i int) {
	if !f.divided() || !slices.Contains(f.apart, i) {
		return
	}
	f.stages[i] = f.count - 1
	if i+1 == len(f.g.Nodes) {
		return
	}
	if !begins(f.g.Nodes[i+1]) {
		last := f.count - 1
		f.line("\nFROM stage%d%s", last, f.name())
	}
}

// begins reports whether a node begins a stage.
func begins(n graph.Node) bool {
	switch n.Op.(type) {
	case graph.Image, graph.Branch:
		return true
	}
	return false
}

// stage is the number of the stage that holds the file system of a node.
func (f *formatter) stage(i int) int {
	if n, ok := f.stages[i]; ok && f.divided() {
		return n
	}
	return f.stages[f.g.StageOf(i)]
}

// output is the directory of an [graph.RunOutput] in the stage of its run.
func (f *formatter) output(i int) string {
	of := f.g.Nodes[i].Op.(graph.RunOutput).Of
	return f.g.Nodes[of].Op.(graph.Run).Output
}

// changed copies what is in /run/after and not, or not so, in /run/before. Of files whose type, size, time, mode and owner are the same it
// takes the content to be. It leaves out the directories that other steps copy.
func changed(without []string) string {
	skip := ""
	for _, dir := range without {
		skip += "-path ." + dir + " -prune -o "
	}
	return `list() { (cd /run/$1 && find . -mindepth 1 -xdev ` + skip + `-printf '%P\t%y\t%s\t%T@\t%m\t%U\t%G\t%l\0' | sort -z); } && ` +
		`comm -z -13 <(list before) <(list after) | cut -z -f1 | ` +
		`tar --create --directory=/run/after --null --no-recursion --files-from=- | tar --extract --directory=/`
}

func (f *formatter) add(op graph.AddDiff) {
	switch from := f.g.Nodes[op.From].Op.(type) {
	case graph.Release:
		f.released(op.From)
		return
	case graph.Image:
		f.line("COPY --from=%s / /", cmp.Or(from.Pinned, from.Ref))
		return
	}
	if out, ok := f.g.Nodes[op.From].Op.(graph.RunOutput); ok {
		f.line("COPY --from=stage%d %s/ /", f.stage(out.Of), f.output(op.From))
		return
	}
	f.line("RUN --mount=type=bind,from=stage%d,target=/run/before \\\n    --mount=type=bind,from=stage%d,target=/run/after \\\n    %s",
		f.stage(op.Since), f.stage(op.From), changed(op.Without))
}

// joined brings an [graph.RunOutput] that is a layer of what follows to where it is seen. In the stage of its run it is a directory like
// others. Links that are there already are those to all packages.
func (f *formatter) joined(i int) {
	if slices.ContainsFunc(f.g.Nodes, func(n graph.Node) bool {
		merge, ok := n.Op.(graph.Merge)
		return ok && slices.Contains(merge.Layers, i)
	}) {
		dir := f.output(i)
		f.line("RUN cp -an %s/. / && rm -rf %s", dir, dir)
	}
}
