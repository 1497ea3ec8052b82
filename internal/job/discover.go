package job

import (
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/reserved"
	"github.com/org/npx-action/internal/tags"
)

// discoverJob finds the apps that the event of a job affects, and hands them on to other jobs.
func (j Job) discoverJob(ctx context.Context) error {
	result, err := j.discoverApps(ctx)
	if err == nil {
		err = j.handOn(result)
	}
	return refuse(j.Job, err)
}

// discoverApps finds the apps. Directories are relative to the checkout, as directories of inputs are.
func (j Job) discoverApps(ctx context.Context) (discover.Result, error) {
	in := j.Inputs
	dir, err := checkout.Directory(j.checkout(), in.Context)
	if err != nil {
		return discover.Result{}, err
	}
	images, err := discoverImages(j.Job)
	if err != nil {
		return discover.Result{}, err
	}
	// Without a repository there is no remote to be named after, and nothing to compare with: both are said where they matter.
	repo, _ := git.Open(dir)
	result, err := j.options.FindApps(dir, repo, images)
	if err != nil {
		return result, err
	}
	for _, w := range result.Warnings {
		j.Sink.Warning(w)
	}
	base, archive, err := j.baseOf(ctx, dir)
	switch {
	case !bool(in.Affected):
	case err != nil:
		j.Sink.Warning("all apps are taken to be affected, as there is no comparison with the base: " + err.Error())
	case base == "":
		j.Sink.Notice("the event has no commit to compare with: all apps are affected")
	default:
		changed, err := project.AffectedSince(ctx, result, dir, base, archive)
		if err != nil {
			j.Sink.Warning("all apps are taken to be affected, as there is no comparison with the base: " + err.Error())
			break
		}
		j.Sink.Notice(fmt.Sprintf("%d of %d apps are affected since %.12s", len(changed.Apps), len(result.Apps), base))
		result = changed
	}
	prefix := filepath.ToSlash(filepath.Clean(in.Context))
	for i := range result.Apps {
		a := &result.Apps[i]
		a.Directory, a.Context = path.Join(prefix, a.Directory), path.Join(prefix, a.Context)
	}
	return result, nil
}

// discoverImages are the names to which the names of apps are added.
func discoverImages(job ci.Job) ([]string, error) {
	images := slices.Clone([]string(job.Inputs.Images))
	if own := ownImage(job); len(images) == 0 && own != "" {
		images = []string{own}
	}
	if i := slices.IndexFunc(images, func(s string) bool { return strings.ContainsAny(s, ",=") }); i >= 0 {
		return nil, fault.Usage("give one name a line", "reading input images: in mode discover %q is no name of an image", images[i])
	}
	for i, image := range images {
		if _, err := tags.Image(strings.ReplaceAll(image, "{name}", "app")); err != nil {
			return nil, fault.Usage("give names such as ghcr.io/me/app, in the input images", "%w", err)
		}
		images[i] = strings.ToLower(image)
	}
	return images, nil
}

// logWidth is how wide a table in a job's log is.
const logWidth = 120

// handOn gives the apps to the jobs that follow.
func (j Job) handOn(result discover.Result) error {
	if text, err := result.JSON(); err != nil {
		return err
	} else if err := j.world.guard.Check("the apps", text); err != nil { // before YAML has escaped them
		return err
	}
	text := project.Table(result, logWidth)
	if err := j.Sink.Log(func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	if err := outputs(j.Job, "count", strconv.Itoa(len(result.Apps))); err != nil {
		return err
	}
	if j.System == ci.GitHub {
		matrix, err := result.Matrix()
		if err != nil {
			return project.TooMany(err)
		}
		return outputs(j.Job, "matrix", matrix)
	}
	text, err := result.Pipeline(j.world.Component)
	if err != nil {
		return project.TooMany(err)
	}
	return j.publish(j.checkout(), reserved.Apps, text)
}
