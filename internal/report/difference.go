package report

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// shownChange bounds each side of a change, in bytes.
const shownChange = 200

// change shows the old and the new value. Two texts that are not the same never look the same.
func change(c plan.Change) string {
	if was, is := brief(c); was != is {
		c.Base, c.Head = was, is
	}
	was, is := foldable(shorten(c.Base, shownChange)), foldable(shorten(c.Head, shownChange))
	switch {
	case was == "":
		return "added " + is
	case is == "":
		return "removed " + was
	case was != is:
		return was + " → " + is
	}
	before, after := apart(oneLine(c.Base), oneLine(c.Head))
	if before == after { // in blanks alone
		before, after = apart(c.Base, c.Head)
	}
	if code(before) == code(after) {
		before, after = strings.ReplaceAll(before, " ", "␣"), strings.ReplaceAll(after, " ", "␣")
	}
	return foldable(before) + " → " + foldable(after)
}

// brief are the two values of a change without what only machines read, hashes: a commit of nixpkgs by twelve letters, and a release by its name
// and version, with the host that serves it where there is a new one. The folded plan has all of it.
func brief(c plan.Change) (before, after string) {
	before, after = c.Base, c.Head
	switch c.Field {
	case "nixpkgs":
		return shortCommit(before), shortCommit(after)
	case "release":
		name, host := releaseHost(before)
		newName, newHost := releaseHost(after)
		if host != newHost && newHost != "" {
			newName += " from " + newHost
		}
		return name, newName
	}
	return before, after
}

func shortCommit(archive string) string {
	commit, _, _ := strings.Cut(archive, "#")
	if commitHash.MatchString(commit) {
		return commit[:12]
	}
	return archive
}

// releaseHost is a release by its name and version, and the host that serves it.
func releaseHost(release string) (name, host string) {
	words := strings.Fields(release)
	if len(words) < 3 {
		return release, ""
	}
	u, err := url.Parse(words[2])
	if err != nil {
		return release, ""
	}
	return words[0], u.Host
}

var commitHash = lazyregexp.New(`^[0-9a-f]{40}$`)

// apart is the part of two long texts in which they differ.
func apart(was, is string) (before, after string) {
	if len(was) <= shownChange && len(is) <= shownChange {
		return was, is
	}
	same := 0
	for same < min(len(was), len(is)) && was[same] == is[same] {
		same++
	}
	from := max(0, same-shownChange/4)
	for from > 0 && !utf8.RuneStart(was[from]) {
		from--
	}
	mark := ""
	if from > 0 {
		mark = "…"
	}
	return mark + truncate(was[from:], shownChange), mark + truncate(is[from:], shownChange)
}
