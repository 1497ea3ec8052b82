// Package ranges reads the versions and ranges of versions that apps ask for, each in the grammar of its ecosystem, and knows the order
// in which versions follow each other.
//
// A grammar is a file. NPM, PEP440 and Gem stand on deps.dev/util/semver; the tests compare each grammar with the program that defines it
// and list where they differ, with the reason.
package ranges

import (
	"fmt"
	"strings"
	"unicode"
)

// maxText bounds what is asked for, since an app may say anything.
const maxText = 1024 // bytes

// A Range is what an app asks for of one tool. The zero value is a range that allows every version.
type Range struct {
	text   string
	exact  string
	word   string
	allows func(version string) bool
	group  func(version string) string
}

// Any allows every version: nothing was asked.
func Any() Range { return Range{} }

// String is the text as the app has it, trimmed.
func (r Range) String() string { return r.text }

// Exact is the one version that is asked for, as the app writes it without decoration; "" if more than one would do.
func (r Range) Exact() string { return r.exact }

// Word is a word that stands for a line or a release: lts, lts/NAME, lts/-N (the Nth line with long support before the newest) or latest;
// "" if the range has numbers.
func (r Range) Word() string { return r.word }

// Open reports whether nothing was asked.
func (r Range) Open() bool { return r.allows == nil && r.word == "" }

// Allows reports whether a version is in the range, by the rules of its ecosystem. A range that is a word, and the open one, allow all.
func (r Range) Allows(version string) bool { return r.allows == nil || r.allows(version) }

// Nearest cuts versions into groups of which the lowest that has an allowed version is asked for, as .NET's roll-forward does. It is nil
// where the highest version is.
func (r Range) Nearest() func(version string) string { return r.group }

// read returns a range of a text that parse understands. No grammar has lines. An error names the grammar.
func read(grammar, text string, parse func(text string) (Range, bool)) (Range, error) {
	if len(text) > maxText {
		return Range{}, fmt.Errorf("%.40q: it has more than %d bytes", text, maxText)
	}
	trimmed := strings.TrimSpace(text)
	var r Range
	ok := !strings.ContainsFunc(trimmed, func(c rune) bool { return unicode.IsControl(c) && c != '\t' })
	if ok {
		r, ok = parse(trimmed)
	}
	if !ok {
		return Range{}, fmt.Errorf("%.80q is not %s", trimmed, grammar)
	}
	r.text = trimmed
	return r, nil
}
