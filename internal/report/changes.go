package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// minor are the fields of changes that follow from others, or that few care for.
var minor = []string{"after", "file", "cache", "path", "prune", "without"}

// changes is the table of what the commit changes, the risky first. The minor are folded away.
func (r *view) changes(rows int) string {
	if rows == 0 || r.Base == nil {
		return ""
	}
	var risky, others, small []plan.Change
	for _, c := range r.changed {
		switch {
		case risk(c, r.known) != "":
			risky = append(risky, c)
		case slices.Contains(minor, c.Field):
			small = append(small, c)
		default:
			others = append(others, c)
		}
	}
	columns := []string{"what", "change", "because of"}
	lines := func(list []plan.Change) (out []string) {
		for i, c := range list[:min(len(list), rows)] {
			mark := ""
			if i < len(risky) && risk(c, r.known) != "" {
				mark = "⚠️\u00a0"
			}
			out = append(out, row(mark+unbroken(subject(c)), change(c), r.cause(c)))
		}
		return out
	}
	all := slices.Concat(risky, others)
	text := table(columns, lines(all))
	if text != "" {
		text = "\n" + text
	}
	if more := len(all) - rows; more > 0 {
		text += fmt.Sprintf("\n*and %d more*\n", more)
	}
	if len(small) > 0 {
		body := table(columns, lines(small))
		if more := len(small) - rows; more > 0 {
			body += fmt.Sprintf("\n*and %d more*\n", more)
		}
		text += details(count(len(small), "small change", "small changes")+" to files, order and caches of phases", body)
	}
	return text
}

// unbroken keeps a few words on a line.
func unbroken(s string) string {
	if len(s) > 32 {
		return s
	}
	return strings.ReplaceAll(s, " ", "\u00a0")
}

// change is what was and what is.
func change(c plan.Change) string {
	was, is := code(truncate(c.Base, 200)), code(truncate(c.Head, 200))
	switch {
	case was == "":
		return "added " + is
	case is == "":
		return "removed " + was
	}
	return was + " → " + is
}

// subject is what a change is about, in words.
func subject(c plan.Change) string {
	field, name, _ := strings.Cut(c.Field, " ")
	switch {
	case c.Field == "cmd":
		return phaseName(c.Phase) + " command"
	case field == "variable", field == "asset":
		return named[field].one + " " + code(truncate(name, 80))
	case c.Phase == "" || c.Phase == "start" && c.Field != "file":
		if n, ok := named[c.Field]; ok {
			return n.one
		}
		return code(truncate(c.Field, 80))
	}
	words := map[string]string{
		"nix": "Nix package", "apt": "apt package", "nix-lib": "Nix library", "nix-overlay": "Nix overlay", "nixpkgs": "source of Nix packages",
		"after": "runs after", "file": "sees file", "cache": "cache directory", "path": "PATH", "secret": "secret", "prune": "prune command",
		"phase": "phase",
	}
	word, ok := words[c.Field]
	if !ok {
		word = code(truncate(c.Field, 80))
	}
	return phaseName(c.Phase) + ": " + word
}

// cause says where what is new in a change came from, or what is gone; "" if that is not known.
func (r *view) cause(c plan.Change) string {
	from := func(list []Origin, text string) *Origin {
		i := slices.IndexFunc(list, func(o Origin) bool {
			return text != "" && o.Phase == c.Phase && o.Field == c.Field && o.Text() == text
		})
		if i < 0 {
			return nil
		}
		return &list[i]
	}
	if o := from(r.Origins, c.Head); o != nil {
		return r.origin(*o)
	}
	if o := from(r.Base.Origins, c.Base); o != nil && c.Head == "" {
		return "before: " + (&view{}).origin(*o) // it is not in the commit that links lead to
	}
	return ""
}

// origin is where a fact came from: the file and the line, else who says so, and why.
func (r *view) origin(o Origin) string {
	from := r.link(o.File, o.Line)
	if from == "" {
		from = prose(truncate(o.By, 120))
	}
	if o.Why == "" {
		return from
	}
	return from + ": " + prose(truncate(o.Why, 300))
}

// upgraded are the parts of a cache's key that the plan decides, with the fields of changes that a commit makes in them.
var upgraded = []struct {
	part, words string
	fields      []string
}{
	{"nix packages", "Nix packages", []string{"nix", "nix-lib", "nix-overlay", "nixpkgs"}},
	{"apt packages", "apt packages", []string{"apt"}},
	{"static assets", "static files", []string{"asset"}},
	{"variables", "variables", []string{"variable"}},
	{"install commands", "install commands", []string{"cmd", "file", "path", "cache", "after", "phase", "prune"}},
	{"schema", "the form of caches", nil},
}

// elsewhere says what differs from the last build on the branch though the commit does not change it: the base image moved under its
// name, or another version of the tool, or other inputs, plan otherwise.
func (r *view) elsewhere() string {
	if r.Build == nil || r.Base == nil {
		return ""
	}
	fields := map[string]bool{}
	for _, c := range r.changed {
		field, _, _ := strings.Cut(c.Field, " ")
		fields[field], fields[c.Field] = true, true
	}
	var causes []string
	if slices.Contains(r.Build.CacheChanged, "base image") && !fields["build image"] {
		image := ""
		if r.Plan.BuildImage != nil {
			image = " " + code(truncate(*r.Plan.BuildImage, 120))
		}
		causes = append(causes, "**Base image moved:**"+image+" is another one under the same name, so all that stands on it is built anew.")
	}
	var parts []string
	for _, u := range upgraded {
		if slices.Contains(r.Build.CacheChanged, u.part) && !slices.ContainsFunc(u.fields, func(f string) bool { return fields[f] }) {
			parts = append(parts, u.words)
		}
	}
	if len(parts) > 0 {
		causes = append(causes, "**Our upgrade:** npx-action, or its inputs, plan "+enumerate(parts)+" otherwise than in the last build of the branch.")
	}
	if len(causes) == 0 {
		return ""
	}
	return "\nNot by this change:\n\n- " + strings.Join(causes, "\n- ") + "\n"
}
