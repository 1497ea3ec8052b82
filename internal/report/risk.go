package report

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// source finds where a text downloads from: the host of a URL, or of a repository in git's short form.
var source = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://(?:[^\s/@'"]*@)?|[a-z0-9_-]+@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)

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
	if !strings.Contains(text, "://") && !strings.Contains(text, "@") {
		return hosts
	}
	for _, m := range source.FindAllStringSubmatch(text, -1) {
		hosts[strings.ToLower(m[1])] = true
	}
	return hosts
}

// risk says why a change deserves a second look, "" if it does not. Known are the sources of the base's plan.
func risk(c plan.Change, known map[string]bool) string {
	var fresh []string
	for _, host := range slices.Sorted(maps.Keys(hostsIn(c.Head))) {
		if !known[host] {
			fresh = append(fresh, code(truncate(host, 80)))
		}
	}
	where := ""
	if c.Phase != "" {
		where = " in " + phaseName(c.Phase)
	}
	switch {
	case len(fresh) > 0:
		return "**new download source** " + enumerate(fresh[:min(len(fresh), 5)]) + where
	case c.Phase == "start" && c.Field == "cmd" && c.Head == "":
		return "**no start command** any more"
	case c.Phase == "start" && c.Field == "cmd":
		return "**another start command**"
	case c.Field == "build image", c.Field == "run image":
		return "**another base image**"
	case c.Field == "secret" && c.Head != "":
		return "**secret** " + code(truncate(c.Head, 80)) + " for " + phaseName(c.Phase)
	case c.Field == "user" && c.Head == "":
		return "**the app runs as root**"
	}
	return ""
}

// risks are those of changes, each once, in their order.
func risks(changes []plan.Change, known map[string]bool) []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range changes {
		if text := risk(c, known); text != "" && !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	return all
}
