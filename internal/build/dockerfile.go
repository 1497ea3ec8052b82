package build

import (
	"errors"
	"strings"

	"github.com/org/npx-action/internal/dockerfile"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/planner"
)

// A File is one that is written beside a Dockerfile, or is that.
type File = graph.File

// Dockerfile is the Dockerfile of a spec for the first platform, and the files that it needs, with itself among them.
func Dockerfile(spec Spec) (text string, files []File, err error) {
	app := spec.Apps[0]
	g, err := newGraph(app, spec, recipe{}, false)
	if err != nil {
		return "", nil, err
	}
	if err := writable(g, app.Plan); err != nil {
		return "", nil, err
	}
	text, files = dockerfile.Format(g)
	return text, append(files, File{Path: dockerfile.Path, Content: text}), nil
}

// DockerfilePath is where the Dockerfile stands among its files.
const DockerfilePath = dockerfile.Path

// writable refuses what no Dockerfile can say, and names where the plan got it.
func writable(g *graph.Graph, result planner.Result) error {
	err := dockerfile.Check(g)
	var trouble *dockerfile.Error
	if !errors.As(err, &trouble) {
		return err
	}
	for _, o := range result.Origins {
		if o.Phase == trouble.Phase && o.Field == trouble.Field && (trouble.Value == "" || strings.HasSuffix(trouble.Value, strings.TrimPrefix(o.Value, "~"))) {
			return fault.Usage(trouble.Hint, "%s: %w", o.Source(), err)
		}
	}
	return fault.Usage(trouble.Hint, "%w", err)
}
