package report

import (
	"slices"
	"strings"
)

// status is the line that a reader reads if he reads one: what changed. Below it is what that comes to.
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
		first = "❌ **The build failed" + in(r.Build.Failed) + "**"
		if r.Build.Failed == "" && len(r.Build.Steps) == 0 {
			first = "❌ **Nothing was built**"
		}
		if r.Build.Duration > 0 {
			first += " after " + took(r.Build.Duration)
		}
		if len(r.changed) > 0 {
			add("the plan changes: " + r.headline())
		} else if r.Base != nil && len(r.runs)+len(r.Dependencies)+len(r.Places)+len(r.Replaced)+len(r.inputs()) > 0 {
			add(r.headline())
			add("the plan does not change")
		} else if r.Base != nil {
			add("the plan does not change")
		}
		return join(append([]string{first}, facts...))
	case Differs:
		first = "🔄 **" + r.headline() + "**"
		if len(r.changed) == 0 {
			add("the plan does not change")
		}
	case Unchanged:
		first = "✅ **The plan does not change**"
	case New:
		first = "📦 **" + r.kind() + "**"
		if s := r.Plan.Start; s != nil && s.Cmd != nil {
			add("starts with " + code(shorten(*s.Cmd, 80)))
		}
	}
	text := join(append([]string{first}, facts...))
	effects := []string{r.rebuilt()}
	if effects[0] == "" {
		effects = []string{r.touches(), r.key()}
	}
	return text + before("\n\n", capital(join(append(effects, r.figures()...))))
}

// figures are what a build came to, or why there was none.
func (r *view) figures() []string {
	b := r.Build
	if b == nil {
		if r.NotBuilt == "" {
			return nil
		}
		return []string{"not built: " + prose(truncate(r.NotBuilt, 300))}
	}
	return []string{b.weight(r.Base), b.time(r.Base), b.transfers(r.Base)}
}

// headline is what differs from the base, in a few words.
func (r *view) headline() string {
	var parts []string
	if was, is := detectedNames(r.Base.Detected), detectedNames(r.Detected); was != is && was != "" && is != "" {
		parts = append(parts, "provider "+was+" → "+is)
	}
	counted := slices.DeleteFunc(r.all(), r.broughtByProvider)
	if len(counted) > 0 {
		parts = append(parts, phrase(counted))
	}
	if len(parts) == 0 && len(r.changed) > 0 {
		parts = append(parts, "variables of the provider")
	}
	if text := r.placeHeadline(); text != "" {
		parts = append(parts, text)
	}
	if text := r.replacedHeadline(); text != "" {
		parts = append(parts, text)
	}
	if text := r.dependencyHeadline(); text != "" {
		parts = append(parts, text)
	}
	if files := r.inputs(); len(parts) == 0 && len(files) > 0 {
		parts = append(parts, "other content in "+someNames(files))
	}
	if n := len(r.fresh); len(parts) == 0 && n > 0 {
		parts = append(parts, count(n, "new warning", "new warnings"))
	}
	return capital(strings.Join(parts, ", "))
}

// detectedNames are the names of the detected providers, as Markdown.
func detectedNames(list []Detection) string {
	var names []string
	for _, d := range list[:min(len(list), 4)] {
		names = append(names, code(shorten(d.Provider, 60)))
	}
	return enumerate(names)
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
		names = append(names, code(shorten(d.Provider, 60)))
	}
	if len(names) == 0 {
		return "No provider matches; the configuration makes the plan"
	}
	return strings.Join(names, ", ")
}

// join makes a line of facts, of which some may be empty.
func join(facts []string) string {
	return strings.Join(slices.DeleteFunc(facts, func(s string) bool { return s == "" }), " · ")
}
