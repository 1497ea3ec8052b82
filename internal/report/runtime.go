package report

import (
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// runtimesOf are the runtimes of a plan in words, such as "Node.js 22", each once, in the order in which they are installed.
func runtimesOf(p plan.Plan) []string {
	var found []string
	seen := map[string]bool{}
	for _, f := range plan.Facts(p) {
		if f.Field != "nix" && f.Field != "release" {
			continue
		}
		if name, version, ok := providers.Recognise(f.Text()); ok && !seen[name] {
			seen[name] = true
			found = append(found, strings.TrimSpace(name+" "+version))
		}
	}
	return found
}
