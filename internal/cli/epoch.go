package cli

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/graph"
)

// born is the time that an image is dated with: that of SOURCE_DATE_EPOCH, else of the commit if the caller knows it, else of the
// commit that is checked out in dir. It is zero if there is none of them.
func (p *program) born(dir string, commit time.Time) (time.Time, error) {
	if text, _ := p.lookup("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds < 0 {
			return time.Time{}, usage("give seconds since 1970, such as git log -1 --format=%ct prints",
				"reading SOURCE_DATE_EPOCH: %q is no time", text)
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	if !commit.IsZero() {
		return commit.UTC(), nil
	}
	repo, err := git.Open(dir)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // most directories without a commit are just that
	}
	date, err := repo.Date("HEAD")
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // as before the first commit
	}
	return date.UTC(), nil
}

// created is the date of the image for its configuration; nil leaves the builder's clock.
func (im *image) created() *time.Time {
	if im.epoch.IsZero() && im.reproducible {
		return new(time.Unix(graph.Epoch, 0).UTC())
	}
	if im.epoch.IsZero() {
		return nil
	}
	return &im.epoch
}

// reproduce asks for files that are no newer than the image. The layers of the base image stay as they are.
func (im *image) reproduce(req *builder.Request, g *graph.Graph) {
	if !im.reproducible {
		return
	}
	if base, ok := g.Nodes[g.StageOf(g.Output)].Op.(graph.Image); ok {
		req.BaseConfig = base.Config
	}
	images := []string{builder.Push, builder.OCI, builder.Docker, builder.Load}
	for i, e := range req.Exports {
		attrs := map[string]string{"source-date-epoch": strconv.FormatInt(im.created().Unix(), 10)}
		if slices.Contains(images, e.Kind) {
			attrs["rewrite-timestamp"] = "true"
		}
		maps.Copy(attrs, e.Attrs)
		req.Exports[i].Attrs = attrs
	}
}
