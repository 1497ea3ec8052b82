package cli

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/docker/cli/pkg/kvfile"
	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/fault"
)

// runFlags are the options of the command run.
type runFlags struct {
	buildFlags
	publish  []string
	envFiles []string
	network  string
}

func runCommand(p *program) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [DIR]",
		Short: "Build the app in DIR and start it on the Docker engine",
		Long: `Run plans and builds the app as build does, and starts the image on the Docker engine, as docker run does. It pushes nothing and
writes no cache. Ctrl-C stops the program as docker stop does: with its signal, and after ten seconds by force. A second Ctrl-C
kills it. In the end the container, its volumes and the image are removed, also after a failure.

Without --publish, the program's port is published at a free port of 127.0.0.1, whose address is printed. The variable PORT
tells the program its port, unless the plan or --env-file sets it. The variables of --env are in the plan and in the image, as
for build. The variables of --env-file are the container's alone.

A program whose user is a number writes only the directories of the image's label npx-action.writable.

The exit status is the program's. Before the program starts, it is as for build.`,
		Example: `  npx-action run .
  npx-action run . --publish 8080:3000 --env-file .env
  npx-action run . --network host --env DATABASE_URL=postgres://localhost/app`,
		Args: atMostOneDir,
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	bind(cmd, flags, &f.Build, nil)
	registerEngine(flags, &f.Engine)
	flags.StringArrayVar(&f.publish, "publish", nil, "publish a port as docker does, such as `8080:3000`; repeatable (default a free port of 127.0.0.1)")
	flags.StringArrayVar(&f.envFiles, "env-file", nil, "set variables of the container from the lines NAME=VALUE of this `file`; repeatable")
	flags.StringVar(&f.network, "network", "", "join this `network` of the engine, such as host")
	complete(cmd, "network", "host", "none")
	return plans(cmd)
}

// An endError is an exit status that tells a result and no failure, and needs no message.
type endError struct{ status int }

func (e *endError) Error() string { return fmt.Sprintf("ended with status %d", e.status) }

// ExitStatus is the status.
func (e *endError) ExitStatus() int { return e.status }

func (p *program) run(ctx context.Context, args []string, f runFlags) (err error) {
	f.CacheWrite, f.Smoke = "never", build.TrialNever
	image := "npx-action/run:" + strings.ToLower(rand.Text())
	launch := build.Launch{Image: image, Network: f.network, Publish: f.publish, Say: p.say,
		Foreground: builder.Foreground{Stdout: p.Stdout, Stderr: p.Stderr}}
	if err := launch.Check(); err != nil {
		return err
	}
	if launch.Env, err = p.envFiles(f.envFiles); err != nil {
		return err
	}
	load, err := p.environment().LoadExport(f.Engine, []string{image})
	if err != nil {
		return err
	}
	if err := load.Engine.Reach(ctx); err != nil {
		return err
	}
	if err := p.buildInto(ctx, args, f.buildFlags, load); err != nil {
		return cmp.Or(err, load.Engine.RemoveImage(context.WithoutCancel(ctx), image))
	}
	launch.Foreground.Kill = p.secondSignal()
	status, err := launch.On(ctx, load.Engine)
	if err = cmp.Or(err, load.Engine.RemoveImage(context.WithoutCancel(ctx), image)); err != nil {
		return err
	}
	if status != 0 || ctx.Err() != nil {
		p.say("ended", fmt.Sprintf("status %d", status))
	}
	if status != 0 {
		return &endError{status}
	}
	return nil
}

// buildInto builds the app into an engine, and nowhere else.
func (p *program) buildInto(ctx context.Context, args []string, f buildFlags, load builder.Export) error {
	more, err := p.planned(args, &f)
	if err != nil {
		return err
	}
	more.Image.Names, more.Output = load.Refs, build.Output{Exports: []builder.Export{load}}
	o, err := p.order(f.settings, more)
	if err != nil {
		return err
	}
	world, err := p.world(o.settings, o.secrets)
	if err != nil {
		return err
	}
	p.say("building", filepath.Base(o.spec.Dir)+" for "+p.options.Platform.String())
	out, err := build.Run(ctx, o.spec, world)
	if err != nil {
		return err
	}
	cached, total := out.Cached()
	p.say("built", fmt.Sprintf("%d of %d steps cached, %.1f s", cached, total, out.Duration.Seconds()))
	return nil
}

// envFiles reads the variables of files, in the format of docker's. What a wrong line holds may be secret, and is not repeated.
func (p *program) envFiles(names []string) ([]string, error) {
	const hint = "give a file with lines NAME=VALUE, as docker's --env-file has it"
	var all []string
	for _, name := range names {
		text, err := checkout.ReadFile("", p.path(name), maxEnvFile)
		if err != nil {
			return nil, fault.Usage(hint, "reading --env-file %s: %w", name, fault.WithoutPath(err))
		}
		vars, err := kvfile.ParseFromReader(bytes.NewReader(text), p.lookup)
		if err != nil {
			return nil, fault.Usage(hint, "reading --env-file %s: a line is not NAME=VALUE", name)
		}
		all = append(all, vars...)
	}
	return all, nil
}

// maxEnvFile bounds a file of variables, in bytes.
const maxEnvFile = 1 << 20

// secondSignal is closed by the second signal that asks for the end.
func (p *program) secondSignal() <-chan struct{} {
	second := make(chan struct{})
	if p.Signals == nil {
		return second
	}
	signals := p.Signals()
	go func() {
		<-signals // ends the context, too
		<-signals
		close(second)
	}()
	return second
}
