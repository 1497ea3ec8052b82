package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// source finds where a text downloads from: the host of a URL, or of a repository in git's short form.
var source = lazyregexp.New(`(?i)\b(?:[a-z][a-z0-9+.-]*://(?:[^\s/@'"]*@)?|[a-z0-9_-]+@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)

// versionLike tells pnpm@10.2.0 from git@10.0.0.1:a/b, in which a colon follows.
var versionLike = lazyregexp.New(`^[0-9]+\.[0-9]`)

// sources are the hosts that a plan's texts name.
func sources(p plan.Plan) map[string]bool {
	hosts := map[string]bool{}
	for _, f := range plan.Facts(p) {
		maps.Copy(hosts, hostsIn(f.Value))
	}
	return hosts
}

func hostsIn(text string) map[string]bool {
	hosts := map[string]bool{}
	if strings.Contains(text, "://") || strings.Contains(text, "@") {
		for _, m := range source.FindAllStringSubmatchIndex(text, -1) {
			host, rest := strings.ToLower(text[m[2]:m[3]]), text[m[3]:]
			schemed := strings.Contains(text[m[0]:m[2]], "://")
			if schemed || !versionLike.MatchString(host) || strings.HasPrefix(rest, ":") {
				hosts[host] = true
			}
		}
	}
	if !downloads(text) {
		return hosts
	}
	for _, m := range download.FindAllStringSubmatch(text, -1) {
		for _, host := range bareHosts(strings.Fields(m[1])) {
			hosts[host] = true
		}
	}
	return hosts
}

var (
	// download finds a program that fetches addresses, with its arguments.
	download = lazyregexp.New(`\b(?:curl|wget)((?:[ \t]+[^\s|;&()<>` + "`" + `]+)+)`)
	// bare is an address without a scheme, which such a program takes too.
	bare = lazyregexp.New(`^["']?((?:[a-z0-9-]+\.)+[a-z0-9-]+)(?:[:/].*)?["']?$`)
	// valued are the options of such programs whose next word is no address.
	valued = lazyregexp.New(`^(?:-[a-zA-Z]*[oOHdAbcEeFKmrTtuwxXz]|--(?:output|output-document|header|data|user-agent|user|request|cacert|cert|key|form|max-time|retry))$`)
	// piped is a download that a shell or another interpreter runs as it comes.
	piped = lazyregexp.New(`\b(?:curl|wget)\b[^;\n]*\|[^;\n]*\b(?:(?:ba|z|da|k|a|fi)?sh|python[0-9.]*|perl|ruby|node|php)\b` +
		`|\b(?:(?:ba|z|da|k|a|fi)?sh|eval|source|\.)\s[^;|\n]*(?:<\(|\$\(|` + "`" + `)\s*(?:curl|wget)\b`)
)

// downloads is a quick answer to whether a text can have a download.
func downloads(text string) bool {
	return strings.Contains(text, "curl") || strings.Contains(text, "wget")
}

// bareHosts are those among the arguments of a download.
func bareHosts(args []string) []string {
	var hosts []string
	skip := false
	for _, arg := range args {
		switch {
		case skip:
			skip = false
		case strings.HasPrefix(arg, "-"):
			skip = valued.MatchString(arg)
		default:
			if m := bare.FindStringSubmatch(strings.ToLower(arg)); m != nil {
				hosts = append(hosts, m[1])
			}
		}
	}
	return hosts
}

// risk says why a change deserves a second look, "" if it does not. Known are the sources of the base's plan.
func risk(c plan.Change, known map[string]bool) string {
	where := ""
	if c.Phase != "" {
		where = " in " + phaseName(c.Phase)
	}
	var all []string
	var fresh []string
	for _, host := range slices.Sorted(maps.Keys(hostsIn(c.Head))) {
		if !known[host] {
			fresh = append(fresh, code(shorten(host, 80)))
		}
	}
	if len(fresh) > 0 {
		all = append(all, "**new download source** "+enumerate(fresh[:min(len(fresh), 5)])+where)
	}
	if downloads(c.Head) && piped.MatchString(c.Head) && !piped.MatchString(c.Base) {
		all = append(all, "**a download is run unseen**"+where)
	}
	if text := kindOfRisk(c); text != "" {
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func kindOfRisk(c plan.Change) string {
	switch {
	case c.Phase == "start" && c.Field == "cmd" && c.Head == "":
		return "**no start command** any more"
	case c.Phase == "start" && c.Field == "cmd":
		return "**another start command**"
	case c.Phase == "start" && strings.HasPrefix(c.Field, scriptField):
		return "**another start script**"
	case c.Field == "build image", c.Field == "run image":
		return "**another base image**"
	case c.Field == "secret" && c.Head != "":
		return "**secret** " + code(shorten(c.Head, 80)) + " for " + phaseName(c.Phase)
	case c.Field == "user" && (c.Head == "" || isRoot(c.Head)):
		return "**the app runs as root**"
	case isHook(c) && c.Head != "":
		return "**other code may run** by the variable " + code(shorten(strings.TrimPrefix(c.Field, "variable "), 80))
	}
	return ""
}

// hooks are the variables by which the loader, shells, interpreters, compilers, package managers and git run code that no command names, or other
// programs than commands name.
var hooks = lazyregexp.New(`(?i)^variable (?:LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)|PATH|SHELL|BASH_ENV|ENV|PROMPT_COMMAND|` +
	`NODE_OPTIONS|NODE_PATH|BUN_OPTIONS|PYTHON(?:STARTUP|PATH|HOME|BREAKPOINT)|RUBY(?:OPT|LIB)|PERL5(?:OPT|LIB|DB)|PHP_INI_SCAN_DIR|PHPRC|` +
	`(?:JAVA_TOOL|_JAVA|JDK_JAVA|MAVEN|GRADLE|JAVA)_OPT(?:ION)?S|DOTNET_STARTUP_HOOKS|CORECLR_PROFILER(?:_PATH)?|ERL_(?:AFLAGS|FLAGS|ZFLAGS)|ELIXIR_ERL_OPTIONS|` +
	`GOFLAGS|GOTOOLCHAIN|RUSTC(?:_WRAPPER|_WORKSPACE_WRAPPER)?|RUSTFLAGS|CARGO_BUILD_RUSTC(?:_WRAPPER)?|CC|CXX|MAKEFLAGS|` +
	`GIT_(?:SSH|SSH_COMMAND|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND|EXEC_PATH|CONFIG_[A-Z0-9_]+)|SSH_ASKPASS|` +
	`NPM_CONFIG_(?:SCRIPT_SHELL|NODE_OPTIONS|USERCONFIG|GLOBALCONFIG|PREFIX|SHELL|GIT)|YARN_(?:YARN_PATH|RC_FILENAME|PLUGINS)|PIP_(?:CONFIG_FILE|REQUIREMENT|CONSTRAINT)|BUNDLE_GEMFILE)$`)

// isHook reports whether a change is of such a variable.
func isHook(c plan.Change) bool { return c.Phase == "" && hooks.MatchString(c.Field) }

// concealedNote says that people do not see all that a command runs, as a part looks like a secret: ", " and words, or "".
func concealedNote(c, shown plan.Change) string {
	field, _, _ := strings.Cut(c.Field, " ")
	if shown.Head == c.Head || !slices.Contains([]string{"cmd", "prune", "script"}, field) {
		return ""
	}
	return ", **a part is not shown:** " + subject(shown)
}

// isRoot reports whether a user, as images name one, is root.
func isRoot(user string) bool {
	name, _, _ := strings.Cut(strings.Trim(user, `"`), ":")
	return name == "root" || name != "" && strings.Trim(name, "0") == ""
}

// risky is what [risk] says of a change of the view.
func (r *view) risky(c plan.Change) string {
	text, ok := r.risk[c]
	if !ok {
		text = risk(c, r.known)
		r.risk[c] = text
	}
	return text
}

// gravity orders changes for a reader who sees the first ones only. What runs comes first and variables come last, as a commit can change any
// number of variables to hide the rest.
func gravity(c plan.Change) int {
	field, _, _ := strings.Cut(c.Field, " ")
	switch {
	case c.Phase == "start" && (c.Field == "cmd" || field == "script"):
		return 0
	case slices.Contains([]string{"build image", "run image", "secret", "user"}, c.Field), isHook(c):
		return 1
	case c.Field == "cmd", field == "script":
		return 2
	case field == "variable", field == "asset":
		return 4
	}
	return 3
}

// gravest sorts changes by [gravity], and leaves equal ones in their order.
func gravest(changes []plan.Change) []plan.Change {
	return slices.SortedStableFunc(slices.Values(changes), func(a, b plan.Change) int { return gravity(a) - gravity(b) })
}

// risks are the risks of all changes, each once, the gravest first.
func (r *view) risks() []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range gravest(r.all()) {
		if text := r.risky(c); text != "" && !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	return all
}
