// Package job does what a job of GitHub or GitLab is there for: it plans, builds, pushes if the event says so, and tells the pull request.
package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/forge"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/reserved"
	"github.com/org/npx-action/internal/rules"
)

// A Job is a job of GitHub or GitLab, as far as it has come: each step gives one that knows more.
type Job struct {
	ci.Job
	world   World
	options project.Options  // that its app is planned by
	thread  forge.Thread     // the conversation of its pull request; nil if there is none
	archive project.Archiver // the forge, which has commits that a shallow clone lacks; nil if there is none
}

func (j Job) env() build.Environment {
	e := j.world.env()
	e.Verbose = j.options.Verbose()
	return e
}

// checkout is where the job's repository is checked out.
func (j Job) checkout() string { return cmp.Or(j.Dir, j.world.Dir) }

// run plans, builds, pushes if the event says so, and tells the pull request. A comment that cannot be written does not fail the job; the summary
// holds the same text.
func (j Job) run(ctx context.Context) error {
	j.maskHeld()
	j, compared := j.compareHead()
	if !compared {
		j.Sink.Notice("the checkout has no .git directory, so the event alone says what the job may do")
	}
	if err := checkout.Remove(j.checkout(), planFile(j.Job)); err != nil {
		return refuse(j.Job, err)
	}
	j.keepClean()
	j, err := j.open()
	if err != nil {
		return refuse(j.Job, err)
	}
	if j.Inputs.Mode == ci.Discover {
		return j.sealed(j.discoverJob(ctx))
	}
	j = j.settleTag(ctx)
	r, err := j.planAndBuild(ctx)
	failed := refuse(j.Job, err)
	if r == nil {
		return j.sealed(failed)
	}
	if err != nil && r.State() != report.Failed {
		text, hint := fault.Message(err) // it ended before the builder was asked
		if hint != "" {
			text += "\n\nhint: " + hint
		}
		r.Build = &report.Build{Failure: j.world.guard.Hide(text)}
	}
	writeReport(ctx, j.Job, *r, j.thread)
	return j.sealed(failed)
}

// A toldError has been printed already, where a CI system shows the errors of a job.
type toldError struct{ error }

func (e toldError) Unwrap() error { return e.error }

// refuse tells people where they look first why a job fails, once and with the hint. It returns the error as one that has been told.
func refuse(job ci.Job, err error) error {
	if err == nil || job.Sink == nil {
		return err
	}
	text, hint := fault.Message(err)
	if fault.Status(err) == fault.Nothing { // what was looked for is no part of an annotation
		var looked string
		text, looked, _ = strings.Cut(text, "\n")
		err = errors.Join(err, job.Sink.Log(func(w io.Writer) error { _, err := io.WriteString(w, looked+"\n"); return err }))
	}
	switch {
	case hint == "":
	case strings.Contains(text, "\n"):
		text += "\nhint: " + hint
	default:
		text += "; " + hint
	}
	job.Sink.Error(text)
	return toldError{err}
}

// A plannedJob is a job whose app is planned.
type plannedJob struct {
	Job
	dir     string // of the app, on disk
	input   planner.Input
	plan    planner.Result
	secrets build.Secrets
}

// planAndBuild returns the report as far as the job came; nil if nothing may be told.
func (j Job) planAndBuild(ctx context.Context) (*report.Report, error) {
	j.world.say("planning", j.Inputs.Context) // the base commit and the builder may be far away; this is not
	p, err := j.planApp()
	app := filepath.ToSlash(filepath.Join(j.Inputs.Context, p.plan.Subdirectory))
	if err != nil {
		r := jobReport(j.Job, report.Report{Problem: project.Problem(j.world.guard.HideError(err), p.input.Tree)}, app)
		return &r, err
	}
	r := jobReport(j.Job, project.Describe(p.plan), app)
	p.compareBase(ctx, &r)
	if p.secrets, err = j.readSecrets(); err != nil {
		return nil, err
	}
	if err := j.checkPlan(r); err != nil {
		return nil, err
	}
	if err := j.planOutputs(r); err != nil {
		return &r, err
	}
	if build := j.Event.Rights(j.Inputs).Build; !build.Allowed {
		r.NotBuilt = build.Why
		if p.plan.Edition == rules.Nixpacks {
			return &r, nil
		}
		return &r, project.Nothing(p.plan)
	}
	if err := p.options.Buildable(p.plan, false); err != nil {
		return &r, err
	}
	if r.NotBuilt = withoutSecrets(j.Job, p.plan.Plan); r.NotBuilt != "" {
		return &r, nil
	}
	return &r, p.build(ctx, &r)
}

// planApp plans the app of a job by its inputs. After an error, it returns what it has.
func (j Job) planApp() (p plannedJob, err error) {
	p.Job = j
	if _, err := tagSettings(j.Job); err != nil { // before the work, and also where nothing is built
		return p, err
	}
	if err := j.checkInputs(); err != nil { // likewise
		return p, err
	}
	if p.dir, err = checkout.Directory(j.checkout(), j.Inputs.Context); err != nil {
		return p, err
	}
	if p.options, err = j.planOptions(p.dir); err != nil {
		return p, err
	}
	in, warnings, err := p.options.Input(p.dir)
	if p.input = in; err != nil {
		return p, err
	}
	p.plan, err = planner.Make(p.input)
	for _, w := range append(warnings, project.Warnings(p.plan)...) {
		j.Sink.Warning(w)
	}
	return p, err
}

// planOptions are the inputs that say what to plan, for the app in a directory.
func (j Job) planOptions(dir string) (project.Options, error) {
	o := j.options
	o.Plan = j.Inputs.Plan
	if o.Config != "" && !filepath.IsLocal(o.Config) {
		// It is beside the app, and no link leads from there out of the checkout.
		file, err := checkout.Locate("config", "file", j.checkout(), filepath.Join(dir, o.Config))
		if err == nil {
			o.Config, err = filepath.Rel(dir, file)
		}
		if err != nil {
			return o, err
		}
	}
	for _, name := range j.Inputs.Platforms {
		if err := o.Platform.Set(name); err != nil {
			_, hint := fault.Message(err)
			return o, fault.Usage(hint, "reading input platforms: %w", err)
		}
	}
	return o, nil
}

// A specifiedJob is a job of which it is settled what it builds and where that goes.
type specifiedJob struct {
	plannedJob
	spec      build.Spec
	reach     build.World // without a voice
	notPushed string      // why the image is not pushed, "" if it is
	warnings  []string    // about the files of the app
}

// build builds, and pushes if the event says so.
func (p plannedJob) build(ctx context.Context, r *report.Report) error {
	j, err := p.specify(ctx)
	for _, w := range j.warnings {
		j.Sink.Warning(w)
	}
	r.Warnings = append(r.Warnings, j.warnings...)
	if err != nil {
		return err
	}
	out, err := j.runBuild(ctx)
	notPushed := cmp.Or(j.notPushed, out.Lost)
	r.Build = out.Report(notPushed, err)
	j.addImageSize(ctx, out.Names, r.Build)
	if err != nil {
		return err
	}
	return buildOutputs(j.Job.Job, out, notPushed)
}

// runBuild builds, and tells in the job's log of it. Warnings are told the CI system, too, as a log takes no commands.
func (j specifiedJob) runBuild(ctx context.Context) (out build.Outcome, err error) {
	var warnings []string
	err = j.Sink.Log(func(w io.Writer) error {
		world := j.reach
		world.Progress = builder.Progress{Writer: w, Mode: "plain"}
		world.Say = func(kind, text string) {
			text = j.world.guard.Hide(text)
			fmt.Fprintf(w, "%s: %s\n", kind, fault.Harmless(text))
			if kind == "warning" {
				warnings = append(warnings, text)
			}
		}
		fmt.Fprintf(w, "building %s for %s\n", fault.Harmless(cmp.Or(strings.Join(j.spec.Image.Names, ", "), "an image without a name")), &j.options.Platform)
		var err error
		out, err = build.Run(ctx, j.spec, world)
		fmt.Fprint(w, out.Timeline())
		return err
	})
	for _, text := range warnings {
		j.Sink.Warning(text)
	}
	return out, err
}

// specify settles what a job builds, under which names, and whether it pushes that.
func (j plannedJob) specify(ctx context.Context) (specifiedJob, error) {
	s := j.settings()
	env := j.env()
	client, err := env.Registry(s, j.world.agent())
	if err != nil {
		return specifiedJob{plannedJob: j}, err
	}
	platforms := j.options.Platform.All()
	created, err := env.Created(filepath.Join(j.dir, filepath.FromSlash(j.plan.Subdirectory)), j.Event.CommitDate)
	if err != nil {
		return specifiedJob{plannedJob: j}, err
	}
	attest, err := build.ParseAttest(s.SBOM, s.Provenance, bool(s.Reproducible))
	if err != nil {
		return specifiedJob{plannedJob: j}, err
	}
	image, err := j.name(ctx, client, created, attest != build.Attest{} || len(platforms) > 1)
	if err != nil {
		return specifiedJob{plannedJob: j}, err
	}
	if bool(j.Inputs.Cache) && s.CacheRef == "" && len(image.Names) > 0 {
		if s.CacheRef, err = registry.CacheRepository(image.Names[0]); err != nil {
			return specifiedJob{plannedJob: j}, err
		}
	}
	output := build.Output{SkipIfPublished: len(platforms) == 1}
	if bool(j.Inputs.Load) {
		if len(platforms) > 1 {
			return specifiedJob{plannedJob: j}, fault.Usage("push it, or give one platform", "an engine takes an image for one platform, and there are %s", &j.options.Platform)
		}
		load, err := env.LoadExport(s.Engine, image.Names)
		if err != nil {
			return specifiedJob{plannedJob: j}, err
		}
		output.Exports = []builder.Export{load}
	}
	decision := j.Event.Rights(j.Inputs).Push
	notPushed := decision.Why
	if output.Push = decision.Allowed; output.Push && len(image.Names) == 0 {
		return specifiedJob{plannedJob: j}, fault.Usage("set the input images", "pushing: no image name is known")
	}
	var claim *build.Claim
	if output.Push {
		claim, image.Names, notPushed = j.holdBack(ctx, client, image.Names, platforms[0])
		output.Push = notPushed == ""
	}
	spec, warnings, err := build.NewSpec(env, s, build.Particulars{
		Input: j.input, Plan: j.plan, Platforms: platforms, Dir: j.dir,
		Ignore: slices.Concat(reserved.Plans(), reserved.Reports()), // what the job leaves in its checkout is not the app's
		Image:  image, Output: output, Branch: j.Event.Branch, Default: j.Event.Default,
		Isolation: isolation(j.Event, j.Event.Rights(j.Inputs).CacheWrite), Network: stepNetwork(j.Job.Job),
		Buildx:  build.Buildx{None: true, Any: j.Hosted}, // the user of a shared machine has made builders for other jobs too
		Secrets: j.secrets,
		Origin:  build.Origin{Tool: j.world.Version, RunURL: j.Event.RunURL, Source: &build.Commit{URL: j.Event.About.URL, Ref: j.Event.Ref, Commit: j.Event.SHA}},
	})
	return specifiedJob{j, spec, build.World{Registry: client, Keys: env.Keychain(s.Logins), Connect: build.Dial, Guard: j.world.guard, Claim: claim}, notPushed, warnings}, err
}

// settings are the inputs that say where and how, as options.
func (j Job) settings() build.Settings {
	in := j.Inputs
	s := build.Settings{Build: in.Build, Checkout: j.checkout()}
	s.CacheKey = cacheMountKey(j.Event.Repository, in.Context)
	if in.Builder != "" {
		s.BuildkitHost = append(slices.Clone(s.BuildkitHost), builderAddress(in.Builder))
	}
	for _, l := range j.Logins {
		s.Logins = append(s.Logins, registry.Credential{Prefix: cmp.Or(l.Registry, "docker.io"), Username: l.Username, Password: l.Password})
	}
	if !in.Cache {
		s.CacheRef = ""
	}
	return s
}

// builderAddress reads an address, or the name of a builder of buildx.
func builderAddress(name string) string {
	if strings.Contains(name, "://") {
		return name
	}
	return builder.BuildxAddress(name)
}

// inputError gives wrong inputs the status of wrong usage.
func inputError(err error) error {
	var input *ci.InputError
	if errors.As(err, &input) {
		return fault.Usage("see the page on inputs in the documentation", "%w", err)
	}
	return err
}
