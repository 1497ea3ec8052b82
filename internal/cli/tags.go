package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/tags"
)

// tagSettings reads the inputs that say what an image is called.
func tagSettings(job ci.Job) (tags.Settings, error) {
	in := job.Inputs
	images := []string(in.Images)
	if len(images) == 0 && job.Image != "" {
		images = []string{job.Image}
	}
	s, err := tags.Parse(tags.Inputs{Images: images, Tags: in.Tags, Flavor: in.Flavor, Labels: in.Labels, Annotations: in.Annotations})
	if err != nil {
		return s, usage("see the inputs images, tags, flavor, labels and annotations", "%w", err)
	}
	return s, nil
}

// name gives the image its names, labels and annotations, and hands them on as outputs.
func (p *program) name(ctx context.Context, job ci.Job, im *image) error {
	settings, err := tagSettings(job)
	if err != nil {
		return err
	}
	source := p.tagSource(job)
	if im.epoch, err = p.born(im.dir, job.Event.CommitDate); err != nil {
		return err
	}
	source.Created = im.epoch
	source.Existing = func(image string) ([]string, error) { return im.registry.Tags(ctx, image) }
	made, err := settings.Make(source)
	if err != nil {
		var world interface{ ExitStatus() int } // a registry's trouble is not the user's
		if errors.As(err, &world) {
			return err
		}
		return usage("see the inputs images and tags", "%w", err)
	}
	for _, w := range made.Warnings {
		job.Sink.Warning(w)
	}
	im.refs, im.labels = made.References, tags.Map(made.Labels)
	im.exporter = map[string]string{}
	for _, level := range job.Metadata.Levels {
		prefix := annotation + "."
		switch {
		case level == "index" && (im.attest != attest{} || len(p.options.platform.more) > 0):
			prefix = indexAnnotation
		case level != "manifest": // an image alone has no index
			job.Sink.Warning("annotations of level " + strconv.Quote(level) + " are not written: the image is one manifest")
			continue
		}
		for name, value := range tags.Map(made.Annotations) {
			im.exporter[prefix+name] = value
		}
	}
	text, err := made.JSON(job.Metadata.Levels)
	if err != nil {
		return err
	}
	return outputs(job, "version", made.Version, "tags", strings.Join(made.Tags(), "\n"), "tag-names", strings.Join(made.Names, "\n"),
		"labels", strings.Join(made.Labels, "\n"), "annotations", strings.Join(made.Levelled(job.Metadata.Levels), "\n"), "json", text)
}

// tagSource is what the job says of itself, with the dates of the commit and of the run.
func (p *program) tagSource(job ci.Job) tags.Source {
	e := job.Event
	s := tags.Source{
		Event: job.MetadataEvent(), Ref: e.Ref, SHA: job.MetadataSHA(), Short: job.Metadata.ShortSHA,
		Default: e.Default, Base: e.BaseBranch, Date: p.date(), CommitDate: e.CommitDate,
		Project: tags.Project(e.About),
	}
	if !s.CommitDate.IsZero() && s.SHA == e.SHA {
		return s
	}
	s.CommitDate = time.Time{}
	if repo, err := git.Open(p.checkout(job)); err == nil {
		if date, err := repo.Date(s.SHA); err == nil {
			s.CommitDate = date
		}
	}
	return s
}

// date is the one of the run, or that of the variable by which builds are made reproducible.
func (p *program) date() time.Time {
	if text, ok := p.lookup("SOURCE_DATE_EPOCH"); ok {
		if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
			return time.Unix(seconds, 0).UTC()
		}
	}
	return time.Now().UTC()
}
