package dockerfile

import (
	"cmp"
	"strings"

	"github.com/org/npx-action/internal/graph"
)

// release writes the stage in which a release is downloaded and unpacked. It comes before all others, as a stage can only use earlier ones. Builders
// download by a hash from Docker 25 on, so the step does that itself.
func (f *formatter) release(i int, n graph.Node, op graph.Release) {
	f.heading(n)
	image := f.g.Nodes[f.g.StageOf(op.Tools)].Op.(graph.Image)
	f.line("FROM %s AS release%d", cmp.Or(image.Pinned, image.Ref), f.count)
	f.stages[i] = f.count
	f.count++
	f.line("SHELL %s", array(graph.Shell()...))
	f.line("WORKDIR %s", graph.Dir)
	f.line("USER root")
	for on := op.Tools; on >= 0; on = f.g.On(on) { // the build image, perhaps with the tools on top
		if add, ok := f.g.Nodes[on].Op.(graph.AddDiff); ok {
			f.add(add)
		}
	}
	f.run(op.Alone)
	f.line("")
	f.title = ""
}

// released copies a release to its place.
func (f *formatter) released(i int) {
	f.line("COPY --from=release%d %s/ /", f.stages[i], graph.ReleaseDir)
}

// path puts directories in front of PATH.
func (f *formatter) path(dirs []string) {
	if len(dirs) > 0 {
		f.line(`ENV PATH="%s:$PATH"`, escapeQuoted(strings.Join(dirs, ":")))
	}
}
