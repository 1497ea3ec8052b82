package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

// lock is the edit by which a package of package-lock.json was of another version, "" for none of it.
func lock(name, is, was string) edit {
	const entry = "\"node_modules/%s\": {\n      \"version\": %q"
	if was == "" {
		return edit{"package-lock.json", fmt.Sprintf(entry, name, is), strings.Replace(fmt.Sprintf(entry, name, is), "node_modules/", "", 1)}
	}
	return edit{"package-lock.json", fmt.Sprintf(entry, name, is), fmt.Sprintf(entry, name, was)}
}

// requests are the pull requests that a comment is judged by, each as a reviewer meets it.
func requests(apps string) ([]sample, error) {
	dir := filepath.Join(apps, "node")
	const toml = "[phases.setup]\naptPkgs = [%s]\n"
	bumped := []edit{
		lock("express", "4.22.3", "4.21.2"), lock("body-parser", "1.20.9", "1.20.3"), lock("qs", "6.16.2", "6.13.0"), lock("nanoid", "5.1.16", "4.0.2"),
		lock("pino", "9.14.0", "8.21.0"), lock("pino-http", "10.3.0", "9.0.0"), lock("helmet", "8.3.0", "8.0.0"), lock("process-warning", "4.0.1", "3.0.0"),
		lock("zod", "3.24.1", ""), lock("on-exit-leak-free", "2.1.2", ""), lock("raw-body", "2.5.3", "2.5.2"), lock("safe-stable-stringify", "2.5.0", "2.4.3"),
	}
	var all []sample
	for _, t := range []struct {
		name string
		app  app
		from string  // the part from which on steps ran, "" for all of them
		was  float64 // the size of the image before, in bytes, 0 for unknown
	}{
		{"version-bump", app{dir: dir, edits: []edit{{"package.json", `"node": "22"`, `"node": "20"`}}}, "", 171e6},
		{"new-package", app{dir: dir, edits: []edit{{"nixpacks.toml", "", fmt.Sprintf(toml, `"..."`)}}, head: []edit{{"nixpacks.toml", "", fmt.Sprintf(toml, `"...", "libvips42"`)}}}, "apt", 171e6},
		{"start-command", app{dir: dir, head: []edit{{"package.json", `"start": "node dist/server.js"`, `"start": "node --enable-source-maps  dist/server.js"`}}}, "build", 171e6},
		{"dependencies", app{dir: dir, edits: bumped}, "install", 171e6},
		{"nothing", app{dir: dir}, "build", 171e6},
		{"first", app{dir: filepath.Join(apps, "django"), alone: true}, "", 0},
	} {
		r, err := t.app.report()
		if err != nil {
			return nil, err
		}
		r.Build = built(r, t.from)
		r.Build.Before = nil
		if t.was > 0 {
			r.Build.Before = &report.Image{Size: int64(t.was), Layers: make([]report.Layer, 6)}
			r.Build.BeforeCost = &report.Cost{Duration: 38 * time.Second, Bytes: 96e6}
		}
		if t.app.alone {
			r.BaseError = "the app is new since " + base
		}
		all = append(all, sample{"request-" + t.name, r.Comment(report.Limit)})
	}
	broken, err := broken(app{dir: dir, head: []edit{{"nixpacks.toml", "", "[phases.setup]\naptPkgs = [\"libvips42\"]\n\n[phases.build]\ncmds = \"npm run build\"\n"}}})
	if err != nil {
		return nil, err
	}
	return append(all, sample{"request-broken", broken.Comment(report.Limit)}), nil
}

// broken is the report on an app that cannot be planned.
func broken(a app) (report.Report, error) {
	tree, err := a.tree(a.head)
	if err != nil {
		return report.Report{}, err
	}
	_, err = planner.Make(planner.Input{Tree: tree, Arch: "x86_64"})
	if err == nil {
		return report.Report{}, fmt.Errorf("planning %s: a mistake is expected", a.dir)
	}
	r := report.Report{App: ".", SHA: head, RunURL: job, Files: files + head, Problem: project.Problem(err, tree)}
	return r, nil
}
