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
	var risky, others, small, given []plan.Change
	for _, c := range r.all() {
		switch {
		case r.risky(c) != "":
			risky = append(risky, c)
		case slices.Contains(minor, c.Field):
			small = append(small, c)
		case r.broughtByProvider(c):
			given = append(given, c)
		default:
			others = append(others, c)
		}
	}
	all := slices.Concat(gravest(risky), gravest(others))
	lines := append(r.placeRows(), r.replacedRows()...)
	for i, c := range all[:min(len(all), rows)] {
		mark := ""
		if i < len(risky) {
			mark = "⚠️ "
		}
		lines = append(lines, r.line(mark, c))
	}
	if len(given) > 0 {
		lines = append(lines, r.variables(given))
	}
	lines = append(lines, r.dependencyRows()...)
	if files := r.inputs(); len(files) > 0 {
		lines = append(lines, row("files that install reads", "other content in "+someNames(files)))
	}
	text := before("\n", table(changeColumns, lines))
	if more := len(all) - rows; more > 0 {
		text += fmt.Sprintf("\n*and %d more*\n", more)
	}
	for _, file := range r.NewLocks {
		text += "\nOnly one of the commits has dependencies in " + code(shorten(file, 100)) + ", so they are not compared.\n"
	}
	return text + r.small(small, rows) + r.dependencyList(rows)
}

var changeColumns = []string{"what", "change"}

// line is the row of a change, with its cause below it: a third column would be off the screen of a telephone.
func (r *view) line(mark string, c plan.Change) string {
	text := change(c)
	if cause := r.cause(c); cause != "" {
		text += "<br><sub>" + cause + "</sub>"
	}
	return row(mark+subject(c), text)
}

func (r *view) small(changes []plan.Change, rows int) string {
	if len(changes) == 0 {
		return ""
	}
	var lines []string
	for _, c := range changes[:min(len(changes), rows)] {
		lines = append(lines, r.line("", c))
	}
	body := table(changeColumns, lines)
	if more := len(changes) - rows; more > 0 {
		body += fmt.Sprintf("\n*and %d more*\n", more)
	}
	return details(count(len(changes), "small change", "small changes")+" to files, order and caches of phases", body)
}

// broughtByProvider reports whether a change is a variable that a provider brings or takes along, which nobody has written.
func (r *view) broughtByProvider(c plan.Change) bool {
	if !strings.HasPrefix(c.Field, "variable ") || c.Base != "" && c.Head != "" {
		return false
	}
	if c.Head == "" {
		return r.brought[field{c.Phase, c.Field}]
	}
	return r.brings[field{c.Phase, c.Field}]
}

// A field is a part of a plan, of a phase or of the plan itself.
type field struct{ phase, name string }

// providedFields are the fields that a provider has set.
type providedFields map[field]bool

func providedBy(origins []Origin) providedFields {
	all, seen := providedFields{}, map[field]bool{}
	for _, o := range origins {
		f := field{o.Phase, o.Field}
		if !seen[f] { // the first says whose it is
			all[f] = strings.HasPrefix(o.By, "provider ")
		}
		seen[f] = true
	}
	return all
}

// shownVariables bounds how many of a provider's variables are named.
const shownVariables = 12

// variables is the row of the variables that a provider brings or takes along.
func (r *view) variables(changes []plan.Change) string {
	named := map[string][]string{}
	for _, c := range changes {
		named[verb(c)] = append(named[verb(c)], code(shorten(strings.TrimPrefix(c.Field, "variable "), 60)))
	}
	var parts []string
	for _, verb := range []string{"removed", "added"} {
		list := named[verb]
		if more := len(list) - shownVariables; more > 0 {
			list = append(list[:shownVariables:shownVariables], fmt.Sprintf("%d more", more))
		}
		if len(list) > 0 {
			parts = append(parts, verb+" "+enumerate(list))
		}
	}
	return row("variables of the provider", strings.Join(parts, "<br>"))
}

// subject is what a change is about, in words.
func subject(c plan.Change) string {
	field, name, _ := strings.Cut(c.Field, " ")
	switch {
	case c.Field == "cmd":
		return phaseName(c.Phase) + " command"
	case field == "variable", field == "asset":
		return named[field].one + " " + code(shorten(name, 80))
	case field == "script":
		return phaseName(c.Phase) + ": script " + code(shorten(name, 80))
	case c.Phase == "" || c.Phase == "start" && c.Field != "file":
		if n, ok := named[c.Field]; ok {
			return n.one
		}
		return code(shorten(c.Field, 80))
	}
	words := map[string]string{
		"nix": "Nix package", "release": "release", "apt": "apt package", "nix-lib": "Nix library", "nix-overlay": "Nix overlay", "nixpkgs": "source of Nix packages",
		"after": "runs after", "file": "sees file", "cache": "cache directory", "path": "PATH", "secret": "secret", "prune": "prune command",
		"phase": "phase",
	}
	word, ok := words[c.Field]
	if !ok {
		word = code(shorten(c.Field, 80))
	}
	return phaseName(c.Phase) + ": " + word
}

// cause says where the new text of a change came from, or the one that is gone; "" if that is not known.
func (r *view) cause(c plan.Change) string {
	if s := r.script(c); s != nil {
		return r.link(s.File, s.Line) + ", run by " + code(shorten(s.Command, 80))
	}
	switch o := r.originOf(c); {
	case o == nil:
		return ""
	case c.Head == "":
		return "before: " + (&view{}).origin(*o) // it is not in the commit that links lead to
	default:
		return r.origin(*o)
	}
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

// A keyPart is a part of a cache's key, in the words of package cache and in ours, with the fields of changes that are about it.
type keyPart struct {
	part, words string
	fields      []string
}

// upgraded are the parts of a cache's key that the plan decides, with the fields of changes that a commit makes in them.
var upgraded = []keyPart{
	{"base image", "base image", nil},
	{"nix packages", "Nix packages", []string{"nix", "nix-lib", "nix-overlay", "nixpkgs"}},
	{"releases", "releases", []string{"release"}},
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
		images := r.Plan.BuildImages()
		for i, ref := range images {
			images[i] = code(shorten(ref, 120))
		}
		causes = append(causes, "**Base image moved:** "+strings.Join(images, " or ")+" is another one under the same name, so all that stands on it is built anew.")
	}
	var parts []string
	for _, u := range upgraded[1:] {
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
