package report

import (
	"fmt"
	"strings"
)

// status is the line that a reader reads if he reads one: what changed and what it means.
func (r *view) status() string {
	var facts []string
	add := func(text string) {
		if text != "" {
			facts = append(facts, text)
		}
	}
	first := ""
	switch r.State() {
	case Failed:
		first = "❌ **The build failed" + in(r.Build.Failed) + "** after " + took(r.Build.Duration)
		if len(r.changed) > 0 {
			add("the plan changes: " + headline(r.changed))
		} else if r.Base != nil {
			add("the plan does not change")
		}
		return strings.Join(append([]string{first}, facts...), " · ")
	case Differs:
		first = "🔄 **" + headline(r.changed) + "**"
	case Unchanged:
		first = "✅ **The plan does not change**"
	case New:
		first = "📦 **" + r.kind() + "**"
		if s := r.Plan.Start; s != nil && s.Cmd != nil {
			add("starts with " + code(truncate(*s.Cmd, 80)))
		}
	}
	add(r.rebuilt())
	b := r.Build
	if b == nil {
		if r.NotBuilt != "" {
			add("not built: " + prose(truncate(r.NotBuilt, 300)))
		}
		return strings.Join(append([]string{first}, facts...), " · ")
	}
	add(b.weight(r.Base))
	if cached, total := b.Cached(); cached > 0 && cached < total {
		add(fmt.Sprintf("%d of %d steps cached", cached, total))
	}
	add(took(b.Duration))
	return strings.Join(append([]string{first}, facts...), " · ")
}

func in(part string) string {
	if part == "" {
		return ""
	}
	return " in " + phaseName(part)
}

// kind is what sort of app it is, in words.
func (r *view) kind() string {
	if found := runtimesOf(r.Plan); len(found) > 0 {
		return strings.Join(found[:min(len(found), 4)], ", ")
	}
	var names []string
	for _, d := range r.Detected[:min(len(r.Detected), 4)] {
		names = append(names, code(truncate(d.Provider, 60)))
	}
	if len(names) == 0 {
		return "No provider matches; the plan is that of the configuration"
	}
	return strings.Join(names, ", ")
}

// weight is the size of the image, and how it differs from that of the base branch.
func (b *Build) weight(base *Base) string {
	if b.Image == nil {
		return ""
	}
	text := "image " + size(b.Image.Size)
	if b.Before == nil {
		return text
	}
	than := "before"
	if base != nil && base.Branch != "" {
		than = "on " + code(truncate(base.Branch, 80))
	}
	switch d := b.Image.Size - b.Before.Size; {
	case d > 0:
		text += ", **" + size(d) + " more** than " + than
	case d < 0:
		text += ", **" + size(-d) + " less** than " + than
	default:
		text += ", as " + than
	}
	return text
}
