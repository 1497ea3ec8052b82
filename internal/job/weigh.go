package job

import (
	"context"
	"slices"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
)

// addImageSize adds what the image is to the report, as its registry has it, and for a pull request what the base branch's is, and what that one's
// build was. All are there to be read: what cannot be had is left out.
func (j specifiedJob) addImageSize(ctx context.Context, names []string, b *report.Build) {
	client, platform := j.reach.Registry, j.spec.Apps[0].Platform
	if len(names) == 0 || b.Failure != "" {
		return
	}
	switch repo, _, _ := build.CutTag(names[0]); {
	case b.Pushed && b.Digest != "":
		b.Image = build.Weigh(ctx, client, repo+"@"+b.Digest, platform)
	case b.Promoted != "":
		b.Image = build.Weigh(ctx, client, b.Promoted, platform)
	}
	if e := j.Event; e.Kind == ci.PullRequest && e.BaseBranch != "" {
		for _, ref := range j.namesOn(ctx, client, names, e.BaseBranch) {
			if b.Before = build.Weigh(ctx, client, ref, platform); b.Before != nil {
				b.BeforeCost = build.CostOf(ctx, client, ref)
				return
			}
		}
	}
}

// namesOn are what a push to a branch calls the image, the first few. Images that this job has pushed are not that branch's.
func (j Job) namesOn(ctx context.Context, client *registry.Client, own []string, branch string) []string {
	settings, err := tagSettings(j.Job)
	if err != nil {
		return nil
	}
	source := j.tagSource()
	source.Event, source.Ref, source.SHA = "push", "refs/heads/"+branch, ""
	source.Existing = func(image string) ([]string, error) { return client.Tags(ctx, image) }
	made, err := settings.Make(source)
	if err != nil {
		return nil
	}
	names := slices.DeleteFunc(made.References, func(ref string) bool { return slices.Contains(own, ref) })
	return names[:min(len(names), 3)]
}

// filesAddress is where a forge shows the files of the job's commit, "" if that is not known.
func filesAddress(job ci.Job) string {
	url, sha := job.Event.About.URL, job.Event.Head
	switch {
	case url == "" || sha == "":
		return ""
	case job.System == ci.GitLab:
		return url + "/-/blob/" + sha
	}
	return url + "/blob/" + sha
}

// jobReport starts a report with what the job says of itself.
func jobReport(job ci.Job, r report.Report, app string) report.Report {
	r.App, r.Name, r.NoAlerts = app, job.Inputs.Name, job.System == ci.GitLab
	r.SHA, r.RunURL, r.Files = job.Event.Head, job.Event.RunURL, filesAddress(job)
	return r
}
