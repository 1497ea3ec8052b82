package planner

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// shownEntries bounds how much of a directory [Nothing] lists.
const shownEntries = 40

// Nothing says, for a plan without phases, what was looked for, what the app's root holds instead, and which files of it nothing here reads: lines
// without a final newline. A nil list stands for [providers.All].
func Nothing(tree *source.Tree, list []providers.Provider) string {
	if list == nil {
		list = providers.All()
	}
	var looked, unsupported strings.Builder
	for _, p := range list {
		fmt.Fprintf(&looked, "looked for %s: %s\n", p.Name, p.Looks)
		for name, way := range plan.Sorted(p.Unsupported) {
			if tree.HasFile(name) {
				unsupported.WriteString("\n" + way)
			}
		}
	}
	return fmt.Sprintf("%sfound in %s: %s%s", looked.String(), tree.Name(), rootEntries(tree), unsupported.String())
}

func rootEntries(tree *source.Tree) string {
	entries, err := tree.Entries()
	if err != nil {
		return err.Error()
	}
	if len(entries) == 0 {
		return "nothing"
	}
	var shown []string
	for i, entry := range entries {
		if i == shownEntries {
			shown = append(shown, fmt.Sprintf("and %d more", len(entries)-i))
			break
		}
		name := printable(entry.Name())
		if tree.HasDir(entry.Name()) {
			name += "/"
		}
		shown = append(shown, name)
	}
	return strings.Join(shown, ", ")
}

// printable quotes a name that could disturb a terminal or a log.
func printable(name string) string {
	if quoted := fmt.Sprintf("%q", name); quoted != `"`+name+`"` {
		return quoted
	}
	return name
}
