package graph

import "strconv"

// Epoch is the time, in seconds since 1970, that reproducible steps are told to write where they would write theirs: the
// first of 1980, the earliest that a zip archive can hold. It is one for all commits, since with the commit's own each commit
// would run each step anew.
const Epoch = 315532800

// dated are variables by which programs leave out time and chance. Python compiles modules by the hash of their source and in a
// fixed order: else a module names the time of its source, which is another one once times are rewritten, and each start of the
// image would compile it again. npm keeps no logs, and Node.js no compiled code in /tmp.
var dated = "export SOURCE_DATE_EPOCH=" + strconv.Itoa(Epoch) + " PYTHONHASHSEED=0 npm_config_logs_max=0 NODE_DISABLE_COMPILE_CACHE=1; "

// registrations is what Nix's database holds, less the times at which paths were registered: nix-store --load-db reads it.
const registrations = "/nix/nix-path-registration"

// undated runs a command of Nix on a database made of the registrations, if there are some, and leaves them in its place.
func undated(command string) string {
	return "if [ -e " + registrations + " ]; then nix-store --load-db < " + registrations + "; fi && " + command +
		" && nix-store --dump-db > " + registrations + " && rm -rf /nix/var/nix/db"
}
