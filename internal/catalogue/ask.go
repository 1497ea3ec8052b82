package catalogue

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
)

// grammars are the ecosystems of tools. What is no plain version is read so; the other tools have comparisons.
var grammars = map[string]func(string) (ranges.Range, error){
	"node": ranges.NPM, "bun": ranges.NPM, "deno": ranges.NPM, "pnpm": ranges.NPM, "yarn": ranges.NPM, "yarn-berry": ranges.NPM, "corepack": ranges.NPM,
	"python": ranges.PEP440, "poetry": ranges.PEP440, "uv": ranges.PEP440, "pdm": ranges.PEP440, "pipenv": ranges.PEP440,
	"ruby": func(text string) (ranges.Range, error) { return ranges.Gem(text) },
	"php":  ranges.Composer, "composer": ranges.Composer,
	"elixir": ranges.Elixir,
}

// Range reads a wish that a person typed: a plain version, or a range in the grammar of the tool's ecosystem. "" asks for nothing.
func (t *Tool) Range(text string) (ranges.Range, error) {
	if strings.TrimSpace(text) == "" {
		return ranges.Any(), nil
	}
	if r, err := ranges.Plain(text); err == nil {
		return r, nil
	}
	if grammar := grammars[t.Name]; grammar != nil {
		return grammar(text)
	}
	return ranges.Comparison(text)
}

// versioned is TOOL@RANGE where other texts are allowed too. It has no comma and no slash, which Nix expressions have.
var versioned = lazyregexp.New(`^[a-z][a-z0-9+._-]*@[0-9A-Za-z.*^~<>= |-]+$`)

// Versioned reports whether one of a list of packages is TOOL@RANGE for [Catalogue.Parse], as nodejs@22.14.0, and no Nix expression.
func Versioned(text string) bool { return versioned.MatchString(text) }

// Parse reads TOOL or TOOL@RANGE, such as node@22.14.0, python@>=3.12,<3.14 and java.
func (c *Catalogue) Parse(text string) (*Tool, ranges.Range, error) {
	name, asked, _ := strings.Cut(text, "@")
	t, err := c.Tool(name)
	if err != nil {
		return nil, ranges.Range{}, err
	}
	r, err := t.Range(asked)
	return t, r, err
}

// Of reports whether an attribute of nixpkgs is the tool in whatever version, as nodejs_18 is Node, and which version it is at a commit; ""
// if that is not known.
func (t *Tool) Of(attribute, commit string) (version string, of bool) {
	stem := Stem(attribute)
	for _, p := range t.packages() {
		if p.Attribute == attribute && p.Commit == commit {
			return p.Version, true
		}
		of = of || Stem(p.Attribute) == stem
	}
	return "", of
}

// number is the part of an attribute that tells versions apart, as in nodejs_22, npm-9_x, php83 and python312Packages.
var number = lazyregexp.New(`[-_]?[0-9][0-9._x]*`)

// Stem is an attribute of nixpkgs without what tells its versions apart: nodejs of nodejs_22.
func Stem(attribute string) string { return number.ReplaceAllString(attribute, "") }
