package build

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
)

// When an image is tried before it is pushed.
const (
	TrialAuto   = "auto" // a slim one, unless its packages and dependencies have been tried before
	TrialAlways = "always"
	TrialNever  = "never"
)

// wantsTrial reports whether the image is to be tried. A trial needs the whole image on the builder, which a fresh one has to pull: a changed source
// line is not worth that, as it cannot take away what the image needs.
func wantsTrial(t target, l *cache.Lookup) bool {
	switch t.Trial {
	case TrialAlways:
		return true
	case TrialNever:
		return false
	}
	return t.Plan.Plan.Slim() && (l == nil || l.Hit != cache.ExactHit)
}

// How long a program may take until it listens, and to end after SIGTERM. The second is what docker stop gives it.
const (
	patience = 20 * time.Second
	grace    = 10 * time.Second
)

// A trier starts the images of a target on its builder.
type trier struct {
	target
	graph *graph.Graph
	opt   lower.Options
	start builder.Starter
	told  *[]string
}

// Say tells of the trial, for people who follow the build and for the report.
func (t trier) Say(kind, text string) {
	t.target.Say(kind, text)
	*t.told = append(*t.told, text)
}

// newTrial returns what [builder.Request] has as Before: it starts the image, and refuses one that does not start though the file system that the phases
// made does. A program that starts in neither, for want of a database perhaps, is only told of: its image may be right. Told gets
// what was found.
func newTrial(t target, g *graph.Graph, opt lower.Options, told *[]string) func(context.Context, builder.Starter) error {
	if len(g.Config.Cmd) == 0 {
		return nil
	}
	return func(ctx context.Context, start builder.Starter) error {
		*told = nil
		return trier{t, g, opt, start, told}.image(ctx)
	}
}

// image tries the image, first as a cluster would run it that refuses what it can, and where that fails what the phases made.
func (t trier) image(ctx context.Context) error {
	slim, err := t.restricted(ctx)
	switch {
	case err != nil:
		return err
	case slim.Exited && slim.Status == 0 && len(t.graph.Config.Ports) > 0:
		return fault.New(fault.App, &endError{t.graph.Config.Ports, slim.Log}, "let the start command run until it is stopped, or take the port out of the plan")
	case !failed(slim):
		t.tell(slim)
		return nil
	case t.graph.StageOf(t.graph.Image) == t.graph.StageOf(t.graph.AfterPhases):
		t.Say("warning", "the image was started and "+howItRan(slim)+": "+faultLine(slim.Log))
		return nil
	}
	full, err := t.full(ctx)
	if err != nil {
		return err
	}
	if failed(full) {
		t.Say("warning", "the image could not be tried, as its program "+howItRan(full)+" here: "+faultLine(full.Log))
		return nil
	}
	return fault.New(fault.App, &trialError{slim}, "add what it lacks with apt, or take --runtime full")
}

// An endError says that a program ends by itself where the plan says that it serves.
type endError struct {
	ports []string
	log   string
}

func (e *endError) Error() string {
	return fmt.Sprintf("trying the image: its program exited 0, and the plan says that it serves %s\n%s", strings.Join(e.ports, ", "), e.log)
}

// restricted tries the image under the restricted profile if its user is a number, then without, and then as root.
func (t trier) restricted(ctx context.Context) (builder.TrialReport, error) {
	trial, err := t.trial(t.graph)
	switch {
	case err != nil:
		return builder.TrialReport{}, err
	case trial.Writable == nil:
		return t.try(ctx, trial)
	}
	trial.Restricted = trial.Tools != nil
	first, err := t.try(ctx, trial)
	if err != nil || !failed(first) {
		switch {
		case err != nil:
		case first.Bare:
			t.Say("smoke test", "the program kept its rights, and nobody saw its ports: the build image lacks setpriv, find or Bash")
		default:
			t.Say("smoke test", "user "+trial.Config.User+" has no rights, and writes no more than "+strings.Join(trial.Writable, " "))
		}
		return first, err
	}
	trial.Restricted, trial.Writable = false, nil
	second, err := t.try(ctx, trial)
	if err != nil {
		return first, err
	}
	if !failed(second) {
		t.Say("warning", "the image starts, but not with a read-only root and no rights: its program "+howItRan(first)+": "+faultLine(first.Log))
		return second, nil
	}
	trial.Config.User = ""
	third, err := t.try(ctx, trial)
	if err != nil || failed(third) {
		return first, err
	}
	return third, fault.New(fault.App, &userError{t.graph.Config.User, second}, userHint(second.Log))
}

// A userError says that a program starts as root and not as the image's user.
type userError struct {
	user   string
	report builder.TrialReport
}

func (e *userError) Error() string {
	return fmt.Sprintf("trying the image: its program %s as user %s, and starts as root\n%s", howItRan(e.report), e.user, e.report.Log)
}

// userHint says what to do about a program that starts as root alone.
func userHint(log string) string {
	line := strings.ToLower(faultLine(log))
	if strings.Contains(line, "bind") || strings.Contains(line, "listen") || strings.Contains(line, "address") {
		return `let the program listen on PORT or another port from 1024 on, or set user = "root" below [start]`
	}
	return `name the directories that the program writes below [start], as in writable = ["data"], or set user = "root" there`
}

// tell says how the image started.
func (t trier) tell(r builder.TrialReport) {
	t.Say("smoke test", "the image starts: "+howItRan(r))
	if len(r.Ports) > 0 && !slices.ContainsFunc(r.Ports, func(p builder.Port) bool { return !p.Loopback }) {
		t.Say("warning", "the program listens on 127.0.0.1 alone, where nobody outside the container reaches it: let it listen on 0.0.0.0")
	}
	if r.Ignored {
		t.Say("warning", fmt.Sprintf("the program ignores SIGTERM, so an engine kills it after %.0f s: let it end when the signal comes", grace.Seconds()))
	}
}

// trial is the start of the program of a graph's image.
func (t trier) trial(g *graph.Graph) (builder.Trial, error) {
	root, text, err := lower.LLB(g, t.oci(), t.opt)
	if err != nil {
		return builder.Trial{}, err
	}
	trial := builder.Trial{Root: root, Platform: t.oci(), Writable: emptied(g.Config.Writable), Patience: patience, Grace: grace}
	if trial.Config, err = builder.ParseImageConfig(text); err != nil {
		return trial, err
	}
	if builder.HasTools(trial.Platform) {
		trial.Tools, err = lower.Node(g, g.Base, trial.Platform, t.opt) // the build image, which the builder has by now
	}
	return trial, err
}

// emptied are the directories that are empty in a trial, as in a cluster. The app's own stays as it is.
func emptied(dirs []string) []string {
	return slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return dir == graph.Dir })
}

// try makes a trial.
func (t trier) try(ctx context.Context, trial builder.Trial) (builder.TrialReport, error) {
	report, err := t.start(ctx, trial)
	if err != nil {
		return report, fmt.Errorf("trying the image: %w", err)
	}
	return report, nil
}

// full tries what the phases made, as root.
func (t trier) full(ctx context.Context) (builder.TrialReport, error) {
	trial, err := t.trial(t.graph.Full())
	if err != nil {
		return builder.TrialReport{}, err
	}
	trial.Config.User, trial.Writable = "", nil
	return t.try(ctx, trial)
}

// failed reports whether a program ended with an error.
func failed(r builder.TrialReport) bool { return r.Exited && r.Status != 0 }

// howItRan says what a program did, such as "listening on 3000, ended 0.1 s after SIGTERM".
func howItRan(r builder.TrialReport) string {
	if r.Exited {
		return fmt.Sprintf("exited %d", r.Status)
	}
	how := "running"
	for i, p := range r.Ports {
		if i == 0 {
			how = "listening on " + p.String()
		} else {
			how += ", " + p.String()
		}
	}
	if r.Ignored {
		return how + ", ignores SIGTERM"
	}
	return fmt.Sprintf("%s, ended %.1f s after SIGTERM", how, r.Ended.Seconds())
}

// A trialError says that a program starts where it was built and not in its image.
type trialError struct{ slim builder.TrialReport }

func (e *trialError) Error() string {
	return fmt.Sprintf("trying the slim image: its program %s, and does not in the full image\n%s", howItRan(e.slim), e.slim.Log)
}

// solveTried builds, and if the image is pruned and does not start, builds it once more with all that was installed.
func solveTried(ctx context.Context, conn Builder, d *draft) error {
	err := solve(ctx, conn, d)
	refused, ok := errors.AsType[*trialError](err)
	if !ok || d.Plan.Unpruned == nil {
		return err
	}
	d.Say("warning", fmt.Sprintf("the image is built once more with all that was installed, as its program %s in the smaller image: %s. "+
		"List as a dependency what it needs to run", howItRan(refused.slim), faultLine(refused.slim.Log)))
	d.Plan.Plan, d.Plan.Unpruned = *d.Plan.Unpruned, nil
	if d.graph, err = newGraph(d.App, d.Spec, d.recipe, false); err != nil {
		return err
	}
	if d.recipe, err = pinBases(ctx, d.target, d.recipe); err != nil {
		return err
	}
	return solve(ctx, conn, d)
}

// faults are what the line of a log has that says why a program ended: below it, many print where they are.
var faults = []string{"error:", "exception:", "cannot ", "not found", "no such file"}

// faultLine is the first line of a log that tells of a fault, else the last line.
func faultLine(log string) string {
	for line := range strings.Lines(log) {
		if slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(strings.ToLower(line), f) }) {
			return strings.TrimSpace(line)
		}
	}
	return log[strings.LastIndexByte(log, '\n')+1:]
}
