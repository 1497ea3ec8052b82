package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/planner"
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
		Example: `  npx-action build . --tag ghcr.io/me/app:1 --push --cache-ref ghcr.io/me/app/cache
  npx-action build . --name app --load
  npx-action build . --output type=oci,dest=app.tar
  npx-action build . --out generated`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	f.register(flags)
	flags.StringVarP(&f.name, "name", "n", "", "`name` of the image (default that of the directory)")
	flags.StringArrayVarP(&f.tags, "tag", "t", nil, "further `reference` of the image; repeatable")
	flags.StringArrayVarP(&f.labels, "label", "l", nil, "label `NAME=VALUE`; repeatable")
	flags.BoolVar(&f.push, "push", false, "push the image under all its names")
	flags.BoolVar(&f.load, "load", false, "load the image into the Docker engine, see --docker-host")
	flags.StringArrayVar(&f.outputs, "output", nil, "write `type=oci|docker|tar|local,dest=PATH`; - is standard output; repeatable")
	flags.StringVar(&f.compression, "compression", "", "compress new layers with `gzip`, zstd, estargz or uncompressed (default gzip, which everything reads; zstd is the quickest and smallest)")
	flags.StringVarP(&f.out, "out", "o", "", "write a Dockerfile and its files to this `directory` and build nothing")
	flags.BoolVarP(&f.dockerfile, "dockerfile", "d", false, "print the Dockerfile and build nothing")
	flags.BoolVar(&f.withoutStart, "no-error-without-start", false, "build an app that nothing says how to start")
	flags.StringVar(&f.base, "base", "", "compare the plan with that of this `revision` in the report")
	flags.StringVar(&f.report, "report", "", "write the report, as a pull request would get it, to this `file`")
	flags.StringVar(&f.metadata, "metadata-file", "", "write digest, names, cache and steps as JSON to this `file`")
	return cmd
}

func (p *program) build(ctx context.Context, args []string, f buildFlags) error {
	in, im, err := p.prepare(args, &f)
	if err != nil {
		return err
	}
	if f.out != "" || f.dockerfile {
		return p.writeDockerfile(im, f)
	}
	result := im.plan
	if p.IsTTY || p.verbose() {
		fmt.Fprint(p.Stderr, summary(result.Plan))
	}
	// The first step of a build may be far away; this is not.
	p.say("building", strings.Join(im.refs, ", ")+" for "+p.options.platform.String())
	out, err := im.build(ctx)
	if f.report != "" {
		r := Describe(result)
		if cerr := compare(ctx, &r, in, p.path(append(args, ".")[0]), f.base, nil); cerr != nil {
			p.say("warning", "comparing with "+f.base+": "+cerr.Error())
		}
		r.Build = buildReport(im, out, "", err)
		if werr := os.WriteFile(p.path(f.report), []byte(r.Comment(report.Limit)), 0o644); werr != nil && err == nil {
			err = fmt.Errorf("writing the report: %w", werr)
		}
	}
	if f.metadata != "" {
		if werr := os.WriteFile(p.path(f.metadata), newMetadata(im, out).json(), 0o644); werr != nil && err == nil {
			err = fmt.Errorf("writing the metadata: %w", werr)
		}
	}
	if err != nil {
		return err
	}
	p.built(im, out)
	return nil
}

// ready finds what is wrong with the options before any work, and settles what they say together.
func (p *program) ready(f *buildFlags) error {
	if p.verbose() && f.progress == "auto" {
		f.progress = "plain"
	}
	if err := f.check(p.Stderr); err != nil {
		return err
	}
	if err := choice("compression", cmp.Or(f.compression, gzipped), compressions...); err != nil {
		return err
	}
	if f.out != "" || f.dockerfile {
		if err := p.options.platform.alone("a Dockerfile"); err != nil {
			return err
		}
	}
	if f.out != "" && f.dockerfile {
		return usage("give one of them", "--out writes a Dockerfile and --dockerfile prints it")
	}
	if f.docker.currentDir {
		p.say("warning", "--current-dir has no effect: the app is built where it is, and nothing is written there")
	}
	return f.docker.translate(f)
}

// prepare plans, and settles what is built and where it goes.
func (p *program) prepare(args []string, f *buildFlags) (planner.Input, *image, error) {
	if err := p.ready(f); err != nil {
		return planner.Input{}, nil, err
	}
	in, result, err := p.makeWithInput(args)
	if err != nil {
		return in, nil, err
	}
	if err := buildable(result, f.withoutStart); err != nil {
		return in, nil, err
	}
	dir := p.path(append(args, ".")[0])
	im, err := p.image(f.settings, result, dir)
	if err != nil {
		return in, nil, err
	}
	if im.labels, err = labels(f.labels); err != nil || f.out != "" || f.dockerfile {
		return in, im, err
	}
	if im.cache.policy, err = policy(f.cacheWrite); err != nil {
		return in, nil, err
	}
	im.cache.scope.Branch, im.cache.scope.Default = localBranch, localBranch
	if err := p.destinations(im, *f, dir); err != nil {
		return in, nil, err
	}
	return in, im, im.more(p.options.platform.more, in)
}

// localBranch is the rolling cache of builds outside CI.
const localBranch = "local"

// buildable refuses a plan that no image can come of (specification 5).
func buildable(result planner.Result, withoutStart bool) error {
	p := result.Plan
	if len(p.Phases) == 0 {
		return &failure{statusNothing, fmt.Errorf("no provider matched\n%s", planner.Nothing(result.Tree, nil)), nothingHint}
	}
	if !withoutStart && (p.Start == nil || p.Start.Cmd == nil || *p.Start.Cmd == "") {
		return &failure{statusApp, fmt.Errorf("no start command could be found"),
			"give --start-cmd, a start script, or cmd below [start] in nixpacks.toml"}
	}
	return nil
}

// destinations decides where the image goes and under which names.
func (p *program) destinations(im *image, f buildFlags, dir string) error {
	var err error
	if im.refs, err = imageNames(f.name, f.tags, dir); err != nil {
		return usage("give lower-case names, such as ghcr.io/me/app:1", "%w", err)
	}
	im.push, im.compression = f.push, f.compression
	if len(p.options.platform.more) > 0 {
		if f.load || len(f.outputs) > 0 {
			return usage("add --push, or give one platform", "--load and --output take an image for one platform, and --platform is given as %s", &p.options.platform)
		}
		if !f.push {
			p.say("note", "the images are built and go nowhere: add --push")
		}
		return nil
	}
	for _, o := range f.outputs {
		e, err := p.output(o)
		if err != nil {
			return err
		}
		e.Refs = im.refs
		im.exports = append(im.exports, e)
	}
	if _, there := p.engine(f.docker); f.load || there && !f.push && len(im.exports) == 0 {
		if err := p.load(im, f.docker); err != nil {
			return err
		}
	}
	if !f.push && len(im.exports) == 0 {
		p.say("note", "the image is built and goes nowhere: add --push, --load or --output")
	}
	return nil
}

// load has the image loaded into the Docker engine.
func (p *program) load(im *image, docker dockerFlags) error {
	engine, _ := p.engine(docker)
	if err := engine.Check(); err != nil {
		return usage("see --docker-host, --docker-cert-path and the variables of the same names", "%w", err)
	}
	im.exports = append(im.exports, builder.Export{Kind: builder.Load, Refs: im.refs, Engine: engine})
	return nil
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
	var refs []string
	for _, n := range more {
		ref, err := name.NewTag(n)
		if err != nil {
			return nil, fmt.Errorf("reading image name %q: %w", n, err)
		}
		refs = append(refs, ref.Name())
	}
	return refs, nil
}

func labels(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage("give NAME=VALUE", "reading label %q", pair)
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
			return e, usage(hint, "reading --output %q: unknown key %q", spec, key)
		}
	}
	switch {
	case e.Kind != builder.OCI && e.Kind != builder.Docker && e.Kind != builder.Tar && e.Kind != builder.Local:
		return e, usage(hint, "reading --output %q: unknown type %q", spec, e.Kind)
	case e.Dest == "":
		return e, usage(hint, "reading --output %q: there is no dest", spec)
	case e.Dest == "-" && e.Kind == builder.Local:
		return e, usage(hint, "reading --output %q: a directory does not fit into standard output", spec)
	case e.Dest == "-":
		e.Dest, e.Output = "", p.Stdout
	default:
		e.Dest = p.path(e.Dest)
	}
	return e, nil
}

// built says what there is now.
func (p *program) built(im *image, out outcome) {
	if out.promoted != "" {
		p.say("promoted", fmt.Sprintf("%s, which has the same content; nothing was built, %.1f s", out.promoted, out.duration.Seconds()))
		p.say("pushed", strings.Join(im.refs, ", ")+" as "+out.Digest)
		return
	}
	cached, total := out.Cached()
	p.say("built", fmt.Sprintf("%d of %d steps cached, %.1f s", cached, total, out.duration.Seconds()))
	fmt.Fprint(p.Stderr, report.Timeline(reportSteps(out.Steps)))
	for _, e := range im.exports {
		if e.Kind == builder.Load {
			p.say("loaded", fmt.Sprintf("%s; run it: docker run --rm -it -e PORT=3000 -p 3000:3000 %s", strings.Join(im.refs, ", "), im.refs[0]))
		} else if e.Dest != "" {
			p.say("wrote", e.Dest)
		}
	}
	if im.push {
		p.say("pushed", strings.Join(im.refs, ", ")+" as "+out.Digest)
	}
}
