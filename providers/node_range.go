package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A nodeRange is a list of intervals of versions, one of which is enough.
//
// It is the range syntax of npm with the deviations of the parser that Nixpacks 1.39 uses (nixpacks-1.39.md
// 3.17): parts that exclude each other are alternatives, "<=18" is "<=18.0.0-0", words that mean nothing
// are skipped as long as one means something.
type nodeRange []nodeInterval

// A nodeInterval lies between two bounds; nil is no bound.
type nodeInterval struct{ low, high *nodeBound }

type nodeBound struct {
	nodeSemver
	open bool // the version itself is outside
}

// overlaps reports whether some version of the major is in the range.
func (r nodeRange) overlaps(major uint64) bool {
	m := (&nodePartial{n: [3]uint64{major}, known: [3]bool{true}}).plain()
	return slices.ContainsFunc(r, func(i nodeInterval) bool {
		return !apart(m.high, i.low) && !apart(i.high, m.low)
	})
}

// apart reports whether an interval that ends at high and one that begins at low have nothing in common.
// Two open ends that meet count as common, wrongly: so does the model.
func apart(high, low *nodeBound) bool {
	if high == nil || low == nil {
		return false
	}
	c := high.compare(low.nodeSemver)
	return c < 0 || c == 0 && high.open != low.open
}

func (i nodeInterval) empty() bool {
	if i.low == nil || i.high == nil {
		return false
	}
	c := i.low.compare(i.high.nodeSemver)
	return c > 0 || c == 0 && (i.low.open || i.high.open)
}

// and returns what both have in common.
func (i nodeInterval) and(j nodeInterval) nodeInterval {
	if tighter(j.low, i.low, 1) {
		i.low = j.low
	}
	if tighter(j.high, i.high, -1) {
		i.high = j.high
	}
	return i
}

// tighter reports whether b leaves less than c, both low ends if sign is 1, high ends if it is -1.
func tighter(b, c *nodeBound, sign int) bool {
	if b == nil || c == nil {
		return b != nil
	}
	d := sign * b.compare(c.nodeSemver)
	return d > 0 || d == 0 && b.open
}

const (
	rangeNumber = `([xX*]|\d+)`
	rangeWords  = `[0-9A-Za-z-]*(?:\.[0-9A-Za-z-]+)*`
	// A pre-release may lack its hyphen, but then begins with no digit, which would be the number's.
	rangeVersion = `v?[ \t]*` + rangeNumber + `(?:\.` + rangeNumber + `(?:\.` + rangeNumber +
		`(-[0-9A-Za-z-]` + rangeWords + `|[A-Za-z]` + rangeWords + `)?(?:\+[0-9A-Za-z-]` + rangeWords + `)?)?)?`
	rangeEnd = `(?:[ \t]|$)`
)

var (
	rangeHyphen     = lazyregexp.New(`^(?:` + rangeVersion + `)?[ \t]+-[ \t]+` + rangeVersion + rangeEnd)
	rangeComparator = lazyregexp.New(`^(?:(>=|>|<=|<|=|\^)[ \t]*|(~)[ \t]*>?[ \t]*)?` + rangeVersion + rangeEnd)
)

// maxRange bounds the length of a range, since an app may say anything.
const maxRange = 1024

// parseNodeRange is not ok if the text has no meaning at all, or one over which Nixpacks 1.39 crashes,
// such as "=*" and "~x".
func parseNodeRange(text string) (nodeRange, bool) {
	var r nodeRange
	if len(text) > maxRange {
		return nil, false
	}
	for i, part := range strings.Split(text, "||") {
		if i > 0 {
			part = strings.TrimLeft(part, " \t")
		}
		list, ok := parseNodeSet(part)
		if !ok {
			return nil, false
		}
		r = append(r, list...)
	}
	return r, len(r) > 0
}

// parseNodeSet parses parts that hold together, unless one excludes another.
func parseNodeSet(text string) (nodeRange, bool) {
	var r nodeRange
	for text != "" {
		i, size, ok := parseNodePart(text)
		if !ok {
			return nil, false
		}
		text = strings.TrimLeft(text[size:], " \t")
		if i == nil || i.empty() {
			continue
		}
		last := len(r) - 1
		if last < 0 {
			r = append(r, *i)
		} else if both := r[last].and(*i); !both.empty() {
			r[last] = both
		} else {
			r = append(r, *i)
		}
	}
	return r, true
}

// parseNodePart returns the interval at the beginning of text and the size of its text; nil if the first
// word is none.
func parseNodePart(text string) (i *nodeInterval, size int, ok bool) {
	if m := rangeHyphen.FindStringSubmatch(text); m != nil {
		low, okLow := newNodePartial(m[1:5])
		high, okHigh := newNodePartial(m[5:9])
		if okLow && okHigh {
			return nodeHyphen(low, high), len(m[0]), true
		}
	}
	if m := rangeComparator.FindStringSubmatch(text); m != nil {
		if v, okVersion := newNodePartial(m[3:7]); okVersion {
			i, ok := v.compared(m[1] + m[2])
			return i, len(m[0]), ok
		}
	}
	if n := strings.IndexAny(text, " \t"); n >= 0 {
		return nil, n, true
	}
	return nil, len(text), true
}
