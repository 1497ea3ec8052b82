package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/source"
)

// A sample is the text of a comment or of a summary.
type sample struct{ name, text string }

// An edit is what a commit does to a file: old becomes new. An empty old makes the file.
type edit struct{ file, old, new string }

// samples are all that there is to look at.
func samples(ctx context.Context, apps string) ([]sample, error) {
	node := app{dir: filepath.Join(apps, "node"), edits: []edit{
		{"package.json", `"node": "22"`, `"node": "20"`},
	}}
	risky := app{dir: node.dir, name: "services/guestbook", edits: []edit{
		{"package.json", `"node": "22"`, `"node": "20"`},
		{"nixpacks.toml", "", ""},
	}, head: []edit{{"nixpacks.toml", "", `[phases.setup]
aptPkgs = ["libvips42"]
[phases.fonts]
dependsOn = ["setup"]
cmds = ["curl -fsSL https://fonts.example.com/inter.tar.gz | tar -xz -C /usr/share/fonts"]
[phases.install]
secrets = ["NPM_TOKEN"]
[variables]
LOG_LEVEL = "debug"
[start]
cmd = "node --enable-source-maps dist/server.js"
`}}}
	var all []sample
	var err error
	add := func(name string, a app, f func(report.Report) string) {
		r, rerr := a.report()
		err = errors.Join(err, rerr)
		if rerr == nil {
			all = append(all, sample{name, f(r)})
		}
	}
	comment := func(r report.Report) string { return r.Comment(report.Limit) }
	add("comment", node, comment) // the page on the comment has it, so it holds no figure that a build measures
	for level := range report.Levels {
		add(fmt.Sprint("level-", level), risky, func(r report.Report) string { r.Build = built(r, ""); return r.AtLevel(level) })
	}
	add("unchanged", app{dir: node.dir}, comment)
	add("first", app{dir: filepath.Join(apps, "django"), alone: true}, func(r report.Report) string {
		r.Build = built(r, "")
		r.Build.Before = nil
		return comment(r)
	})
	add("planned", node, func(r report.Report) string {
		r.NotBuilt = "the code comes from a fork, or a bot without rights; it is done after the merge, or on branches of this repository"
		return comment(r)
	})
	add("failed", node, func(r report.Report) string { r.Build = failed(r); return comment(r) })
	add("moved", app{dir: node.dir}, func(r report.Report) string {
		r.Build = built(r, "")
		r.Build.CacheChanged = []string{"base image", "nix packages"}
		return comment(r)
	})
	add("summary", risky, func(r report.Report) string { r.Build = built(r, "tools"); return r.Summary(report.SummaryLimit) })
	add("summary-failed", node, func(r report.Report) string { r.Build = failed(r); return r.Summary(report.SummaryLimit) })
	if err != nil {
		return nil, err
	}
	more, err := requests(apps)
	if err != nil {
		return nil, err
	}
	shared, err := monorepo(ctx, apps, risky)
	return append(append(all, more...), shared), err
}

// An app is one of test/apps with two commits: the base, which edits make of it, and the head.
type app struct {
	dir   string
	name  string // in its repository, "" for the top
	edits []edit
	head  []edit
	alone bool // there is no base
}

const (
	head = "4f2a9c1be6d3a7780c1f3b9de2a45c6b7d8e9f01"
	base = "b81d0c55e9f2a3746d1c8e7f60a9b3c2d4e5f607"

	files = "https://github.com/acme/shop/blob/"
	job   = "https://github.com/acme/shop/actions/runs/1"
)

func (a app) report() (report.Report, error) {
	result, err := a.plan(a.head)
	if err != nil {
		return report.Report{}, err
	}
	r := project.Describe(result)
	r.App, r.SHA, r.RunURL = ".", head, job
	if a.dir != "" && a.name != "" {
		r.App, r.Name = a.name, path.Base(a.name)
	}
	r.Files = files + head
	if a.alone {
		return r, nil
	}
	before, err := a.plan(a.edits)
	if err != nil {
		return report.Report{}, err
	}
	project.Contrast(&r, base, before, result)
	r.Base.Branch = "main"
	return r, nil
}

func (a app) plan(edits []edit) (planner.Result, error) {
	tree, err := a.tree(edits)
	if err != nil {
		return planner.Result{}, err
	}
	return planner.Make(planner.Input{Tree: tree, Arch: "x86_64"})
}

func (a app) tree(edits []edit) (*source.Tree, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(a.dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(a.dir, name))
		files[name] = &fstest.MapFile{Data: text, Mode: 0o644}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		text := e.new
		if old, ok := files[e.file]; ok {
			text = strings.Replace(string(old.Data), e.old, e.new, 1)
			if text == string(old.Data) {
				return nil, fmt.Errorf("editing %s: it has no %s", e.file, e.old)
			}
		}
		files[e.file] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return source.New(files, filepath.Base(a.dir), source.Limits{})
}

// built is a build with the steps of the plan's own graph. The parts before the named one are cached; times and sizes follow from the
// names of steps, so that each page is the same every time.
func built(r report.Report, from string) *report.Build {
	b := &report.Build{
		Digest: "sha256:" + strings.Repeat("4f2a9c1b", 8), Tags: []string{"ghcr.io/acme/shop:pr-42"}, Pushed: true, Cache: "partial",
		CacheWhy: "changed since the last cache: package.json", CacheKey: strings.Repeat("0c9d", 8),
		CacheFrom: []string{"ghcr.io/acme/shop/cache:npx1-linux-amd64-b-main"}, Image: &report.Image{}, Before: &report.Image{Size: 171e6, Layers: make([]report.Layer, 6)},
	}
	g, err := graph.New(r.Plan, graph.Options{})
	if err != nil {
		b.Failure = err.Error()
		return b
	}
	cached := from != ""
	var at time.Duration
	for _, n := range g.Nodes {
		h := fnv.New32()
		h.Write([]byte(n.Name))
		cached = cached && n.Tag() != from
		s := report.Step{Part: n.Tag(), Name: n.Name, Counts: true, Cached: cached, Start: at}
		if _, isRun := n.Op.(graph.Run); isRun && !cached {
			s.Duration = time.Duration(h.Sum32()%14000) * time.Millisecond
			b.Image.Layers = append(b.Image.Layers, report.Layer{Digest: fmt.Sprintf("sha256:%08x%08x", h.Sum32(), h.Sum32()), Size: int64(h.Sum32() % 90e6), By: n.Name})
			b.Image.Size += int64(h.Sum32() % 90e6)
		}
		at += s.Duration
		b.Steps = append(b.Steps, s)
	}
	b.Steps = append(b.Steps, report.Step{Name: "exporting to image", Start: at, Duration: 2400 * time.Millisecond})
	b.Duration = at + 2400*time.Millisecond
	return b
}

// failed is a build whose install phase failed.
func failed(r report.Report) *report.Build {
	b := built(r, "")
	b.Image, b.Pushed, b.Failed = nil, false, "install"
	b.Failure = `building: running "npm ci": exit status 1

npm error code EUSAGE
npm error
npm error ` + "`npm ci`" + ` can only install packages when your package.json and package-lock.json are in sync.
npm error Missing: zod@3.24.1 from lock file`
	for i, s := range b.Steps {
		if s.Part == "install" && s.Duration > 0 {
			b.Steps = b.Steps[:i+1]
			b.Duration = s.Start + s.Duration
			break
		}
	}
	return b
}
