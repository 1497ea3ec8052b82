package graph

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// withoutIgnored takes out of each phase's list the app files that the build does not see: a copy of one would fail. A list that
// names nothing else stays a list, because no list means the whole app.
func (b *builder) withoutIgnored() error {
	ignored, err := source.NewExcluded(b.opt.Ignore)
	if err != nil {
		return err
	}
	b.plan.Phases = maps.Clone(b.plan.Phases)
	for name, phase := range plan.Sorted(b.plan.Phases) {
		if slices.ContainsFunc(phase.OnlyIncludeFiles, ignored.Has) {
			phase.OnlyIncludeFiles = slices.DeleteFunc(slices.Clone(phase.OnlyIncludeFiles), ignored.Has)
			b.plan.Phases[name] = phase
		}
	}
	return nil
}
