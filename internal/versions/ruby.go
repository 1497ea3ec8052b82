package versions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

var rubyRows = slices.Concat([]row{
	{tool: "ruby", key: "RUBY_VERSION", parse: rubyPlain},
	{tool: "ruby", file: ".ruby-version", read: oneLine, parse: rubyPlain},
	{tool: "ruby", file: "Gemfile", key: "ruby", read: gemfileRuby, parse: func(text string) (ranges.Range, error) { return ranges.Gem(text) }},
}, managersBy(rubyPlain, "ruby"), []row{
	{tool: "ruby", file: "Gemfile.lock", key: "RUBY VERSION", read: lockedRuby, recorded: true, parse: func(text string) (ranges.Range, error) { return ranges.Gem(text) }},
})

var (
	otherRubies = lazyregexp.New(`^(?:jruby|truffleruby|mruby|rbx|ree|artichoke)\b`)

	rubyCall   = lazyregexp.New(`^\s*ruby[ \t(]+(.*)$`)
	rubyString = lazyregexp.New(`^\s*,?\s*(?:"([^"#\\]*)"|'([^'\\]*)')`)

	rubyInLock = lazyregexp.New(`^ +ruby ([0-9]+\.[0-9]+\.[0-9]+)`)
)

// rubyPlain reads a version of Ruby as version managers write it, with or without ruby- before it, else a requirement of RubyGems.
func rubyPlain(text string) (ranges.Range, error) {
	if otherRubies.MatchString(text) {
		return ranges.Range{}, fmt.Errorf("%.40q is another Ruby than CRuby, which alone can be had", text)
	}
	return firstGrammar(strings.TrimPrefix(text, "ruby-"), ranges.Plain, func(text string) (ranges.Range, error) { return ranges.Gem(text) })
}

// gemfileRuby reads the requirements of the first call of ruby in a Gemfile, which is a program. A call that computes the version, or names the
// file that has it, asks for nothing here.
func gemfileRuby(tree *source.Tree, file string) (value, error) {
	text, err := tree.Read(file)
	if err != nil {
		return value{}, err
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		call := rubyCall.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if call == nil {
			continue
		}
		var requirements []string
		rest := call[1]
		for {
			m := rubyString.FindStringSubmatch(rest)
			if m == nil {
				break
			}
			rest = rest[len(m[0]):]
			requirements = append(requirements, strings.TrimPrefix(m[1]+m[2], "ruby-"))
		}
		return value{text: strings.Join(requirements, ", "), line: number}, nil
	}
	return value{}, nil
}

// lockedRuby reads with which Ruby Bundler wrote its lockfile. The Gemfile is satisfied by later patches of that line, too.
func lockedRuby(tree *source.Tree, file string) (value, error) {
	text, err := tree.Read(file)
	if err != nil {
		return value{}, err
	}
	number, inside := 0, false
	for line := range strings.Lines(text) {
		number++
		if m := rubyInLock.FindStringSubmatch(line); inside && m != nil {
			return value{text: "~> " + m[1], line: number}, nil
		}
		inside = strings.TrimSpace(line) == "RUBY VERSION"
	}
	return value{}, nil
}

// The last line of Ruby before the one that lacks what older versions of Jekyll load without asking for it: csv and base64.
const jekyllRuby = "<3.4"

var (
	jekyllInLock    = lazyregexp.New(`(?m)^    jekyll \(([0-9]+\.[0-9]+)[0-9.]*\)`)
	pagesInGemfile  = lazyregexp.New(`(?m)^[ \t]*gem[ \t(]*['"]github-pages['"]`)
	jekyllAsksForIt = "4.4" // the first version that asks for them
)

// jekyllRubies reads which Rubies run the locked Jekyll.
func jekyllRubies(tree *source.Tree, file string) ([]Bound, error) {
	text, err := tree.Read(file)
	m := jekyllInLock.FindStringSubmatch(text)
	if err != nil || m == nil || ranges.Compare(m[1], jekyllAsksForIt) >= 0 {
		return nil, nil //nolint:nilerr // a lock that cannot be read is as none
	}
	rubies, err := ranges.Comparison(jekyllRuby)
	return []Bound{{From: "Jekyll " + m[1] + " (" + file + ")", Range: rubies}}, err
}

// pagesRubies reads which Rubies run the gems of GitHub Pages, which have an older Jekyll.
func pagesRubies(tree *source.Tree, file string) ([]Bound, error) {
	text, err := tree.Read(file)
	if err != nil || !pagesInGemfile.MatchString(text) {
		return nil, nil //nolint:nilerr // a Gemfile that cannot be read is as none
	}
	rubies, err := ranges.Comparison(jekyllRuby)
	return []Bound{{From: "github-pages (" + file + ")", Range: rubies}}, err
}
