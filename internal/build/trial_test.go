package build_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
)

// left is what a program leaves that is tried: how it ended, and its output.
func left(slim, full string) map[string]string {
	return map[string]string{graph.SmokeStatus: slim, graph.SmokeLog: "starting\nno such file", "full " + graph.SmokeStatus: full, "full " + graph.SmokeLog: "no database"}
}

func TestASlimImageThatDoesNotStartIsNotPushed(t *testing.T) {
	for name, tt := range map[string]struct {
		slim, full string
		reads      int
		fails      bool
		said       string
	}{
		"it starts":               {"running", "", 1, false, "smoke test: the image starts: running"},
		"it ends well":            {"exited 0", "", 1, false, "smoke test: the image starts: exited 0"},
		"the full one starts":     {"exited 127", "running", 2, true, ""},
		"the full one starts not": {"exited 1", "exited 1", 2, false, "warning: the image could not be tried, as its program exited 1 here: no database"},
	} {
		s := slimmed(t)
		s.bench.info.NoMerges = false
		s.spec.Trial, s.bench.files = build.TrialAuto, left(tt.slim, tt.full)
		out, err := s.run()
		if (err != nil) != tt.fails || s.bench.reads != tt.reads || tt.said != "" && !s.saying(tt.said) {
			t.Errorf("%s: %v, %d reads, said %q", name, err, s.bench.reads, s.said)
		}
		if tt.fails && (fault.Status(err) != fault.App || !contains(err, "exited 127, and does not in the full image\nstarting") || out.Digest != "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// pruned is an app whose image is made smaller by a rule.
func pruned(t *testing.T, again string) *stand {
	t.Helper()
	s := slimmed(t)
	s.bench.info.NoMerges, s.spec.Trial = false, build.TrialAuto
	s.bench.files = left("exited 1", "listening")
	s.bench.files["again "+graph.SmokeStatus], s.bench.files["again "+graph.SmokeLog] = again, ""
	return s.change(func(p *plan.Plan) {
		p.Phases["install"] = plan.Phase{Cmds: []string{"npm ci"}}
		s.spec.Apps[0].Plan.Unpruned = new(*p)
		p.Phases = maps.Clone(p.Phases)
		p.Phases["install"] = plan.Phase{Cmds: []string{"npm ci"}, PruneCmds: []string{"npm prune --omit=dev"}}
	})
}

// runs reports whether a request runs a command.
func runs(t *testing.T, req builder.Request, command string) bool {
	t.Helper()
	return slices.ContainsFunc(req.Definition.Def, func(op []byte) bool { return strings.Contains(string(op), command) })
}

func TestAPrunedImageThatDoesNotStartIsBuiltUnpruned(t *testing.T) {
	s := pruned(t, "listening")
	out := s.built()
	if len(s.bench.asked) != 2 || !runs(t, s.bench.asked[0], "npm prune") || runs(t, s.bench.asked[1], "npm prune") || !runs(t, s.bench.asked[1], "npm ci") {
		t.Errorf("%d builds", len(s.bench.asked))
	}
	const want = "warning: the image is built once more with the development dependencies, as its program exited 1 without them: no such file; list as a dependency what it needs to run"
	if !s.saying(want) || !s.saying("smoke test: the image starts: listening") || !out.Pushed {
		t.Errorf("said %q, pushed %v", s.said, out.Pushed)
	}
}

func TestAWarningNamesTheFaultAndNotTheEndOfALog(t *testing.T) {
	for log, want := range map[string]string{
		"node:internal\n  throw err;\n\nError: Cannot find module 'x'\n    at a\n\nNode.js v22.1.0":     "Error: Cannot find module 'x'",
		"Traceback (most recent call last):\n  File \"a.py\"\nModuleNotFoundError: No module named 'x'": "ModuleNotFoundError: No module named 'x'",
		"/bin/bash: line 1: tsx: command not found":                                                     "/bin/bash: line 1: tsx: command not found",
		"waiting\nno database": "no database",
		"":                     "",
	} {
		s := pruned(t, "listening")
		s.bench.files[graph.SmokeLog] = log
		s.built()
		if !s.saying("exited 1 without them: " + want + "; list") {
			t.Errorf("%q: said %q", log, s.said)
		}
	}
}

func TestAnImageThatDoesNotStartUnprunedEitherIsNotPushed(t *testing.T) {
	s := pruned(t, "exited 7")
	out, err := s.run()
	if len(s.bench.asked) != 2 || !contains(err, "its program exited 7, and does not in the full image") || out.Digest != "" {
		t.Errorf("%d builds, %v", len(s.bench.asked), err)
	}
}

func TestAPrunedImageIsTriedAgainThoughItsPackagesWereTriedUnpruned(t *testing.T) {
	s := pruned(t, "listening").withCache("{}")
	s.built()
	s.bench.reads = 0
	s.built()
	if s.bench.reads != 2 || len(s.bench.asked) != 4 {
		t.Errorf("%d trials, %d builds, said %q", s.bench.reads, len(s.bench.asked), s.said)
	}
}

func TestAFullImageIsTriedIfAskedAndOnlyTold(t *testing.T) {
	for trial, reads := range map[string]int{build.TrialAuto: 0, build.TrialNever: 0, build.TrialAlways: 1} {
		s := newStand(t)
		s.spec.Trial, s.bench.files = trial, left("exited 1", "")
		s.built()
		if s.bench.reads != reads || s.saying("warning: the image was started and exited 1: no such file") != (reads > 0) {
			t.Errorf("%s: %d reads, said %q", trial, s.bench.reads, s.said)
		}
	}
}

func TestAnImageOfTriedPackagesIsNotTriedAgain(t *testing.T) {
	s := slimmed(t).withCache("{}")
	s.bench.info.NoMerges, s.spec.Trial, s.bench.files = false, build.TrialAuto, left("running", "")
	s.built()
	s.built()
	if s.bench.reads != 1 {
		t.Errorf("%d trials", s.bench.reads)
	}
}

func TestATrialThatCannotBeReadEndsTheBuild(t *testing.T) {
	s := newStand(t)
	s.spec.Trial = build.TrialAlways
	if _, err := s.run(); !contains(err, "trying the image: there is no file") {
		t.Errorf("%v", errors.Unwrap(err))
	}
}
