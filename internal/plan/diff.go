package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Change is one difference between two plans. Base and Head are text of one line as in [Text]; the empty string
// means that there is nothing on that side.
type Change struct {
	Phase string // its name; "start" for the start command; "" for the plan itself
	Field string // the words of [Text]: "cmd", "apt", "variable CI"
	Base  string
	Head  string
}

// What stands in a Change for a list of files that is absent, and for what is there but empty.
const (
	everything = "everything"
	nothing    = "nothing"
)

// Diff says how head differs from base: first the plan's own fields, then the phases of both in the order in which
// they would run together, or in byte order if that is a circle, then start; the fields of each in the order of
// nixpacks-1.39.md 1.1. Of a list it gives what was removed and what was added, one as the new version of the other where
// they look alike, and what stayed if that changed its order. It is empty exactly if [Text] of both plans is the same.
func Diff(base, head Plan) []Change {
	d := &differ{}
	for _, f := range planFields {
		if f.dict == nil {
			d.elements(f.label, values(f, &base), values(f, &head))
		}
	}
	d.dict("variable ", base.Variables, head.Variables, oneLine)
	d.dict("asset ", base.StaticAssets, head.StaticAssets, assetText)

	all := maps.Clone(base.Phases)
	if all == nil {
		all = map[string]Phase{}
	}
	maps.Copy(all, head.Phases)
	for _, name := range runOrder(all) {
		d.phase = name
		d.phases(find(base.Phases, name), find(head.Phases, name))
	}

	d.phase = keyStart
	b, h := orZero(base.Start), orZero(head.Start)
	for _, f := range startFields {
		if f.key == keyFiles && (len(b.OnlyIncludeFiles) == 0) != (len(h.OnlyIncludeFiles) == 0) {
			d.add(f.label, joinedOr(b.OnlyIncludeFiles, everything), joinedOr(h.OnlyIncludeFiles, everything))
			continue
		}
		if f.dict == nil {
			d.elements(f.label, values(f, &b), values(f, &h))
		}
	}
	d.dict(labelProcess+" ", b.Processes, h.Processes, oneLine)
	return d.changes
}

// A differ collects the changes of one phase after the other.
type differ struct {
	phase   string
	changes []Change
}

func (d *differ) add(field, base, head string) {
	d.changes = append(d.changes, Change{Phase: d.phase, Field: field, Base: base, Head: head})
}

// phases compares a phase of both plans. nil is a phase that the plan does not have.
func (d *differ) phases(base, head *Phase) {
	before := len(d.changes)
	b, h := orZero(base), orZero(head)
	for _, f := range phaseFields {
		bl, hl := values(f, &b), values(f, &h)
		if f.key == keyFiles {
			switch {
			case base != nil && head != nil && (bl == nil) != (hl == nil):
				d.add(f.label, fileList(bl), fileList(hl))
				continue
			case base == nil && hl != nil && len(hl) == 0:
				d.add(f.label, "", nothing)
			case head == nil && bl != nil && len(bl) == 0:
				d.add(f.label, nothing, "")
			}
		}
		d.elements(f.label, bl, hl)
	}
	switch {
	case len(d.changes) > before:
	case base == nil:
		d.add("phase", "", nothing)
	case head == nil:
		d.add("phase", nothing, "")
	}
}

// fileList says what a phase copies.
func fileList(files []string) string {
	if files == nil {
		return everything
	}
	return joinedOr(files, nothing)
}

func joinedOr(list []string, empty string) string {
	if len(list) == 0 {
		return empty
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = oneLine(s)
	}
	return strings.Join(out, ", ")
}

func (d *differ) dict(label string, base, head map[string]string, text func(string) string) {
	for name := range Sorted(union(base, head)) {
		b, inBase := base[name]
		h, inHead := head[name]
		switch {
		case !inBase:
			d.add(label+oneLine(name), "", text(h))
		case !inHead:
			d.add(label+oneLine(name), text(b), "")
		case b != h:
			d.add(label+oneLine(name), text(b), text(h))
		}
	}
}

// elements compares two lists.
func (d *differ) elements(field string, base, head []string) {
	removed, stayed := without(base, head)
	added, moved := without(head, base)
	for _, p := range pairs(removed, added) {
		d.add(field, p.base, p.head)
	}
	if !slices.Equal(stayed, moved) {
		d.add(field, joinedOr(stayed, ""), joinedOr(moved, ""))
	}
}

// without splits list into what other does not have, counting equal elements, and what it has too.
func without(list, other []string) (only, both []string) {
	left := make(map[string]int, len(other))
	for _, s := range other {
		left[s]++
	}
	for _, s := range list {
		if left[s] > 0 {
			left[s]--
			both = append(both, s)
		} else {
			only = append(only, s)
		}
	}
	return only, both
}

// A pair is an element and what took its place.
type pair struct{ base, head string }

// pairs matches what was removed with what was added: first what differs in version numbers alone, then the last
// one of each side. All that was removed comes first, in its order.
func pairs(removed, added []string) []pair {
	byStem := map[string][]int{} // indices into added
	for i, s := range added {
		byStem[stem(s)] = append(byStem[stem(s)], i)
	}
	heads := make([]int, len(removed)) // index into added, -1 for none
	used := make([]bool, len(added))
	alone, unused := []int{}, len(added)
	for i, s := range removed {
		same := byStem[stem(s)]
		if len(same) == 0 {
			heads[i] = -1
			alone = append(alone, i)
			continue
		}
		heads[i], byStem[stem(s)] = same[0], same[1:]
		used[same[0]] = true
		unused--
	}
	if len(alone) == 1 && unused == 1 {
		i := slices.Index(used, false)
		heads[alone[0]], used[i] = i, true
	}
	var out []pair
	for i, s := range removed {
		p := pair{base: oneLine(s)}
		if heads[i] >= 0 {
			p.head = oneLine(added[heads[i]])
		}
		out = append(out, p)
	}
	for i, s := range added {
		if !used[i] {
			out = append(out, pair{head: oneLine(s)})
		}
	}
	return out
}

// versions matches the numbers in names such as nodejs_20, go_1_21 and npm-9_x.
var versions = lazyregexp.New(`[0-9]+(?:[._][0-9]+)*`)

func stem(s string) string { return versions.ReplaceAllString(s, "0") }

func find(phases map[string]Phase, name string) *Phase {
	if phase, ok := phases[name]; ok {
		return &phase
	}
	return nil
}

func orZero[T any](v *T) T {
	if v == nil {
		return *new(T)
	}
	return *v
}
