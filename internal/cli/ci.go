package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/tags"
)

// job reads the CI job that the program runs in, or returns [ci.ErrNoSystem].
func (p *program) job() (ci.Job, error) {
	environ := map[string]string{}
	for _, entry := range p.Environ {
		name, value, _ := strings.Cut(entry, "=")
		environ[name] = value
	}
	switch {
	case environ["GITHUB_ACTIONS"] == "true":
		return ci.ReadGitHub(environ, func(name string) (io.ReadCloser, error) { return os.Open(name) }, p.Stdout)
	case environ["GITLAB_CI"] == "true":
		return ci.ReadGitLab(environ, func(name string) (io.WriteCloser, error) {
			return create(cmp.Or(environ["CI_PROJECT_DIR"], p.Dir), name)
		}, p.Stdout)
	}
	return ci.Job{}, ci.ErrNoSystem
}

// runJob does what a job of CI is there for: it plans, builds, pushes if the event says so, and tells the pull request.
// A comment that cannot be written does not fail the job; the summary holds the same text.
func (p *program) runJob(ctx context.Context, job ci.Job) error {
	for _, login := range job.Logins {
		job.Sink.Mask(login.Password)
	}
	job.Sink.Mask(job.Inputs.Token)
	thread, archive := openForge(job)
	if job.Inputs.Mode == ci.Discover {
		return p.discoverJob(ctx, job, archive)
	}
	r, err := p.planAndBuild(ctx, job, archive)
	var f *failure
	if err != nil && errors.As(err, &f) && f.hint != "" {
		job.Sink.Error(err.Error() + "; " + f.hint)
	} else if err != nil {
		job.Sink.Error(err.Error())
	}
	if r == nil {
		return err
	}
	tell(ctx, job, *r, thread)
	return err
}

// planAndBuild returns the report as far as the job came; nil if there is no plan.
func (p *program) planAndBuild(ctx context.Context, job ci.Job, archive archiver) (*report.Report, error) {
	p.say("planning", job.Inputs.Context) // the base commit and the builder may be far away; this is not
	in, result, dir, err := p.planJob(job)
	if err != nil {
		return nil, err
	}
	r := Describe(result)
	r.App = filepath.ToSlash(filepath.Join(job.Inputs.Context, result.Subdirectory))
	r.SHA, r.RunURL, r.Files = job.Event.Head, job.Event.RunURL, filesAddress(job)
	if err := compare(ctx, &r, in, dir, cmp.Or(job.Inputs.BaseRef, job.Event.Base), archive); err != nil {
		job.Sink.Warning("no comparison with the base: " + err.Error())
	}
	if r.Base != nil {
		r.Base.Branch = job.Event.BaseBranch
	}
	secrets, err := p.jobSecrets(job)
	if err != nil {
		return nil, err
	}
	if err := secrets.tells(r); err != nil {
		return nil, err
	}
	if err := p.planOutputs(job, r); err != nil {
		return &r, err
	}
	if build := job.Event.Rights(job.Inputs).Build; !build.Allowed {
		r.NotBuilt = build.Why
		return &r, nil
	}
	if err := buildable(result, false); err != nil {
		r.NotBuilt = err.Error()
		return &r, err
	}
	if r.NotBuilt = withoutSecrets(job, result.Plan); r.NotBuilt != "" {
		return &r, nil
	}
	return &r, p.buildJob(ctx, job, &r, in, result, dir, secrets)
}

// planJob plans the app of a job with the inputs as options.
func (p *program) planJob(job ci.Job) (in planner.Input, result planner.Result, dir string, err error) {
	input := job.Inputs
	if _, err := tagSettings(job); err != nil { // before the work, and also where nothing is built
		return in, result, "", err
	}
	if dir, err = within(p.checkout(job), input.Context); err != nil {
		return in, result, "", err
	}
	p.options = options{
		pkgs: input.Pkgs, apt: input.Apt, libs: input.Libs, env: input.Env,
		edition: input.Edition, runtime: input.Runtime, platform: platform{name: p.options.platform.name},
		installCmd: given(input.InstallCmd), buildCmd: given(input.BuildCmd), startCmd: given(input.StartCmd),
		config: input.Config,
	}
	if input.Config != "" && !filepath.IsLocal(input.Config) {
		return in, result, "", usage("give a file of the app", "reading input config: %q is outside", input.Config)
	}
	for _, name := range input.Platforms {
		if err := p.options.platform.Set(name); err != nil {
			return in, result, "", err
		}
	}
	in, warnings, err := p.input([]string{dir})
	if err != nil {
		return in, result, dir, err
	}
	result, err = planner.Make(in)
	for _, w := range append(warnings, result.Warnings...) {
		job.Sink.Warning(w)
	}
	return in, result, dir, err
}

func (p *program) checkout(job ci.Job) string { return cmp.Or(job.Dir, p.Dir) }

// within returns the directory name of the checkout. A pull request could make it a link to anywhere, so links are followed
// before it is compared.
func within(checkout, name string) (string, error) {
	const hint = "give a directory of the checkout"
	root, err := filepath.EvalSymlinks(checkout)
	if err != nil {
		return "", usage(hint, "opening the checkout: %w", err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return "", usage(hint, "opening input context %q: %w", name, withoutPath(err))
	}
	if rel, err := filepath.Rel(root, dir); err != nil || !filepath.IsLocal(rel) {
		return "", usage(hint, "reading input context: %q is outside", name)
	}
	return dir, nil
}

// create makes a file of the checkout, whatever links a pull request has put in its place.
func create(checkout, name string) (io.WriteCloser, error) {
	root, err := os.OpenRoot(checkout)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return root.Create(name)
}

func given(s string) optional {
	if s == "" {
		return optional{}
	}
	return optional{&s}
}

// buildJob builds, and pushes if the event says so.
func (p *program) buildJob(ctx context.Context, job ci.Job, r *report.Report, in planner.Input, result planner.Result, dir string, secrets vault) error {
	im, err := p.jobImage(ctx, job, result, dir)
	if err != nil {
		return err
	}
	im.secrets, im.run = secrets, job.Event.RunURL
	im.source = &commit{job.Event.About.URL, job.Event.Ref, job.Event.SHA}
	decision := job.Event.Rights(job.Inputs).Push
	push, notPushed := decision.Allowed, decision.Why
	if push && len(im.refs) == 0 {
		return usage("set the input images", "pushing: no image name is known")
	}
	im.push, im.known = push, len(p.options.platform.more) == 0
	if err := im.more(p.options.platform.more, in); err != nil {
		return err
	}
	var out outcome
	var warnings []string // a log takes no commands
	err = job.Sink.Log(func(w io.Writer) error {
		im.progress = builder.Progress{Writer: w, Mode: "plain"}
		im.say = func(kind, text string) {
			fmt.Fprintf(w, "%s: %s\n", kind, harmless(text))
			if kind == "warning" {
				warnings = append(warnings, text)
			}
		}
		fmt.Fprintf(w, "building %s for %s\n", harmless(strings.Join(im.refs, ", ")), &p.options.platform)
		var err error
		out, err = im.build(ctx)
		fmt.Fprint(w, report.Timeline(reportSteps(out.Steps)))
		return err
	})
	for _, text := range warnings {
		job.Sink.Warning(text)
	}
	r.Build = buildReport(im, out, notPushed, err)
	p.weigh(ctx, job, im, r.Build)
	if err != nil {
		return err
	}
	return buildOutputs(job, im, out, notPushed)
}

// jobImage turns inputs and event into an image.
func (p *program) jobImage(ctx context.Context, job ci.Job, result planner.Result, dir string) (*image, error) {
	in, e := job.Inputs, job.Event
	s := settings{
		buildkitHosts: in.BuildkitHost, nixMirror: in.NixMirror, registryMirrors: in.RegistryMirror,
		caCertificates: in.CACertificates, cacheWrite: in.CacheWrite, promote: in.Promote, smoke: in.Smoke, reproducible: bool(in.Reproducible),
		sbom: in.SBOM, provenance: in.Provenance,
		cacheKey:     cacheMountKey(e.Repository, in.Context),
		packageCache: in.PackageCache, packageSkip: in.PackageSkip, packageLimit: in.PackageLimit,
		noCache: bool(in.NoCache), docker: dockerFlags{hosts: in.AddHosts, cacheFrom: in.CacheFrom},
	}
	if in.Builder != "" {
		s.buildkitHosts = append(s.buildkitHosts, builderAddress(in.Builder))
	}
	if in.CACertificates != "" && !filepath.IsAbs(in.CACertificates) {
		s.caCertificates = filepath.Join(p.checkout(job), in.CACertificates)
	}
	for _, l := range job.Logins {
		s.logins = append(s.logins, registry.Credential{Prefix: cmp.Or(l.Registry, "docker.io"), Username: l.Username, Password: l.Password})
	}
	if bool(in.Cache) {
		s.cacheRef = in.CacheRef
	}
	im, err := p.image(s, result, dir)
	if err != nil {
		return nil, err
	}
	if err := p.name(ctx, job, im); err != nil {
		return nil, err
	}
	if bool(in.Cache) && s.cacheRef == "" && len(im.refs) > 0 {
		if im.cache.scope.Repository, err = cache.Repository(im.refs[0]); err != nil {
			return nil, err
		}
	}
	// What the job leaves in its checkout is not the app's.
	im.graph.Ignore = append(im.graph.Ignore, planFile, ci.SummaryFile, ci.DotenvFile, ci.QualityFile)
	im.cache.scope.Branch, im.cache.scope.Default = e.Branch, e.Default
	write := e.Rights(in).CacheWrite
	im.cache.policy = cache.Policy{Read: true, Write: write.Allowed, Reason: write.Why}
	if !bool(in.Load) {
		return im, nil
	}
	if len(p.options.platform.more) > 0 {
		return nil, usage("push it, or give one platform", "an engine takes an image for one platform, and there are %s", &p.options.platform)
	}
	return im, p.load(im, s.docker)
}

// builderAddress reads an address, or the name of a builder of buildx.
func builderAddress(name string) string {
	if strings.Contains(name, "://") {
		return name
	}
	return builder.BuildxAddress(name)
}

// cacheMountKey keeps the cache mounts of two apps apart on one builder.
func cacheMountKey(repository, context string) string {
	return tags.Repository(repository + "-" + filepath.ToSlash(filepath.Clean(context)))
}

// inputError gives wrong inputs the status of wrong usage.
func inputError(err error) error {
	var input *ci.InputError
	if errors.As(err, &input) {
		return usage("see the inputs in the README", "%w", err)
	}
	return err
}
