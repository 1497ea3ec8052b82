package filetree

import (
	"maps"
	"slices"
	"strings"
)

// A Change is a path that two trees do not have alike.
type Change struct {
	Path string
	How  []How
}

// How says what is different.
type How string

// The ways to differ. Added and Removed stand alone.
const (
	Added   How = "added"
	Removed How = "removed"
	Kind    How = "kind"
	Content How = "content"
	Mode    How = "mode"
	Owner   How = "owner"
	Xattrs  How = "attributes"
	Time    How = "time"
)

// Diff lists what is not the same in two trees, by path. The ways are in the order of the constants.
func Diff(from, to Tree) []Change {
	var changes []Change
	names := slices.AppendSeq(slices.Collect(maps.Keys(from)), maps.Keys(to))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		a, before := from[name]
		b, after := to[name]
		switch {
		case !before:
			changes = append(changes, Change{name, []How{Added}})
		case !after:
			changes = append(changes, Change{name, []How{Removed}})
		default:
			if how := compare(a, b); len(how) > 0 {
				changes = append(changes, Change{name, how})
			}
		}
	}
	return changes
}

func compare(a, b Entry) []How {
	var how []How
	for _, c := range []struct {
		how  How
		same bool
	}{
		{Kind, a.Kind == b.Kind},
		{Content, a.Digest == b.Digest && a.Target == b.Target && a.Device == b.Device},
		{Mode, a.Mode == b.Mode},
		{Owner, a.UID == b.UID && a.GID == b.GID},
		{Xattrs, a.Xattrs == b.Xattrs},
		{Time, a.Time.Equal(b.Time)},
	} {
		if !c.same {
			how = append(how, c.how)
		}
	}
	return how
}

// Without leaves out one way of differing, and the paths that differ in no other.
func Without(changes []Change, how How) []Change {
	var rest []Change
	for _, c := range changes {
		left := slices.DeleteFunc(slices.Clone(c.How), func(h How) bool { return h == how })
		if len(left) > 0 {
			rest = append(rest, Change{c.Path, left})
		}
	}
	return rest
}

// String is one line: the ways, then the path.
func (c Change) String() string {
	var words []string
	for _, h := range c.How {
		words = append(words, string(h))
	}
	return strings.Join(words, ",") + " " + c.Path
}
