package plan

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Text prints a plan for people and for line diffs: one fact a line, such as
//
//	build image: ubuntu:noble
//	variable CI=true
//	asset nginx.conf: 490 bytes, sha256 b28376259d08
//	phase install: after setup
//	phase install: cmd npm ci
//	start: cmd node server.js
//
// Phases are in the order in which they run, or in byte order if that is a circle; the facts of a phase are in the
// order of nixpacks-1.39.md 1.1. Text that would break or disguise a line is printed as a Go string literal, and the
// content of an asset only as its size and hash. Lists that are absent and lists that are empty both say nothing,
// except for a phase that copies no files.
func Text(p Plan) string {
	var b strings.Builder
	for _, f := range factsOf("", planFields, p) {
		b.WriteString(f.Field + ": " + f.Text() + "\n")
	}
	for name, value := range Sorted(p.Variables) {
		b.WriteString("variable " + nameText(name, "=") + "=" + oneLine(value) + "\n")
	}
	for name, content := range Sorted(p.StaticAssets) {
		b.WriteString("asset " + nameText(name, ": ") + ": " + assetText(content) + "\n")
	}
	for _, name := range runOrder(p.Phases) {
		b.WriteString(phaseText(name, p.Phases[name]))
	}
	if p.Start != nil {
		b.WriteString(factsText("start: ", startFacts(*p.Start)))
	}
	return b.String()
}

func phaseText(name string, phase Phase) string {
	prefix := "phase " + nameText(name, ": ") + ": "
	text := factsText(prefix, factsOf(name, phaseFields, phase))
	if phase.OnlyIncludeFiles != nil && len(phase.OnlyIncludeFiles) == 0 {
		text += prefix + "no files\n"
	}
	if text == "" {
		return prefix + nothing + "\n"
	}
	return text
}

func factsText(prefix string, facts []Fact) string {
	var b strings.Builder
	for _, f := range facts {
		b.WriteString(prefix + f.Field + " " + f.Text() + "\n")
	}
	return b.String()
}

// values returns the elements of a field that holds a list or a string.
func values[T any](f field[T], v *T) []string {
	if f.list != nil {
		return *f.list(v)
	}
	if s := *f.text(v); s != nil {
		return []string{*s}
	}
	return nil
}

func runOrder(phases map[string]Phase) []string {
	if order, err := Order(phases); err == nil {
		return order
	}
	return slices.Sorted(maps.Keys(phases))
}

func assetText(content string) string {
	return fmt.Sprintf("%d bytes, sha256 %.6x", len(content), sha256.Sum256([]byte(content)))
}

// nameText quotes a name that would make it unclear where it ends.
func nameText(name, end string) string {
	if strings.Contains(name, end) {
		return strconv.Quote(name)
	}
	return oneLine(name)
}

// oneLine quotes a text that is empty, has characters that cannot be seen (newlines, tabs, bidirectional marks, spaces at
// either end), or looks quoted. So it gives different text for different strings.
func oneLine(s string) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	if strings.IndexFunc(s, Unseen) >= 0 {
		return strconv.QuoteToASCII(s) // which escapes these too
	}
	if s == "" || s != strings.TrimSpace(s) || s[0] == '"' && s[len(s)-1] == '"' || strings.IndexFunc(s, hidden) >= 0 {
		return strconv.Quote(s)
	}
	return s
}

// Unseen reports whether a character shows nothing, or turns the direction of others: marks of formatting, fillers, variation selectors,
// the braille blank. Some count as printable.
func Unseen(r rune) bool {
	const brailleBlank = '\u2800'
	return r == brailleBlank || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
