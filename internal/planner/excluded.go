package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// exclusions are the app's .dockerignore, and which files of phases it was found to keep out.
type exclusions struct {
	source.Excluded
	phases map[string][]string
}

// newExclusions reads the file. In edition 1.39 one with a mistake does not end the planning: Nixpacks does not read it.
func newExclusions(tree *source.Tree, compat139 bool) (*exclusions, error) {
	excluded, err := tree.Excluded()
	if compat139 {
		err = nil
	}
	return &exclusions{excluded, map[string][]string{}}, err
}

// without returns the files of a phase that the build sees, and keeps in mind the files that it does not.
func (e *exclusions) without(phase string, files []string) []string {
	if !slices.ContainsFunc(files, e.Has) {
		return files
	}
	seen := []string{} // which is not nil: that would be the whole app
	for _, file := range files {
		switch {
		case !e.Has(file):
			seen = append(seen, file)
		case !slices.Contains(e.phases[phase], file):
			e.phases[phase] = append(e.phases[phase], file)
		}
	}
	return seen
}

// plan is p with phases that name no excluded file.
func (e *exclusions) plan(p plan.Plan) plan.Plan {
	p.Phases = maps.Clone(p.Phases)
	for name, phase := range plan.Sorted(p.Phases) {
		phase.OnlyIncludeFiles = e.without(name, phase.OnlyIncludeFiles)
		p.Phases[name] = phase
	}
	return p
}

// warnings tell of each phase that reads files which stay out.
func (e *exclusions) warnings() []string {
	var list []string
	for phase, files := range plan.Sorted(e.phases) {
		list = append(list, fmt.Sprintf("%s: the phase %s does not get %s, which this file excludes. "+
			"Give the phase a token as a secret, and take out of this file what the phase needs", source.Dockerignore, phase, strings.Join(files, ", ")))
	}
	return list
}
