package project

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/sbom"
	"github.com/org/npx-action/internal/source"
)

// Describe starts a report with what planning found.
func Describe(result planner.Result) report.Report {
	r := report.Report{App: result.Subdirectory, Plan: result.Plan, Warnings: Warnings(result), Detected: detections(result), Origins: origins(result),
		Scripts: scripts(result)}
	for _, n := range result.Notes {
		r.Notes = append(r.Notes, n.String())
	}
	return r
}

// Contrast adds to a report what planning found of the commit to compare with, and how the files of both commits differ.
func Contrast(r *report.Report, rev string, base, head planner.Result) {
	r.Base = &report.Base{SHA: rev, Plan: base.Plan, Warnings: Warnings(base), Detected: detections(base), Origins: origins(base), Scripts: scripts(base)}
	was, is := side(base), side(head)
	list, alone, warnings := sbom.Compare(was, is)
	for _, d := range list {
		r.Dependencies = append(r.Dependencies, report.Dependency(d))
	}
	for _, p := range sbom.NewPlaces(was, is) {
		r.Places = append(r.Places, report.Place(p))
	}
	for _, p := range sbom.Replaced(was, is) {
		r.Replaced = append(r.Replaced, report.Replacement(p))
	}
	r.NewLocks, r.Warnings = alone, append(r.Warnings, warnings...)
	before, err := partsOfKey(base)
	if err != nil {
		return // a file that cannot be read has its error where it is needed
	}
	if now, err := partsOfKey(head); err == nil {
		r.NewKey = new(now.Differs(before))
	}
}

func side(result planner.Result) sbom.Side {
	s := sbom.Side{Tree: result.Tree, Locks: result.Locks}
	for _, d := range result.Downloads {
		s.Downloads = append(s.Downloads, sbom.Download(d))
	}
	return s
}

// partsOfKey are the parts of the cache's key that follow from a commit's files.
func partsOfKey(result planner.Result) (cache.Parts, error) {
	files, err := planner.KeyFiles(result)
	if err != nil {
		return nil, err
	}
	return cache.NewKey(cache.Inputs{Plan: result.Plan, Base: strings.Join(result.Plan.BuildImages(), "+"), Files: files}).Parts, nil
}

func detections(result planner.Result) []report.Detection {
	var list []report.Detection
	for _, d := range result.Detected {
		list = append(list, report.Detection{Provider: d.Provider, Reason: d.Reason})
	}
	return list
}

func scripts(result planner.Result) []report.Script {
	var list []report.Script
	for _, s := range planner.Scripts(result.Plan, result.Tree) {
		list = append(list, report.Script(s))
	}
	return list
}

func origins(result planner.Result) []report.Origin {
	var list []report.Origin
	for _, o := range result.Origins {
		list = append(list, report.Origin{Fact: o.Fact, By: o.By, File: o.File, Line: o.Line, Why: o.Why})
	}
	return list
}

// An Archiver is a forge that has commits which a shallow clone lacks. It returns a gzipped tarball.
type Archiver interface {
	Archive(ctx context.Context, sha string) (io.ReadCloser, error)
}

// What a comparison may lack: the app in the base commit, or a repository.
var (
	errNewApp       = errors.New("the app is new")
	ErrNoRepository = errors.New("the app is not in a git repository")
)

// Compare adds the plan of a base commit, made from the same options by the same function. The report says also why there is
// none; an error is one that somebody who typed the revision can mend.
func Compare(ctx context.Context, r *report.Report, in planner.Input, head planner.Result, dir, rev string, forge Archiver) error {
	if rev == "" {
		return nil
	}
	base, err := planAt(ctx, in, dir, rev, forge)
	if err != nil {
		r.BaseError = err.Error()
		if errors.Is(err, git.ErrMissing) || errors.Is(err, git.ErrRevision) || errors.Is(err, ErrNoRepository) {
			return err
		}
		return nil
	}
	Contrast(r, rev, base, head)
	return nil
}

func planAt(ctx context.Context, in planner.Input, dir, rev string, forge Archiver) (planner.Result, error) {
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
func filesAt(ctx context.Context, dir, rev string, forge Archiver) (fs.FS, error) {
	repo, err := git.Open(dir)
	if errors.Is(err, git.ErrNoRepository) {
		return nil, ErrNoRepository
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
