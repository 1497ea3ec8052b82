package plan

import (
	"fmt"
	"strings"
)

// Headline sums up what [Diff] found in a few words, such as "nodejs 18→20, +1 apt, 2 cmd changed": the packages
// that changed their version, each once, then how many of each field were added, removed and changed, in the order in
// which the fields first appear. It is empty if nothing changed. It has no length limit but is of one line.
func Headline(changes []Change) string {
	var parts []string
	seen := map[string]bool{}
	counts := map[string]*[3]int{} // added, removed, changed
	var fields []string
	for _, c := range changes {
		if text, ok := upgrade(c); ok {
			if !seen[text] {
				seen[text] = true
				parts = append(parts, text)
			}
			continue
		}
		field := c.Field
		for _, f := range planFields {
			if f.dict != nil && strings.HasPrefix(field, f.label+" ") {
				field = f.label
			}
		}
		if counts[field] == nil {
			counts[field] = new([3]int)
			fields = append(fields, field)
		}
		switch {
		case c.Base == "":
			counts[field][0]++
		case c.Head == "":
			counts[field][1]++
		default:
			counts[field][2]++
		}
	}
	for _, field := range fields {
		for i, format := range []string{"+%d %s", "-%d %s", "%d %s changed"} {
			if n := counts[field][i]; n > 0 {
				parts = append(parts, fmt.Sprintf(format, n, field))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// upgrade recognises a package of which one version number changed.
func upgrade(c Change) (text string, ok bool) {
	if c.Field != "nix" && c.Field != "apt" || strings.ContainsAny(c.Base, " ()[]{}") {
		return "", false
	}
	base, head := versions.FindAllStringIndex(c.Base, -1), versions.FindAllStringIndex(c.Head, -1)
	if len(base) != 1 || len(head) != 1 || stem(c.Base) != stem(c.Head) {
		return "", false
	}
	name := strings.TrimRight(c.Base[:base[0][0]], "-_.@=")
	number := func(s string, at []int) string { return strings.ReplaceAll(s[at[0]:at[1]], "_", ".") }
	return strings.TrimSpace(name + " " + number(c.Base, base[0]) + "→" + number(c.Head, head[0])), true
}
