package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/git"
)

// appsFile is where a job of GitLab leaves the child pipeline, in its checkout.
const appsFile = "npx-apps.yml"

// discoverJob finds the apps that the event of a job affects, and hands them on to other jobs. An error is printed as others of a
// job are.
func (p *program) discoverJob(ctx context.Context, job ci.Job, archive archiver) error {
	result, err := p.discoverApps(ctx, job, archive)
	if err == nil {
		err = p.handOn(job, result)
	}
	if err != nil {
		text, hint := message(err)
		job.Sink.Error(strings.TrimSuffix(text+"; "+hint, "; "))
	}
	return err
}

// discoverApps finds the apps. Directories are relative to the checkout, as those of inputs are.
func (p *program) discoverApps(ctx context.Context, job ci.Job, archive archiver) (discover.Result, error) {
	in := job.Inputs
	dir, err := within(p.checkout(job), in.Context)
	if err != nil {
		return discover.Result{}, err
	}
	images, err := discoverImages(job)
	if err != nil {
		return discover.Result{}, err
	}
	// Without a repository there is no remote to be named after, and nothing to compare with: both are said where they matter.
	repo, _ := git.Open(dir)
	result, err := p.findApps(dir, repo, images)
	if err != nil {
		return result, err
	}
	for _, w := range result.Warnings {
		job.Sink.Warning(w)
	}
	base := cmp.Or(in.BaseRef, job.Event.Base)
	switch {
	case !bool(in.Affected):
	case base == "":
		job.Sink.Notice("the event has no commit to compare with: all apps are affected")
	default:
		changed, err := affectedSince(ctx, result, dir, base, archive)
		if err != nil {
			job.Sink.Warning("all apps are taken to be affected, as there is no comparison with the base: " + err.Error())
			break
		}
		job.Sink.Notice(fmt.Sprintf("%d of %d apps are affected since %.12s", len(changed.Apps), len(result.Apps), base))
		result = changed
	}
	prefix := filepath.ToSlash(filepath.Clean(in.Context))
	for i := range result.Apps {
		a := &result.Apps[i]
		a.Directory, a.Context = path.Join(prefix, a.Directory), path.Join(prefix, a.Context)
	}
	return result, nil
}

// discoverImages are the names to which those of apps are added.
func discoverImages(job ci.Job) ([]string, error) {
	images := []string(job.Inputs.Images)
	if len(images) == 0 && job.Image != "" {
		images = []string{job.Image}
	}
	if i := slices.IndexFunc(images, func(s string) bool { return strings.ContainsAny(s, ",=") }); i >= 0 {
		return nil, usage("give one name a line", "reading input images: in mode discover %q is no name of an image", images[i])
	}
	return images, nil
}

// handOn gives the apps to the jobs that follow.
func (p *program) handOn(job ci.Job, result discover.Result) error {
	if text, err := textOfApps(result); err != nil {
		return err
	} else if err := job.Sink.Log(func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return fmt.Errorf("writing the apps: %w", err)
	}
	if err := outputs(job, "count", strconv.Itoa(len(result.Apps))); err != nil {
		return err
	}
	if job.System == ci.GitHub {
		matrix, err := result.Matrix()
		if err != nil {
			return tooMany(err)
		}
		return outputs(job, "matrix", matrix)
	}
	text, err := result.Pipeline(component(linked))
	if err != nil {
		return tooMany(err)
	}
	f, err := create(p.checkout(job), appsFile)
	if err != nil {
		return fmt.Errorf("writing %s: %w", appsFile, err)
	}
	_, err = io.WriteString(f, text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", appsFile, err)
	}
	return nil
}
