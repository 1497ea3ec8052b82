package job

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/tags"
)

// tagSettings reads the inputs that say what an image is called.
func tagSettings(job ci.Job) (tags.Settings, error) {
	in := job.Inputs
	images := []string(in.Images)
	if own := ownImage(job); len(images) == 0 && own != "" {
		images = []string{own}
	}
	s, err := tags.Parse(tags.Inputs{Images: images, Tags: in.Tags, Flavor: in.Flavor, Labels: in.Labels, Annotations: in.Annotations})
	if err != nil {
		return s, fault.Usage("see the inputs images, tags, flavor, labels and annotations", "%w", err)
	}
	return s, nil
}

// ownImage is the name that the system gives the job's image, "" if there is none. Some repositories have names that no image can have, such as
// .github: that is a mistake only where the image goes somewhere.
func ownImage(job ci.Job) string {
	rights := job.Event.Rights(job.Inputs)
	if _, err := tags.Image(job.Image); err != nil && (!rights.Build.Allowed || !rights.Push.Allowed && !bool(job.Inputs.Load)) {
		return ""
	}
	return job.Image
}

// name makes the names, labels and annotations of a job's image, and hands them on as outputs. indexed says that the image will have an index.
func (j Job) name(ctx context.Context, client *registry.Client, created time.Time, indexed bool) (build.Image, error) {
	image := build.Image{Created: created, Reproducible: bool(j.Inputs.Reproducible), Attributes: map[string]string{}}
	settings, err := tagSettings(j.Job)
	if err != nil {
		return image, err
	}
	source := j.tagSource()
	source.Created = created
	if settings.FollowsHighest() || j.Event.Rights(j.Inputs).Push.Allowed { // an image that is not pushed moves nothing
		source.Existing = func(image string) ([]string, error) { return client.Tags(ctx, image) }
	}
	made, err := settings.Make(source)
	if err != nil {
		var world interface{ ExitStatus() int } // a registry's trouble is not the user's
		if errors.As(err, &world) {
			return image, err
		}
		return image, fault.Usage("see the inputs images and tags", "%w", err)
	}
	for _, w := range made.Warnings {
		j.Sink.Warning(w)
	}
	image.Names, image.Labels = made.References, tags.Map(made.Labels)
	for _, level := range j.Metadata.Levels {
		prefix := build.Annotation + "."
		switch {
		case level == "index" && indexed:
			prefix = build.IndexAnnotation
		case level != "manifest": // an image alone has no index
			j.Sink.Warning("annotations of level " + strconv.Quote(level) + " are not written: the image is one manifest")
			continue
		}
		for name, value := range tags.Map(made.Annotations) {
			image.Attributes[prefix+name] = value
		}
	}
	text, err := made.JSON(j.Metadata.Levels)
	if err != nil {
		return image, err
	}
	return image, outputs(j.Job, "version", made.Version, "tags", strings.Join(made.Tags(), "\n"), "tag-names", strings.Join(made.Names, "\n"),
		"labels", strings.Join(made.Labels, "\n"), "annotations", strings.Join(made.Levelled(j.Metadata.Levels), "\n"), "json", text)
}

// tagSource is what the job says of itself, with the dates of the commit and of the run.
func (j Job) tagSource() tags.Source {
	e := j.Event
	s := tags.Source{
		Event: j.MetadataEvent(), Ref: e.Ref, SHA: j.MetadataSHA(), Short: j.Metadata.ShortSHA,
		Default: e.Default, Base: e.BaseBranch, Date: j.env().Date(), CommitDate: e.CommitDate,
		Project: tags.Project(e.About),
	}
	if ref := j.Inputs.CacheRef; strings.LastIndexByte(ref, ':') > strings.LastIndexByte(ref, '/') {
		s.Reserved = []string{ref[strings.LastIndexByte(ref, ':')+1:] + "-"}
	}
	if !s.CommitDate.IsZero() && s.SHA == e.SHA {
		return s
	}
	s.CommitDate = time.Time{}
	if repo, err := git.Open(j.checkout()); err == nil {
		if date, err := repo.Date(s.SHA); err == nil {
			s.CommitDate = date
		}
	}
	return s
}

// OwnImage is the name that the system gives the job's image, "" if there is none that an image can have.
func (j Job) OwnImage() string { return ownImage(j.Job) }
