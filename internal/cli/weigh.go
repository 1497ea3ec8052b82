package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/report"
)

// weigh adds what the image is to the report, as its registry has it, and for a pull request what the base branch's is. Both are there to be read:
// what cannot be had is left out.
func (p *program) weigh(ctx context.Context, job ci.Job, im *image, b *report.Build) {
	if !b.Pushed || b.Digest == "" {
		return
	}
	repo, _, _ := cutTag(im.refs[0])
	b.Image = im.weighed(ctx, repo+"@"+b.Digest)
	if e := job.Event; e.Kind == ci.PullRequest && e.BaseBranch != "" {
		for _, ref := range p.namesOn(ctx, job, im, e.BaseBranch) {
			if b.Before = im.weighed(ctx, ref); b.Before != nil {
				return
			}
		}
	}
}

func (im *image) weighed(ctx context.Context, ref string) *report.Image {
	contents, err := im.registry.Contents(ctx, ref, im.platform)
	if err != nil {
		return nil
	}
	layers, err := contents.Layers()
	if err != nil {
		return nil
	}
	out := &report.Image{Ref: ref}
	for _, l := range layers {
		out.Size += l.Size
		out.Layers = append(out.Layers, report.Layer{Digest: l.Digest, Size: l.Size, By: l.By})
	}
	return out
}

// namesOn are what a push to a branch calls the image, the first few. Those that this job has pushed are not that branch's.
func (p *program) namesOn(ctx context.Context, job ci.Job, im *image, branch string) []string {
	settings, err := tagSettings(job)
	if err != nil {
		return nil
	}
	source := p.tagSource(job)
	source.Event, source.Ref, source.SHA = "push", "refs/heads/"+branch, ""
	source.Existing = func(image string) ([]string, error) { return im.registry.Tags(ctx, image) }
	made, err := settings.Make(source)
	if err != nil {
		return nil
	}
	names := slices.DeleteFunc(made.References, func(ref string) bool { return slices.Contains(im.refs, ref) })
	return names[:min(len(names), 3)]
}

// attested are the documents that stand beside a pushed image, in words.
func (im *image) attested() []string {
	var list []string
	if im.attest.sbom {
		list = append(list, "bill of materials (SPDX)")
	}
	if im.attest.provenance != "" {
		list = append(list, fmt.Sprintf("provenance (SLSA, mode %s)", im.attest.provenance), "the plan")
	}
	return list
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
