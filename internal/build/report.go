package build

import (
	"errors"
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/report"
)

// Report says how a build went; err is its error.
func (out Outcome) Report(notPushed string, err error) *report.Build {
	b := &report.Build{Digest: out.Digest, Tags: out.Names, Pushed: out.Pushed && err == nil, Duration: out.Duration, NotPush: notPushed,
		Promoted: out.Promoted, Trial: out.Trial, Steps: reportSteps(out.Steps)}
	if l := out.Lookup; l != nil {
		b.Cache, b.CacheWhy, b.CacheKey, b.CacheFrom, b.CacheChanged = string(l.Hit), l.Why, l.Key.Exact, l.Import, l.Changed
		if out.CacheExported {
			b.CacheTo = l.Export
		}
	}
	if b.Pushed {
		b.Attested = out.Attested
	}
	if err != nil {
		b.Failure = fault.Text(err)
		if step, ok := errors.AsType[*builder.StepError](err); ok {
			b.Failed = reportStep(builder.Step{Name: step.Name}).Part
		}
	}
	return b
}

// reportSteps are the steps of a build for a report.
func reportSteps(steps []builder.Step) []report.Step {
	var list []report.Step
	for _, s := range steps {
		list = append(list, reportStep(s))
	}
	return list
}

// reportStep is a step with its part, which begins the name of those that package lower makes.
func reportStep(s builder.Step) report.Step {
	step := report.Step{Name: s.Name, Counts: s.InGraph, Cached: s.Cached, Start: s.Start, Duration: s.Duration, Bytes: s.Bytes}
	if tag, ok := strings.CutPrefix(s.Name, "["); ok {
		if part, name, ok := strings.Cut(tag, "] "); ok {
			step.Part, step.Name = part, name
		}
	}
	return step
}

// Timeline shows how long the steps of a build took, for a terminal or a log.
func (out Outcome) Timeline() string { return report.Timeline(reportSteps(out.Steps)) }
