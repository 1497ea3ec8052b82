package providers

import (
	"fmt"

	"github.com/org/npx-action/internal/lazyregexp"
)

// submodulePath is the folder of a submodule, in .gitmodules.
var submodulePath = lazyregexp.New(`(?m)^[ \t]*path[ \t]*=[ \t]*([A-Za-z0-9_][A-Za-z0-9_./+-]*)[ \t]*\r?$`)

// emptySubmodules warns of submodules that are not checked out. The build cannot do so, because .git is never in it.
func emptySubmodules(app App) []string {
	text, err := app.Tree.Read(gitModules)
	if err != nil {
		return nil
	}
	for _, m := range submodulePath.FindAllStringSubmatch(text, -1) {
		if sub, err := app.Tree.Sub(m[1]); err == nil {
			entries, err := sub.Entries()
			sub.Close()
			if err != nil || len(entries) > 0 {
				continue
			}
		}
		return []string{fmt.Sprintf("the submodule %.60s is not checked out, and .git is never in the build; check submodules out before", m[1])}
	}
	return nil
}
