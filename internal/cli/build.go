package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/distribution/reference"
	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/tags"
)

// buildFlags are the options of the build command.
type buildFlags struct {
	settings
	name         string
	tags         []string
	labels       []string
	push, load   bool
	outputs      []string
	compression  string
	out          string
	dockerfile   bool
	withoutStart bool
	base         string
	report       string
	metadata     string
}

// buildCommand is the build command; run is [program.build], which a test replaces.
func buildCommand(run func(context.Context, []string, buildFlags) error) *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build [DIR]",
		Short: "Build an image of the app in DIR",
		Long: `Build plans the app and builds an image with BuildKit. Without --push, --load, --output or --out, the image is loaded into
the Docker engine if there is one.

The build runs on the BuildKit that --buildkit-host or BUILDKIT_HOST names, else on the first that --route finds or starts.`,
		Example: `  npx-action build . --tag ghcr.io/me/app:1 --push
  npx-action build . --name app --load
  npx-action build . --output type=oci,dest=app.tar
  npx-action build . --out generated`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	f.register(cmd)
	flags.StringVarP(&f.name, "name", "n", "", "`name` of the image (default the directory's name)")
	flags.StringArrayVarP(&f.tags, "tag", "t", nil, "further `reference` of the image; repeatable")
	flags.StringArrayVarP(&f.labels, "label", "l", nil, "label `NAME=VALUE`; repeatable")
	flags.BoolVar(&f.push, "push", false, "push the image under all its names")
	flags.BoolVar(&f.load, "load", false, "load the image into the Docker engine, see --docker-host")
	flags.StringArrayVar(&f.outputs, "output", nil, "write `type=oci|docker|tar|local,dest=PATH`; - is standard output; repeatable")
	flags.StringVar(&f.compression, "compression", "", "compress new layers with `gzip`, zstd, estargz or uncompressed (default gzip, which everything reads; zstd is the quickest and smallest)")
	complete(cmd, "compression", build.Compressions...)
	flags.StringVarP(&f.out, "out", "o", "", "write a Dockerfile and its files to this `directory` and build nothing")
	flags.BoolVarP(&f.dockerfile, "dockerfile", "d", false, "print the Dockerfile and build nothing")
	flags.BoolVar(&f.withoutStart, "no-error-without-start", false, "build an app that nothing says how to start")
	flags.StringVar(&f.base, "base", "", "compare the plan with the plan of this `revision` in the report")
	flags.StringVar(&f.report, "report", "", "write the report, as a pull request would get it, to this `file`")
	flags.StringVar(&f.metadata, "metadata-file", "", "write digest, names, cache and steps as JSON to this `file`")
	return plans(cmd)
}

// An ordered build is all that the command build is asked for.
type ordered struct {
	settings settings
	input    planner.Input
	plan     planner.Result
	secrets  build.Secrets
	spec     build.Spec
}

func (p *program) build(ctx context.Context, args []string, f buildFlags) error {
	o, err := p.prepare(args, &f)
	if err != nil {
		return err
	}
	if f.out != "" || f.dockerfile {
		return p.writeDockerfile(o, f)
	}
	world, err := p.world(o.settings, o.secrets)
	if err != nil {
		return err
	}
	if p.IsTTY || p.verbose() {
		fmt.Fprint(p.Stderr, summary(o.plan.Plan, p.columns(p.IsTTY)))
	}
	// The first step of a build may be far away; this is not.
	p.say("building", familiar(o.spec.Image.Names)+" for "+p.options.Platform.String())
	out, err := build.Run(ctx, o.spec, world)
	if f.report != "" {
		r := project.Describe(o.plan)
		if cerr := project.Compare(ctx, &r, o.input, o.plan, p.path(append(args, ".")[0]), f.base, nil); cerr != nil {
			p.say("warning", "comparing with "+f.base+": "+cerr.Error())
		}
		r.Build = out.Report("", err)
		if werr := replaceFile(p.path(f.report), []byte(r.Comment(report.Limit))); werr != nil && err == nil {
			err = fmt.Errorf("writing the report: %w", werr)
		}
	}
	if f.metadata != "" {
		if werr := replaceFile(p.path(f.metadata), out.Metadata()); werr != nil && err == nil {
			err = fmt.Errorf("writing the metadata: %w", werr)
		}
	}
	if err != nil {
		return err
	}
	p.built(o.spec.Output, out)
	return nil
}

// ready finds what is wrong with the options before any work, and settles what they say together.
func (p *program) ready(f *buildFlags) error {
	if p.verbose() && f.Progress == "auto" {
		f.Progress = "plain"
	}
	if err := f.check(p.Stderr); err != nil {
		return err
	}
	if err := fault.Choice("compression", cmp.Or(f.compression, build.Gzip), build.Compressions...); err != nil {
		return err
	}
	if f.out != "" || f.dockerfile {
		if err := p.options.Platform.Alone("a Dockerfile"); err != nil {
			return err
		}
	}
	if f.out != "" && f.dockerfile {
		return fault.Usage("give one of them", "--out writes a Dockerfile and --dockerfile prints it")
	}
	if f.docker.currentDir {
		p.say("warning", "--current-dir has no effect: the app is built where it is, and nothing is written there")
	}
	if err := f.docker.translate(f); err != nil {
		return err
	}
	return f.whereTo()
}

// whereTo refuses destinations that would be left out, and a push to a name that nobody has given.
func (f *buildFlags) whereTo() error {
	if f.out != "" || f.dockerfile {
		given := []struct {
			option string
			is     bool
		}{{"--push", f.push}, {"--load", f.load}, {"--output", len(f.outputs) > 0}}
		for _, g := range given {
			if g.is {
				return fault.Usage("give one of them", "--out and --dockerfile build nothing, and %s takes an image that is built", g.option)
			}
		}
	}
	if f.push && f.name == "" && len(f.tags) == 0 {
		return fault.Usage("give --tag, such as ghcr.io/me/app:1", "--push needs the name of an image")
	}
	return nil
}

// prepare plans, and settles what is built and where it goes.
func (p *program) prepare(args []string, f *buildFlags) (ordered, error) {
	more, err := p.planned(args, f)
	if err != nil {
		return ordered{}, err
	}
	if f.out == "" && !f.dockerfile {
		if more.Image.Names, err = imageNames(f.name, f.tags, more.Dir); err != nil {
			return ordered{}, fault.Usage("give lower-case names, such as ghcr.io/me/app:1", "%w", err)
		}
		if more.Output, err = p.destinations(*f, more.Image.Names); err != nil {
			return ordered{}, err
		}
	}
	return p.order(f.settings, more)
}

// planned plans a build for this machine, which goes nowhere yet.
func (p *program) planned(args []string, f *buildFlags) (build.Particulars, error) {
	if err := p.ready(f); err != nil {
		return build.Particulars{}, err
	}
	in, result, err := p.makeWithInput(args)
	if err != nil {
		return build.Particulars{}, err
	}
	if err := p.planning().Buildable(result, f.withoutStart); err != nil {
		return build.Particulars{}, err
	}
	more, err := p.particulars(f, in, result, p.path(append(args, ".")[0]))
	more.Isolation.Policy, more.Branch, more.Default = build.WritePolicy(f.CacheWrite), localBranch, localBranch
	return more, err
}

// particulars are those of a build of a plan that no option of [buildFlags] but the labels has a part in.
func (p *program) particulars(f *buildFlags, in planner.Input, result planner.Result, dir string) (build.Particulars, error) {
	created, err := p.environment().Created(dir, time.Time{})
	if err != nil {
		return build.Particulars{}, err
	}
	image := build.Image{Created: created, Reproducible: bool(f.Reproducible), Compression: f.compression}
	if image.Labels, err = labels(f.labels); err != nil {
		return build.Particulars{}, err
	}
	secrets, err := p.secretOptions(f.Secret)
	if err != nil {
		return build.Particulars{}, err
	}
	return build.Particulars{
		Input: in, Plan: result, Platforms: p.options.Platform.All(), Dir: dir, Image: image, Secrets: secrets,
		Isolation: build.Isolation{Owner: f.CacheKey, Files: f.CacheKey}, Origin: build.Origin{Tool: version()},
	}, nil
}

// order makes the spec of a build, and says what is to be said of the app's files.
func (p *program) order(s settings, more build.Particulars) (ordered, error) {
	spec, warnings, err := build.NewSpec(p.environment(), s.Settings, more)
	for _, w := range warnings {
		p.say("warning", w)
	}
	return ordered{s, more.Input, more.Plan, more.Secrets, spec}, err
}

// localBranch is the rolling cache of builds outside CI.
const localBranch = "local"

// destinations decides where the image goes.
func (p *program) destinations(f buildFlags, names []string) (build.Output, error) {
	out := build.Output{Push: f.push}
	if len(p.options.Platform.More) > 0 {
		if f.load || len(f.outputs) > 0 {
			return out, fault.Usage("add --push, or give one platform", "--load and --output take an image for one platform, and --platform is given as %s", &p.options.Platform)
		}
		if !f.push {
			p.say("note", "the images are built and go nowhere: add --push")
		}
		return out, nil
	}
	for _, o := range f.outputs {
		e, err := p.output(o)
		if err != nil {
			return out, err
		}
		e.Refs = names
		out.Exports = append(out.Exports, e)
	}
	env := p.environment()
	if _, there := env.Engine(f.Engine); f.load || there && !f.push && len(out.Exports) == 0 {
		e, err := env.LoadExport(f.Engine, names)
		if err != nil {
			return out, err
		}
		out.Exports = append(out.Exports, e)
	}
	if !f.push && len(out.Exports) == 0 {
		p.say("note", "the image is built and goes nowhere: add --push, --load or --output")
	}
	return out, nil
}

// imageNames are the full references of --name and --tag.
func imageNames(own string, more []string, dir string) ([]string, error) {
	if own != "" {
		more = append([]string{own}, more...)
	}
	if len(more) == 0 {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		more = []string{tags.Repository(filepath.Base(abs))}
	}
	return build.ParseNames(more)
}

func labels(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fault.Usage("give NAME=VALUE", "reading label %q", pair)
		}
		m[key] = value
	}
	return m, nil
}

// output reads type=KIND,dest=PATH.
func (p *program) output(spec string) (builder.Export, error) {
	const hint = "give type=oci, docker, tar or local, and dest=PATH"
	var e builder.Export
	for field := range strings.SplitSeq(spec, ",") {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "type":
			e.Kind = value
		case "dest":
			e.Dest = value
		default:
			return e, fault.Usage(hint, "reading --output %q: unknown key %q", spec, key)
		}
	}
	switch {
	case e.Kind != builder.OCI && e.Kind != builder.Docker && e.Kind != builder.Tar && e.Kind != builder.Local:
		return e, fault.Usage(hint, "reading --output %q: unknown type %q", spec, e.Kind)
	case e.Dest == "":
		return e, fault.Usage(hint, "reading --output %q: there is no dest", spec)
	case e.Dest == "-" && e.Kind == builder.Local:
		return e, fault.Usage(hint, "reading --output %q: a directory does not fit into standard output", spec)
	case e.Dest == "-":
		e.Dest, e.Output = "", p.Stdout
	default:
		e.Dest = p.path(e.Dest)
	}
	return e, nil
}

// familiar are names of images as docker prints them: without the registry and the user of Docker Hub that are understood.
func familiar(names []string) string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = name
		if ref, err := reference.ParseNormalizedNamed(name); err == nil {
			short[i] = reference.FamiliarString(ref)
		}
	}
	return strings.Join(short, ", ")
}

// built says what there is now.
func (p *program) built(to build.Output, out build.Outcome) {
	names := familiar(out.Names)
	if out.Promoted != "" {
		p.say("promoted", fmt.Sprintf("%s, which has the same content; nothing was built, %.1f s", out.Promoted, out.Duration.Seconds()))
		p.say("pushed", names+" as "+out.Digest)
		return
	}
	cached, total := out.Cached()
	p.say("built", fmt.Sprintf("%d of %d steps cached, %.1f s", cached, total, out.Duration.Seconds()))
	fmt.Fprint(p.Stderr, out.Timeline())
	for _, e := range to.Exports {
		if e.Kind == builder.Load {
			p.say("loaded", fmt.Sprintf("%s; run it: docker run --rm -it -e PORT=3000 -p 3000:3000 %s", names, familiar(out.Names[:1])))
		} else if e.Dest != "" {
			p.say("wrote", e.Dest)
		}
	}
	if out.Pushed {
		p.say("pushed", names+" as "+out.Digest)
	}
}
