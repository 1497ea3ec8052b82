package graph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// Epoch is the time, in seconds since 1970, that reproducible steps are told to write where they would write theirs: the
// first of 1980, the earliest that a zip archive can hold. It is one for all commits, since with the commit's own each commit
// would run each step anew.
const Epoch = 315532800

// dated are variables by which programs leave out time and chance. Python compiles modules by the hash of their source and in a
// fixed order: else a module names the time of its source, which is another one once times are rewritten, and each start of the
// image would compile it again. npm keeps no logs.
var dated = "export SOURCE_DATE_EPOCH=" + strconv.Itoa(Epoch) + " PYTHONHASHSEED=0 npm_config_logs_max=0 " + uncompiled + "; "

// tidy is the part of it that a slim image needs which is built with Node.js.
const tidy = "export " + uncompiled + "; "

// uncompiled makes Node.js keep no compiled code in /tmp, which programs such as npm and tsc ask it for.
const uncompiled = "NODE_DISABLE_COMPILE_CACHE=1"

// hasNode reports whether a package of Node.js is installed, such as nodejs_22, or a release of it.
func hasNode(p plan.Plan) bool {
	for _, ph := range p.Phases {
		if slices.ContainsFunc(ph.NixPkgs, func(pkg string) bool { return strings.HasPrefix(pkg, "nodejs") }) ||
			slices.ContainsFunc(ph.Releases, func(text string) bool { return strings.HasPrefix(text, "node@") }) {
			return true
		}
	}
	return false
}

// registrations is what Nix's database holds, less the times at which paths were registered: nix-store --load-db reads it.
const registrations = "/nix/nix-path-registration"

// withoutDates runs a command of Nix on a database made of the registrations, if there are some, and leaves them in its place.
func withoutDates(command string) string {
	return "if [ -e " + registrations + " ]; then nix-store --load-db < " + registrations + "; fi && " + command +
		" && nix-store --dump-db > " + registrations + " && rm -rf /nix/var/nix/db"
}
