package report

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// SummaryLimit is how many bytes a summary may have: GitHub shows none that has over a megabyte.
const SummaryLimit = 1_000_000

// Summary is the page of a job, in at most limit bytes: what the comment says, and how the build went. It says what was left out.
func (report Report) Summary(limit int) string {
	r := report.view()
	if r.Problem != nil {
		return r.heading(false) + r.problem(20_000) + r.footer()
	}
	chapters := []string{
		r.heading(false) + r.status() + "\n" + r.alert(levels[0]) + r.failure() + r.changes(200) + r.elsewhere() + r.incomparable() + r.olds(50),
		r.pushed(), chapter("Timeline", r.timeline()), chapter("Cache", r.cache()), chapter("Image", r.layers()),
		chapter("Plan", r.phases(1000, r.Build != nil && len(r.Build.Steps) > 0)),
		r.origins(),
		details("The plan as JSON", fence("json", string(r.Plan.JSON()))),
	}
	var b strings.Builder
	left := limit - len(r.footer()) - 200
	dropped := false
	for _, text := range chapters {
		if len(text) > left {
			dropped = true
			continue
		}
		left -= len(text)
		b.WriteString(text)
	}
	if dropped {
		b.WriteString("\n*This summary leaves out the parts that are too long; the plan is the output `plan` of the run.*\n")
	}
	return b.String() + r.footer()
}

func chapter(title, text string) string {
	if text == "" {
		return ""
	}
	return "\n#### " + title + "\n\n" + text
}

func (r *view) failure() string {
	if r.Build == nil || r.Build.Failure == "" {
		return ""
	}
	return "\n" + fence("", truncate(r.Build.Failure, 20_000))
}

var commitName = lazyregexp.New(`\b[0-9a-f]{40}\b`)

// shortCommits shortens the names of commits in a text.
func shortCommits(text string) string {
	return commitName.ReplaceAllStringFunc(text, func(name string) string { return name[:7] })
}

func (r *view) incomparable() string {
	if r.Base != nil || r.BaseError == "" {
		return ""
	}
	return "\nNo comparison with the base: " + prose(truncate(shortCommits(r.BaseError), 300)) + ".\n"
}

// pushed says where the image is.
func (r *view) pushed() string {
	b := r.Build
	if b == nil || b.Failure != "" {
		return ""
	}
	var s strings.Builder
	if b.Promoted != "" {
		s.WriteString("\nAn image of the same content was built before, as " + code(b.Promoted) + ": nothing was built and no layer was transferred.\n")
	}
	switch {
	case b.Pushed:
		s.WriteString("\nPushed as " + code(b.Digest) + ":\n\n")
		for _, tag := range b.Tags {
			s.WriteString("- " + code(tag) + "\n")
		}
		if len(b.Attested) > 0 {
			s.WriteString("\nBeside it: " + prose(enumerate(b.Attested)) + ".\n")
		}
	case b.NotPush != "":
		s.WriteString("\nNot pushed: " + prose(b.NotPush) + ".\n")
	}
	return s.String() + before("\nTried before the push:\n\n", b.trial())
}

// trial says what the trial of the image found. Logs of programs may be long.
func (b *Build) trial() string {
	if b == nil {
		return ""
	}
	var s strings.Builder
	for _, line := range b.Trial {
		s.WriteString("- " + prose(truncate(line, 300)) + "\n")
	}
	return s.String()
}

func (r *view) timeline() string {
	if r.Build == nil {
		return ""
	}
	return r.Build.timeline()
}

// cache is what a build had from earlier ones, and what it leaves to later ones.
func (r *view) cache() string {
	b := r.Build
	if b == nil || b.Cache == "" {
		return ""
	}
	lines := []string{"Dependencies: **" + prose(b.Cache) + "**" + before(", ", prose(truncate(b.CacheWhy, 500)))}
	if cached, total := b.Cached(); total > 0 {
		lines = append(lines, fmt.Sprintf("Steps: %d of %d cached", cached, total))
	}
	for _, ref := range b.CacheFrom {
		lines = append(lines, "Read: "+code(shorten(ref, 300)))
	}
	if b.CacheTo != "" {
		lines = append(lines, "Written: "+code(shorten(b.CacheTo, 300)))
	}
	return "- " + strings.Join(append(lines, "Key: "+code(b.CacheKey)), "\n- ") + "\n"
}

func before(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}

// layers is the image as the registry stores it.
func (r *view) layers() string {
	b := r.Build
	if b == nil || b.Image == nil {
		return ""
	}
	var lines []string
	for i, l := range b.Image.Layers {
		digest := strings.TrimPrefix(l.Digest, "sha256:")
		lines = append(lines, row(fmt.Sprint(i+1), size(l.Size), code(digest[:min(len(digest), 12)]), code(shorten(l.By, 120))))
	}
	text := b.weight(r.Base)
	text = strings.ToUpper(text[:1]) + text[1:] + ", compressed, in " + count(len(lines), "layer", "layers") + ".\n"
	return text + details("The layers, the lowest first", table([]string{" ", " size", "digest", "made by"}, lines))
}
