package build_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
)

// The ways in which programs start.
var (
	listening = builder.TrialReport{Ports: []builder.Port{{Number: 3000}}, Ended: 100 * time.Millisecond}
	running   = builder.TrialReport{Ended: 100 * time.Millisecond}
	missing   = builder.TrialReport{Exited: true, Status: 1, Log: "starting\nno such file"}
	alone     = builder.TrialReport{Exited: true, Status: 1, Log: "no database"}
	wellEnded = builder.TrialReport{Exited: true}
)

const listens = "listening on 3000, ended 0.1 s after SIGTERM"

func TestASlimImageThatDoesNotStartIsNotPushed(t *testing.T) {
	for name, tt := range map[string]struct {
		slim, full builder.TrialReport
		trials     int
		fails      bool
		said       string
	}{
		"it starts":               {running, listening, 1, false, "smoke test: the image starts: running, ended 0.1 s after SIGTERM"},
		"it ignores the signal":   {builder.TrialReport{Ignored: true}, listening, 1, false, "smoke test: the image starts: running, ignores SIGTERM"},
		"it ends well":            {wellEnded, listening, 1, false, "smoke test: the image starts: exited 0"},
		"the full one starts":     {missing, running, 2, true, ""},
		"the full one starts not": {missing, alone, 2, false, "warning: the image could not be tried, as its program exited 1 here: no database"},
	} {
		s := slimmed(t)
		s.bench.info.NoMerges = false
		s.spec.Trial, s.bench.reports = build.TrialAuto, []builder.TrialReport{tt.slim, tt.full}
		out, err := s.run()
		if (err != nil) != tt.fails || len(s.bench.tried) != tt.trials || tt.said != "" && !s.saying(tt.said) {
			t.Errorf("%s: %v, %d trials, said %q", name, err, len(s.bench.tried), s.said)
		}
		if tt.fails && (fault.Status(err) != fault.App || !contains(err, "exited 1, and does not in the full image\nstarting") || out.Digest != "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAServerThatEndsByItselfIsNotPushed has a plan that names a port: an end without an error is one all the same.
func TestAServerThatEndsByItselfIsNotPushed(t *testing.T) {
	s := slimmed(t).change(func(p *plan.Plan) { p.Variables = map[string]string{"PORT": "8080"} })
	s.bench.info.NoMerges = false
	s.spec.Trial, s.bench.reports = build.TrialAuto, []builder.TrialReport{{Exited: true, Log: "forked"}}
	out, err := s.run()
	text, advice := fault.Message(err)
	if fault.Status(err) != fault.App || len(s.bench.tried) != 1 || out.Digest != "" || !strings.Contains(text, "its program exited 0, and the plan says that it serves 8080/tcp\nforked") || advice == "" {
		t.Errorf("%d trials, %s\n%s", len(s.bench.tried), text, advice)
	}
}

// pruned is an app whose image is made smaller by a rule. The pruned image does not start, and the full one does.
func pruned(t *testing.T, again ...builder.TrialReport) *stand {
	t.Helper()
	s := slimmed(t)
	s.bench.info.NoMerges, s.spec.Trial = false, build.TrialAuto
	s.bench.reports = append([]builder.TrialReport{missing, listening}, again...)
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
	s := pruned(t, listening)
	out := s.built()
	if len(s.bench.asked) != 2 || !runs(t, s.bench.asked[0], "npm prune") || runs(t, s.bench.asked[1], "npm prune") || !runs(t, s.bench.asked[1], "npm ci") {
		t.Errorf("%d builds", len(s.bench.asked))
	}
	const want = "warning: the image is built once more with all that was installed, as its program exited 1 in the smaller image: no such file. List as a dependency what it needs to run"
	if !s.saying(want) || !s.saying("smoke test: the image starts: "+listens) || !out.Pushed {
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
		s := pruned(t, listening)
		s.bench.reports[0].Log = log
		s.built()
		if !s.saying("exited 1 in the smaller image: " + want + ". List") {
			t.Errorf("%q: said %q", log, s.said)
		}
	}
}

func TestAnImageThatDoesNotStartUnprunedEitherIsNotPushed(t *testing.T) {
	s := pruned(t, missing, listening)
	out, err := s.run()
	if len(s.bench.asked) != 2 || !contains(err, "its program exited 1, and does not in the full image") || out.Digest != "" {
		t.Errorf("%d builds, %v", len(s.bench.asked), err)
	}
}

func TestAPrunedImageIsTriedAgainThoughItsPackagesWereTriedUnpruned(t *testing.T) {
	s := pruned(t, listening, missing, listening, listening).withCache("{}")
	s.built()
	s.bench.tried = nil
	s.built()
	if len(s.bench.tried) != 2 || len(s.bench.asked) != 4 {
		t.Errorf("%d trials, %d builds, said %q", len(s.bench.tried), len(s.bench.asked), s.said)
	}
}

func TestAFullImageIsTriedIfAskedAndOnlyTold(t *testing.T) {
	for trial, trials := range map[string]int{build.TrialAuto: 0, build.TrialNever: 0, build.TrialAlways: 1} {
		s := newStand(t)
		s.spec.Trial, s.bench.reports = trial, []builder.TrialReport{missing}
		s.built()
		if len(s.bench.tried) != trials || s.saying("warning: the image was started and exited 1: no such file") != (trials > 0) {
			t.Errorf("%s: %d trials, said %q", trial, len(s.bench.tried), s.said)
		}
	}
}

func TestAnImageOfTriedPackagesIsNotTriedAgain(t *testing.T) {
	s := slimmed(t).withCache("{}")
	s.bench.info.NoMerges, s.spec.Trial, s.bench.reports = false, build.TrialAuto, []builder.TrialReport{running}
	s.built()
	s.built()
	if len(s.bench.tried) != 1 {
		t.Errorf("%d trials", len(s.bench.tried))
	}
}

func TestATrialThatCannotBeMadeEndsTheBuild(t *testing.T) {
	s := newStand(t)
	s.spec.Trial = build.TrialAlways
	if _, err := s.run(); !contains(err, "trying the image: the builder has no containers") {
		t.Errorf("%v", errors.Unwrap(err))
	}
}

// unprivileged is a slim image whose program runs as a user by number.
func unprivileged(t *testing.T, reports ...builder.TrialReport) *stand {
	t.Helper()
	s := slimmed(t)
	s.bench.info.NoMerges, s.spec.Trial, s.bench.reports = false, build.TrialAuto, reports
	return s.change(func(p *plan.Plan) { p.Start.User = new(plan.Unprivileged) })
}

func TestAProgramIsTriedAsAClusterRunsIt(t *testing.T) {
	s := unprivileged(t, listening)
	s.built()
	if got := s.bench.tried; len(got) != 1 || !got[0].Restricted || got[0].Config.User != "65532" || !slices.Equal(got[0].Writable, []string{"/home/app", "/tmp"}) || got[0].Tools == nil {
		t.Errorf("%+v", got)
	}
	if !s.saying("smoke test: user 65532 has no rights, and writes no more than /home/app /tmp") || !s.saying("smoke test: the image starts: "+listens) {
		t.Errorf("said %q", s.said)
	}
}

func TestAProgramThatNeedsMoreThanAClusterGivesIsToldOf(t *testing.T) {
	s := unprivileged(t, missing, listening)
	if out := s.built(); !out.Pushed || len(s.bench.tried) != 2 || s.bench.tried[1].Restricted || s.bench.tried[1].Writable != nil {
		t.Errorf("pushed %v, %d trials", out.Pushed, len(s.bench.tried))
	}
	if !s.saying("warning: the image starts, but not with a read-only root and no rights: its program exited 1: no such file") {
		t.Errorf("said %q", s.said)
	}
}

func TestAProgramThatStartsAsRootAloneIsNotPushed(t *testing.T) {
	for log, hint := range map[string]string{
		"Error: EACCES: permission denied, mkdir '/app/data'":    `name the directories that the program writes below [start], as in writable = ["data"]`,
		"Error: listen EACCES: permission denied 0.0.0.0:80":     "let the program listen on PORT or another port from 1024 on",
		"OSError: cannot bind to 0.0.0.0:443: Permission denied": "let the program listen on PORT or another port from 1024 on",
	} {
		denied := builder.TrialReport{Exited: true, Status: 1, Log: log}
		s := unprivileged(t, denied, denied, listening)
		out, err := s.run()
		text, advice := fault.Message(err)
		if fault.Status(err) != fault.App || !strings.Contains(text, "its program exited 1 as user 65532, and starts as root\n"+log) || !strings.HasPrefix(advice, hint) || out.Digest != "" {
			t.Errorf("%s\n%s", text, advice)
		}
		if got := s.bench.tried[2].Config.User; got != "" {
			t.Errorf("the third trial is of user %q", got)
		}
	}
}

func TestAProgramThatStartsNowhereIsTriedInTheFullImageAsRoot(t *testing.T) {
	s := unprivileged(t, alone, alone, alone, alone)
	if out := s.built(); !out.Pushed || len(s.bench.tried) != 4 || s.bench.tried[3].Config.User != "" {
		t.Errorf("pushed %v, %d trials", out.Pushed, len(s.bench.tried))
	}
}

func TestAProgramOfOneMachineIsToldOf(t *testing.T) {
	s := unprivileged(t, builder.TrialReport{Ports: []builder.Port{{Number: 3000, Loopback: true}}, Ignored: true})
	s.built()
	for _, want := range []string{"warning: the program listens on 127.0.0.1 alone", "warning: the program ignores SIGTERM, so an engine kills it after 10 s"} {
		if !slices.ContainsFunc(s.said, func(said string) bool { return strings.HasPrefix(said, want) }) {
			t.Errorf("no %q in %q", want, s.said)
		}
	}
}
