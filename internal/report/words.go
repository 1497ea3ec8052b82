package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-units"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// named is what changes are called in a headline, by field; what is not here is too small for one.
var named = map[string]struct{ one, many string }{
	"nix":         {"package", "packages"},
	"apt":         {"package", "packages"},
	"release":     {"release", "releases"},
	"nix-lib":     {"library", "libraries"},
	"nix-overlay": {"Nix overlay", "Nix overlays"},
	"nixpkgs":     {"source of Nix packages", "sources of Nix packages"},
	"variable":    {"variable", "variables"},
	"asset":       {"static file", "static files"},
	"secret":      {"secret", "secrets"},
	"build image": {"base image", "base images"},
	"run image":   {"base image of the app", "base images of the app"},
	"user":        {"user", "users"},
	"runtime":     {"kind of image", "kinds of image"},
	"phase":       {"phase", "phases"},
}

// shownInHeadline bounds how many changes a headline names.
const shownInHeadline = 4

// headline says in a few words what changed: versions of runtimes first, then the rest by kind, in the order of the changes.
func headline(changes []plan.Change) string { return capital(phrase(changes)) }

func phrase(changes []plan.Change) string {
	changes = movedRuntimes(withoutConsequences(changes))
	var versions, others []string
	minor := 0
	type kind struct{ noun, verb string }
	counted := map[kind][]string{} // what was added, removed or changed
	var kinds []kind
	plurals := map[string]string{}
	for _, c := range changes {
		if text, ok := upgrade(c); ok {
			if !slices.Contains(versions, text) {
				versions = append(versions, text)
			}
			continue
		}
		noun, plural, item, ok := nameOf(c)
		if !ok {
			minor++
			continue
		}
		k := kind{noun, verb(c)}
		if counted[k] == nil {
			kinds = append(kinds, k)
			plurals[noun] = plural
		}
		counted[k] = append(counted[k], item)
	}
	slices.SortStableFunc(kinds, func(a, b kind) int { return cmp.Compare(weigh(a.noun), weigh(b.noun)) })
	for _, k := range kinds {
		items := counted[k]
		if items[0] != "" { // the same in two phases is one
			items = slices.Compact(items)
		}
		switch {
		case len(items) > 1:
			others = append(others, fmt.Sprintf("%d %s %s", len(items), plurals[k.noun], k.verb))
		case items[0] != "":
			others = append(others, fmt.Sprintf("%s %s %s", k.noun, items[0], k.verb))
		default:
			others = append(others, k.noun+" "+k.verb)
		}
	}
	deciding := 0 // kinds that no number of versions drives out
	for _, k := range kinds {
		if weigh(k.noun) < unweighed {
			deciding++
		}
	}
	kept := min(len(versions), max(1, shownInHeadline-deciding))
	left := len(versions) - kept + minor
	all := append(versions[:kept:kept], others...)
	left += max(0, len(all)-shownInHeadline)
	all = all[:min(len(all), shownInHeadline)]
	switch {
	case len(all) == 0:
		return count(left, "small change", "small changes")
	case left > 0:
		all = append(all, fmt.Sprintf("%d more", left))
	}
	return strings.Join(all, ", ")
}

// unweighed is what [weigh] says of all other kinds.
const unweighed = 100

// weigh puts first in a headline what decides how the app runs.
func weigh(noun string) int {
	if i := slices.Index([]string{"start command", "start script", "base image", "base image of the app", "secret", "user"}, noun); i >= 0 {
		return i
	}
	return unweighed
}

// nameOf is what a change is about: a noun, and if it has a name of its own, that as code.
func nameOf(c plan.Change) (one, many, item string, ok bool) {
	value := c.Head
	if value == "" {
		value = c.Base
	}
	field, name, _ := strings.Cut(c.Field, " ")
	switch {
	case c.Field == "cmd" && c.Phase == "start":
		return "start command", "start commands", "", true
	case c.Field == "cmd":
		return phaseName(c.Phase) + " command", phaseName(c.Phase) + " commands", "", true
	case field == "variable", field == "asset":
		return named[field].one, named[field].many, code(shorten(name, 40)), true
	case field == "script":
		return phaseName(c.Phase) + " script", phaseName(c.Phase) + " scripts", code(shorten(name, 40)), true
	case c.Field == "release":
		tool, _, _ := strings.Cut(value, " ")
		return named[c.Field].one, named[c.Field].many, code(shorten(tool, 40)), true
	case c.Field == "nix", c.Field == "apt", c.Field == "nix-lib", c.Field == "secret":
		return named[c.Field].one, named[c.Field].many, code(shorten(value, 40)), true
	}
	n, ok := named[c.Field]
	return n.one, n.many, "", ok
}

// phaseName is a phase's name in a sentence: as code, but for phases that every plan has.
func phaseName(name string) string {
	if slices.Contains([]string{"setup", "install", "build", "start"}, name) {
		return name
	}
	return code(shorten(name, 40))
}

func verb(c plan.Change) string {
	switch {
	case c.Base == "":
		return "added"
	case c.Head == "":
		return "removed"
	}
	return "changed"
}

// upgrade recognises a runtime whose version changed, or that came or went, as a Nix package or as a release.
func upgrade(c plan.Change) (string, bool) {
	if c.Field != "nix" && c.Field != "release" {
		return "", false
	}
	was, from, before := providers.Recognise(c.Base)
	is, to, after := providers.Recognise(c.Head)
	switch {
	case before && after && was == is && from != to:
		return fmt.Sprintf("%s %s → %s", is, cmp.Or(from, "default"), cmp.Or(to, "default")), true
	case before && after && was != is:
		return fmt.Sprintf("%s → %s", strings.TrimSpace(was+" "+from), strings.TrimSpace(is+" "+to)), true
	case after && c.Base == "":
		return strings.TrimSpace(is+" "+to) + " added", true
	case before && c.Head == "":
		return strings.TrimSpace(was+" "+from) + " removed", true
	}
	return "", false
}

// withoutConsequences leaves out what a slim image is without where a release of the same tool changes: it is called by its version.
func withoutConsequences(changes []plan.Change) []plan.Change {
	tools := map[string]bool{}
	tool := func(value string) string {
		name, _, _ := strings.Cut(value, "@")
		return name
	}
	for _, c := range changes {
		if c.Field == "release" && tool(c.Base) == tool(c.Head) {
			tools[tool(c.Head)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(changes), func(c plan.Change) bool {
		return c.Field == "without" && tools[tool(cmp.Or(c.Head, c.Base))]
	})
}

// movedRuntimes makes one change of a runtime that a phase has had as a Nix package and has as a release, or the other way.
func movedRuntimes(changes []plan.Change) []plan.Change {
	out := slices.Clone(changes)
	for i, gone := range out {
		name, _, ok := providers.Recognise(gone.Base)
		if !ok || gone.Head != "" || gone.Field != "nix" && gone.Field != "release" {
			continue
		}
		j := slices.IndexFunc(out, func(c plan.Change) bool {
			other, _, ok := providers.Recognise(c.Head)
			return ok && other == name && c.Base == "" && c.Phase == gone.Phase && c.Field != gone.Field && (c.Field == "nix" || c.Field == "release")
		})
		if j >= 0 {
			out[i].Head, out[j] = out[j].Head, plan.Change{}
		}
	}
	return slices.DeleteFunc(out, func(c plan.Change) bool { return c == plan.Change{} })
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// enumerate joins words as in a sentence.
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// size is a number of bytes, for people.
func size(n int64) string {
	return units.CustomSize("%.3g %s", float64(n), 1000, []string{"B", "kB", "MB", "GB", "TB"})
}

// took is a duration, for people.
func took(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
