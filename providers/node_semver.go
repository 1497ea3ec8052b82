package providers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxVersionNumber is the greatest number that the parser of Nixpacks 1.39 takes in a version.
const maxVersionNumber = 900_719_925_474_099

// A nodeSemver is a version; pre is empty for a release.
type nodeSemver struct {
	n   [3]uint64
	pre []string
}

// compare orders a pre-release before its release, and numbers in it before words.
func (v nodeSemver) compare(w nodeSemver) int {
	if c := slices.Compare(v.n[:], w.n[:]); c != 0 {
		return c
	}
	if len(v.pre) == 0 || len(w.pre) == 0 {
		return cmp.Compare(len(w.pre), len(v.pre))
	}
	return slices.CompareFunc(v.pre, w.pre, comparePre)
}

func comparePre(a, b string) int {
	x, errA := strconv.ParseUint(a, 10, 64)
	y, errB := strconv.ParseUint(b, 10, 64)
	switch {
	case errA == nil && errB == nil:
		return cmp.Compare(x, y)
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return strings.Compare(a, b)
}

// floor is the lowest of all that have the version's numbers.
func (v nodeSemver) floor() nodeSemver { return nodeSemver{v.n, []string{"0"}} }

func (v nodeSemver) closed() *nodeBound { return &nodeBound{v, false} }
func (v nodeSemver) open() *nodeBound   { return &nodeBound{v, true} }

// A nodePartial is a version in which any number may be unknown: absent, or written x.
type nodePartial struct {
	n     [3]uint64 // 0 where unknown
	known [3]bool
	pre   []string
}

// newNodePartial takes three numbers and a pre-release as they are written. It returns nil if there is no
// version, and is not ok if a number is too large.
func newNodePartial(text []string) (*nodePartial, bool) {
	if text[0] == "" {
		return nil, true
	}
	p := &nodePartial{}
	for i, s := range text[:3] {
		if s == "" || strings.ContainsAny(s, "xX*") {
			continue
		}
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || n > maxVersionNumber {
			return nil, false
		}
		p.n[i], p.known[i] = n, true
	}
	if s := strings.TrimPrefix(text[3], "-"); s != "" {
		p.pre = strings.Split(s, ".")
	}
	return p, true
}

func (p *nodePartial) version() nodeSemver { return nodeSemver{p.n, p.pre} }

// release is the version without what stands behind the three numbers.
func (p *nodePartial) release() nodeSemver { return nodeSemver{n: p.n} }

// next is the first version with a greater number at the place, and zeros behind.
func (p *nodePartial) next(place int) nodeSemver {
	v := nodeSemver{n: p.n}
	v.n[place]++
	for i := place + 1; i < len(v.n); i++ {
		v.n[i] = 0
	}
	return v
}

// until is from low to the first version with a greater number at the place.
func (p *nodePartial) until(low nodeSemver, place int) *nodeInterval {
	return &nodeInterval{low.closed(), p.next(place).floor().open()}
}
