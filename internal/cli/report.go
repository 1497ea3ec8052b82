package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"context"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/source"
)

// Describe starts a report with what planning found.
func Describe(result planner.Result) report.Report {
	r := report.Report{App: result.Subdirectory, Plan: result.Plan, Warnings: result.Warnings}
	for _, d := range result.Detected {
		r.Detected = append(r.Detected, report.Detection{Provider: d.Provider, Reason: d.Reason})
	}
	r.Origins = origins(result)
	for _, n := range result.Notes {
		r.Notes = append(r.Notes, n.String())
	}
	return r
}

func origins(result planner.Result) []report.Origin {
	var list []report.Origin
	for _, o := range result.Origins {
		list = append(list, report.Origin{Fact: o.Fact, By: o.By, File: o.File, Line: o.Line, Why: o.Why})
	}
	return list
}

// An archiver is a forge that has commits which a shallow clone lacks. It returns a gzipped tarball.
type archiver interface {
	Archive(ctx context.Context, sha string) (io.ReadCloser, error)
}

// What a comparison may lack: the app in the base commit, or a repository.
var (
	errNewApp       = errors.New("the app is new")
	errNoRepository = errors.New("the app is not in a git repository")
)

// compare adds the plan of a base commit, made from the same options by the same function. The report says also why there is
// none; an error is one that somebody who typed the revision can mend.
func compare(ctx context.Context, r *report.Report, in planner.Input, dir, rev string, forge archiver) error {
	if rev == "" {
		return nil
	}
	base, err := planAt(ctx, in, dir, rev, forge)
	if err != nil {
		r.BaseError = err.Error()
		if errors.Is(err, git.ErrMissing) || errors.Is(err, errNoRepository) {
			return err
		}
		return nil
	}
	r.Base = &report.Base{SHA: rev, Plan: base.Plan, Origins: origins(base)}
	return nil
}

func planAt(ctx context.Context, in planner.Input, dir, rev string, forge archiver) (planner.Result, error) {
	files, err := filesAt(ctx, dir, rev, forge)
	if errors.Is(err, fs.ErrNotExist) {
		return planner.Result{}, fmt.Errorf("%w since %s", errNewApp, rev)
	}
	if err != nil {
		return planner.Result{}, err
	}
	if in.Tree, err = source.New(files, in.Tree.Name(), source.Limits{}); err != nil {
		return planner.Result{}, err
	}
	return planner.Make(in)
}

// filesAt reads a commit from the clone, or from the forge if the clone is shallow.
func filesAt(ctx context.Context, dir, rev string, forge archiver) (fs.FS, error) {
	repo, err := git.Open(dir)
	if errors.Is(err, git.ErrNoRepository) {
		return nil, errNoRepository
	}
	if err != nil {
		return nil, err
	}
	files, err := repo.Tree(rev, repo.Prefix())
	if forge == nil || !errors.Is(err, git.ErrMissing) {
		return files, err
	}
	archive, err := forge.Archive(ctx, rev)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	files, err = git.FromTarball(archive, git.Limits{})
	if err != nil || repo.Prefix() == "." {
		return files, err
	}
	return fs.Sub(files, repo.Prefix())
}

// buildReport says how a build went; err is its error.
func buildReport(im *image, out outcome, notPushed string, err error) *report.Build {
	b := &report.Build{Digest: out.Digest, Tags: im.refs, Pushed: im.push && err == nil, Duration: out.duration, NotPush: notPushed,
		Promoted: out.promoted, Steps: reportSteps(out.Steps)}
	if l := out.lookup; l != nil {
		b.Cache, b.CacheWhy, b.CacheKey, b.CacheFrom, b.CacheChanged = string(l.Hit), l.Why, l.Key.Exact, l.Import, l.Changed
		if out.CacheExported {
			b.CacheTo = l.Export
		}
	}
	if b.Pushed {
		b.Attested = im.attested()
	}
	if err != nil {
		b.Failure = failureText(err)
		if step, ok := errors.AsType[*builder.StepError](err); ok {
			b.Failed = reportStep(builder.Step{Name: step.Name}).Part
		}
	}
	return b
}

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

// colours are what a program writes to have text in colour, which the end of its output is quoted without.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// failureText is the error, and of a failed step the end of its output.
func failureText(err error) string {
	var step *builder.StepError
	if errors.As(err, &step) && len(step.Tail) > 0 {
		return err.Error() + "\n\n" + colours.ReplaceAllString(strings.Join(step.Tail, "\n"), "")
	}
	return err.Error()
}
