// Package report writes the plan, what changed in it and how the build went, as Markdown for a pull request
// and as text for a terminal.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/internal/plan"
)

// A Report is what one run has to say about one app.
type Report struct {
	App       string // the app's directory in the repository, "." for its top
	SHA       string // the commit
	RunURL    string // "" outside CI
	Plan      plan.Plan
	Detected  []Detection
	Origins   []Origin // of the plan's facts, in the order to show; may be empty
	Base      *Base    // nil if there is nothing to compare with
	Notes     []string
	Warnings  []string
	Build     *Build // nil if nothing was built
	NotBuilt  string // why
	BaseError string // why the base commit's plan is unknown
}

// A Detection is a provider and why it applies.
type Detection struct{ Provider, Reason string }

// An Origin is a fact of the plan and, in words of one line, where it came from.
type Origin struct {
	plan.Fact
	From string
}

// Base is the plan of the commit to compare with.
type Base struct {
	SHA  string
	Plan plan.Plan
}

// Build says how a build went.
type Build struct {
	Digest   string // of the image, "" if the build failed
	Tags     []string
	Pushed   bool
	NotPush  string // why it was not pushed
	Promoted string // the reference of the image of the same content that was pushed and not built again, "" after a build
	Cache    string // exact, partial, none; "" without a cache
	CacheWhy string
	Steps    int
	Cached   int
	Duration time.Duration
	Failure  string  // what failed, with the last lines of its output; "" if nothing did
	Groups   []Group // of the steps, in the order in which they began
}

// Changed reports whether the plan differs from the base's. Without a base it does.
func (r Report) Changed() bool {
	return r.Base == nil || len(plan.Diff(r.Base.Plan, r.Plan)) > 0
}

// Limit is how many bytes a comment may have. GitHub stores 262144 and says 65536; this is below either.
const Limit = 60_000

// Markdown renders the comment in at most limit bytes: what is least needed goes first, and the text says what
// was left out.
func (r Report) Markdown(limit int) string {
	head := r.heading() + r.build() + r.changes(50) + r.phases(2000)
	origins := r.origins()
	full := details("Full plan", fence("json", string(r.Plan.JSON())))
	for _, text := range []string{head + origins + full + r.footer(), head + full + r.footer()} {
		if len(text) <= limit {
			return text
		}
	}
	dropped := "\n*The full plan is left out: it is too long for a comment.*\n"
	if text := head + dropped + r.footer(); len(text) <= limit {
		return text
	}
	text := r.heading() + r.build() + r.changes(10) + r.phases(120) + dropped + r.footer()
	if len(text) <= limit {
		return text
	}
	return r.heading() + "\n*The plan is too long for a comment; see the job's log.*\n" + r.footer()
}

func (r Report) heading() string {
	var b strings.Builder
	b.WriteString("### Build plan")
	if r.App != "." && r.App != "" {
		b.WriteString(" of " + code(truncate(r.App, 200)))
	}
	b.WriteString("\n\n")
	for i, d := range r.Detected {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "**%s**", d.Provider)
		if d.Reason != "" {
			b.WriteString(" because of " + code(truncate(d.Reason, 200)))
		}
	}
	if len(r.Detected) == 0 {
		b.WriteString("**No provider matched**; the plan comes from the configuration alone")
	}
	b.WriteString(".\n")
	for _, w := range r.Warnings[:min(len(r.Warnings), 10)] {
		b.WriteString("\n> [!WARNING]\n> " + code(truncate(w, 500)) + "\n")
	}
	return b.String()
}

func (r Report) changes(rows int) string {
	if r.Base == nil {
		if r.BaseError != "" {
			return "\nNo comparison with the base: " + code(truncate(r.BaseError, 300)) + ".\n"
		}
		return ""
	}
	base := code(r.Base.SHA[:min(len(r.Base.SHA), 7)])
	changes := plan.Diff(r.Base.Plan, r.Plan)
	if len(changes) == 0 {
		return "\n**No change** to the plan since " + base + ".\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n**The plan changes** since %s: %s\n\n| phase | field | base | head | because of |\n| --- | --- | --- | --- | --- |\n", base, code(truncate(plan.Headline(changes), 300)))
	for _, c := range changes[:min(len(changes), rows)] {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", code(truncate(cmp.Or(c.Phase, "plan"), 80)), code(truncate(c.Field, 120)),
			code(truncate(c.Base, 300)), code(truncate(c.Head, 300)), code(truncate(r.cause(c), 300)))
	}
	if more := len(changes) - rows; more > 0 {
		fmt.Fprintf(&b, "\n*and %d more*\n", more)
	}
	return b.String()
}

// cause says where what is new in a change came from, "" if that is not known.
func (r Report) cause(c plan.Change) string {
	i := slices.IndexFunc(r.Origins, func(o Origin) bool {
		return c.Head != "" && o.Phase == c.Phase && o.Field == c.Field && o.Text() == c.Head
	})
	if i < 0 {
		return ""
	}
	return r.Origins[i].From
}

// phases is the table of what will run, in the order in which it runs.
func (r Report) phases(width int) string {
	order, err := plan.Order(r.Plan.Phases)
	if err != nil {
		return "\n" + code(err.Error()) + "\n"
	}
	var b strings.Builder
	b.WriteString("\n| phase | installs | runs |\n| --- | --- | --- |\n")
	for _, name := range order {
		ph := r.Plan.Phases[name]
		installs := append(append([]string{}, ph.NixPkgs...), ph.AptPkgs...)
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code(truncate(name, 80)), cell(installs, width), cell(ph.Cmds, width))
	}
	if s := r.Plan.Start; s != nil && s.Cmd != nil {
		image := ""
		if s.RunImage != nil {
			image = "on " + code(*s.RunImage)
		}
		fmt.Fprintf(&b, "| start | %s | %s |\n", image, code(truncate(*s.Cmd, width)))
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n")
		for _, n := range r.Notes[:min(len(r.Notes), 20)] {
			b.WriteString("- " + code(truncate(n, 500)) + "\n")
		}
	}
	return b.String() + "\n"
}

// origins is the table of where each fact came from. The order of phases and what they copy is left to the full plan.
func (r Report) origins() string {
	var b strings.Builder
	for _, o := range r.Origins {
		if o.Field == "after" || o.Field == "file" {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", code(truncate(cmp.Or(o.Phase, "plan"), 80)), code(truncate(o.Field, 120)),
			code(truncate(o.Value, 200)), code(truncate(o.From, 300)))
	}
	if b.Len() == 0 {
		return ""
	}
	return details("Where each part comes from", "| phase | field | value | from |\n| --- | --- | --- | --- |\n"+b.String())
}

func cell(items []string, width int) string {
	var spans []string
	for _, item := range items {
		spans = append(spans, code(truncate(item, width)))
	}
	return strings.Join(spans, "<br>")
}

func (r Report) build() string {
	b := r.Build
	if b == nil {
		if r.NotBuilt == "" {
			return ""
		}
		return "\nNot built: " + code(r.NotBuilt) + ".\n"
	}
	var s strings.Builder
	if b.Failure != "" {
		return "\n**The build failed** after " + b.Duration.Round(time.Second/10).String() + ".\n\n" + fence("", truncate(b.Failure, 8000)) + timeline(b.Groups, timelineRows)
	}
	if b.Promoted != "" {
		fmt.Fprintf(&s, "\n**Promoted** in %s: an image of the same content was built before, as %s. Nothing was built and no layer was transferred.\n",
			b.Duration.Round(time.Second/10), code(b.Promoted))
		fmt.Fprintf(&s, "\nPushed %s as %s.\n", cell(b.Tags, 300), code(b.Digest))
		return s.String()
	}
	fmt.Fprintf(&s, "\n**Built** in %s, %d of %d steps cached", b.Duration.Round(time.Second/10), b.Cached, b.Steps)
	if b.Cache != "" {
		fmt.Fprintf(&s, "; dependency cache: **%s**", b.Cache)
		if b.CacheWhy != "" {
			s.WriteString(" (" + code(truncate(b.CacheWhy, 500)) + ")")
		}
	}
	s.WriteString(".\n")
	if b.Pushed {
		s.WriteString("\nPushed " + cell(b.Tags, 300) + " as " + code(b.Digest) + ".\n")
	} else if b.NotPush != "" {
		s.WriteString("\nNot pushed: " + code(b.NotPush) + ".\n")
	}
	return s.String() + timeline(b.Groups, timelineRows)
}

func (r Report) footer() string {
	var parts []string
	if r.SHA != "" {
		parts = append(parts, "commit "+code(r.SHA[:min(len(r.SHA), 7)]))
	}
	if r.RunURL != "" {
		parts = append(parts, "[run]("+r.RunURL+")")
	}
	if len(parts) == 0 {
		return ""
	}
	return "\n<sub>" + strings.Join(parts, " · ") + "</sub>\n"
}
