package ranges

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A composerVersion has four numbers, a stability, and the numbers of that.
type composerVersion struct {
	n         [4]int
	stability int
	count     []int
	dev       bool // a branch on the way to the version: it comes before all
}

// composerStabilities are the words of a version, in the order in which its versions follow each other.
var composerStabilities = map[string]int{"alpha": 1, "a": 1, "beta": 2, "b": 2, "rc": 3, "": 4, "stable": 4, "patch": 5, "pl": 5, "p": 5}

const (
	composerStable = 4
	composerText   = `v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?` +
		`(?:[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*))?([.-]?dev)?)(?:\+[^\s]+)?`
)

var (
	composerWhole    = lazyregexp.New(`(?i)^` + composerText + `$`)
	composerOr       = lazyregexp.New(`\s*\|\|?\s*`)
	composerHyphen   = lazyregexp.New(`(?i)^(` + composerText + `) +- +(` + composerText + `)$`)
	composerWildcard = lazyregexp.New(`^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.[xX*])+$`)
	composerAll      = lazyregexp.New(`^v?[xX*](?:\.[xX*])*$`)
	composerOp       = lazyregexp.New(`^(<>|!=|>=|>|<=|<|==|=|\^|~>|~)?(.*)$`)
	composerFlag     = lazyregexp.New(`(?i)@(?:stable|rc|beta|alpha|dev)$`)
	composerBranch   = lazyregexp.New(`(?i)^(?:[!=<>]*dev-[^\s,@]+|[0-9]+(?:\.[0-9]+)*\.x-dev)$`)
	composerNumbers  = lazyregexp.New(`[0-9]+`)
)

// parseComposerVersion also returns how many numbers the text has.
func parseComposerVersion(text string) (v composerVersion, size int, ok bool) {
	m := composerWhole.FindStringSubmatch(text)
	if m == nil || len(m[1]) > 5 {
		return composerVersion{}, 0, false
	}
	for i := range v.n {
		if m[i+1] != "" {
			size = i + 1
			n, err := strconv.Atoi(m[i+1])
			if err != nil {
				return composerVersion{}, 0, false
			}
			v.n[i] = n
		}
	}
	v.stability = composerStabilities[strings.ToLower(m[5])]
	for _, digits := range composerNumbers.FindAllString(m[6], -1) {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return composerVersion{}, 0, false
		}
		v.count = append(v.count, n)
	}
	v.dev = m[7] != ""
	return v, size, true
}

func (v composerVersion) compare(w composerVersion) int {
	a, b := v.stability, w.stability
	if v.dev {
		a = v.devRank()
	}
	if w.dev {
		b = w.devRank()
	}
	return cmp.Or(slices.Compare(v.n[:], w.n[:]), cmp.Compare(a, b), slices.Compare(v.count, w.count))
}

// devRank is zero: 8.1.0-dev comes before 8.1.0-alpha1. With a word, as in 8.1-beta1-dev, the word counts.
func (v composerVersion) devRank() int {
	if v.stability == composerStable {
		return 0
	}
	return v.stability
}

// flagged returns the version that is compared with where a flag follows, as in >8.1@beta.
func (v composerVersion) flagged(flag string) composerVersion {
	if v.stability != composerStable || v.dev {
		return v
	}
	if flag == "dev" {
		v.dev = true
	} else {
		v.stability = composerStabilities[flag]
	}
	return v
}

// earliest is the first version with these numbers, of which the count last is moved on by one.
func (v composerVersion) earliest(last int) composerVersion {
	var w composerVersion
	w.dev, w.stability = true, composerStable
	if last < 0 {
		w.n = v.n
		return w
	}
	copy(w.n[:last+1], v.n[:last+1])
	w.n[last]++
	return w
}

// from is the bound of >=: the first version of a text without a word.
func (v composerVersion) from() composerVersion {
	if v.stability == composerStable {
		v.dev = true
	}
	return v
}

// Composer reads a constraint of Composer: php of composer.json.
func Composer(text string) (Range, error) {
	return read("a constraint of Composer, such as ^8.2 or >=8.1 <8.4", text, func(text string) (Range, bool) {
		var r Range
		var any [][]func(composerVersion) bool
		for _, alternative := range composerOr.Split(text, -1) {
			all, exact, ok := composerAlternative(alternative)
			if !ok {
				return Range{}, false
			}
			r.exact = exact
			any = append(any, all)
		}
		if len(any) > 1 {
			r.exact = ""
		}
		r.allows = func(version string) bool {
			v, _, ok := parseComposerVersion(version)
			return ok && slices.ContainsFunc(any, func(all []func(composerVersion) bool) bool {
				return !slices.ContainsFunc(all, func(match func(composerVersion) bool) bool { return !match(v) })
			})
		}
		return r, true
	})
}

// composerAlternative reads parts that hold together, separated by blanks and a comma.
func composerAlternative(text string) (all []func(composerVersion) bool, exact string, ok bool) {
	if low, high, ok := composerRange(text); ok {
		return []func(composerVersion) bool{low, high}, "", true
	}
	if text = strings.TrimSpace(text); strings.HasPrefix(text, ",") || strings.HasSuffix(text, ",") {
		return nil, "", false
	}
	parts := composerParts(text)
	for _, part := range parts {
		match, one, ok := composerPart(part)
		if !ok {
			return nil, "", false
		}
		exact = one
		all = append(all, match...)
	}
	if len(parts) > 1 {
		exact = ""
	}
	return all, exact, len(parts) > 0
}

// composerParts cuts at blanks and commas; blanks after an operator do not count.
func composerParts(text string) []string {
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	var parts []string
	for i := 0; i < len(fields); i++ {
		part := fields[i]
		if strings.Trim(part, "<>=!") == "" && i+1 < len(fields) {
			i++
			part += fields[i]
		}
		parts = append(parts, part)
	}
	return parts
}

// composerRange reads FROM - TO, of which a short end allows all that begin so.
func composerRange(text string) (low, high func(composerVersion) bool, ok bool) {
	m := composerHyphen.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return nil, nil, false
	}
	from, _, okFrom := parseComposerVersion(m[1])
	to, size, okTo := parseComposerVersion(m[9])
	if !okFrom || !okTo {
		return nil, nil, false
	}
	if size >= 3 || to.stability != composerStable || to.dev {
		return atLeast(from.from()), func(v composerVersion) bool { return v.compare(to) <= 0 }, true
	}
	return atLeast(from.from()), isBelow(to.earliest(size - 1)), true
}

func atLeast(w composerVersion) func(composerVersion) bool {
	return func(v composerVersion) bool { return v.compare(w) >= 0 }
}

func isBelow(w composerVersion) func(composerVersion) bool {
	return func(v composerVersion) bool { return v.compare(w) < 0 }
}

// composerPart reads one comparison, wildcard, caret or tilde.
func composerPart(text string) (all []func(composerVersion) bool, exact string, ok bool) {
	flag := strings.ToLower(strings.TrimPrefix(composerFlag.FindString(text), "@"))
	text = composerFlag.ReplaceAllString(text, "")
	switch {
	case composerAll.MatchString(text):
		return nil, "", true
	case composerBranch.MatchString(text):
		return []func(composerVersion) bool{func(composerVersion) bool { return false }}, "", true
	}
	if m := composerWildcard.FindStringSubmatch(text); m != nil {
		v, size, ok := parseComposerVersion(strings.TrimRight(text, ".xX*"))
		return []func(composerVersion) bool{atLeast(v.earliest(-1)), isBelow(v.earliest(size - 1))}, "", ok
	}
	m := composerOp.FindStringSubmatch(text)
	v, size, ok := parseComposerVersion(m[2])
	if !ok {
		return nil, "", false
	}
	if slices.Contains([]string{"<", "<=", ">", ">=", "!=", "<>"}, m[1]) {
		v = v.flagged(flag)
	}
	compare := func(match func(int) bool) []func(composerVersion) bool {
		return []func(composerVersion) bool{func(w composerVersion) bool { return match(w.compare(v)) }}
	}
	switch m[1] {
	case "", "=", "==":
		return compare(func(c int) bool { return c == 0 }), strings.TrimPrefix(m[2], "v"), true
	case "!=", "<>":
		return compare(func(c int) bool { return c != 0 }), "", true
	case ">":
		return compare(func(c int) bool { return c > 0 }), "", true
	case "<=":
		return compare(func(c int) bool { return c <= 0 }), "", true
	case ">=":
		return []func(composerVersion) bool{atLeast(v.from())}, "", true
	case "<":
		return []func(composerVersion) bool{isBelow(v.from())}, "", true
	case "^":
		// The first number that is not zero stays.
		last := slices.IndexFunc(v.n[:size], func(n int) bool { return n != 0 })
		if last < 0 {
			last = size - 1
		}
		return []func(composerVersion) bool{atLeast(v.from()), isBelow(v.earliest(last))}, "", true
	}
	return []func(composerVersion) bool{atLeast(v.from()), isBelow(v.earliest(max(0, size-2)))}, "", true
}
