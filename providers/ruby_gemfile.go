package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What plain declarations are made of: methods and the like, and the keys of their options. None depends on a file,
// except file itself.
var (
	gemfileMethods = []string{
		"do", "end", "false", "gem", "gist", "git", "git_source", "github", "group", "nil", "platform", "platforms", "repo",
		"repo_name", "ruby", "source", "true",
	}
	gemfileKeys = []string{
		"bitbucket", "branch", "engine", "engine_version", "file", "force_ruby_platform", "gist", "git", "github", "group",
		"groups", "optional", "patchlevel", "platform", "platforms", "ref", "require", "source", "submodules", "tag",
	}
)

// gemfileFrom are the words that a URL or a path of the app follows.
var gemfileFrom = []string{"git", "git_source", "repo", "repo_name", "source"}

var (
	gemfileURL = lazyregexp.New(`^(?:(?:https?|git|ssh)://|git@)`)

	// gemfileLexeme is the next piece of a Gemfile. The pieces that read files have no place in it.
	gemfileLexeme = lazyregexp.New(`^(?:` + strings.Join([]string{
		`(\s+|#[^\n]*)`,
		`('[^'\\\n]*'|"(?:[^"\\#\n]|#\{repo(?:_name)?\})*")`,
		`(%[wi](?:\[[^\[\]\\]*\]|\([^()\\]*\)))`,
		`(:?[A-Za-z_]\w*:?)`,
		`(=>|[0-9]+(?:\.[0-9]+)*|[(){}\[\],|])`,
	}, "|") + `)`)
)

// The groups of gemfileLexeme.
const (
	gemfileBlank = 1 + iota
	gemfileText
	gemfileList
	gemfileWord
)

// gemfileBytes bounds a Gemfile that is looked into.
const gemfileBytes = 1 << 20

// A gemfileReader goes through a Gemfile of plain declarations.
type gemfileReader struct {
	word  string   // the last one, without colons
	last  string   // the last piece
	files []string // that "ruby file:" names
}

// gemfileReads returns the files that a Gemfile of plain declarations names, or why it may read others.
func gemfileReads(text string) (files []string, blocker string) {
	if len(text) > gemfileBytes {
		return nil, fmt.Sprintf("Gemfile has more than %d bytes", gemfileBytes)
	}
	var r gemfileReader
	for line, rest := 1, strings.TrimPrefix(text, "\ufeff"); rest != ""; {
		at := gemfileLexeme.FindStringSubmatchIndex(rest)
		if at == nil {
			return nil, fmt.Sprintf("Gemfile line %d is no plain declaration", line)
		}
		piece := rest[:at[1]]
		rest = rest[at[1]:]
		if at[2*gemfileBlank] < 0 {
			if odd := r.read(piece, at[2*gemfileText] >= 0, at[2*gemfileWord] >= 0); odd != "" {
				return nil, fmt.Sprintf("Gemfile line %d has %s", line, odd)
			}
		}
		line += strings.Count(piece, "\n")
	}
	return r.files, ""
}

// read takes the next piece, and returns what is not plain about it, or "".
func (r *gemfileReader) read(piece string, isText, isWord bool) (odd string) {
	last := r.last
	r.last = piece
	switch {
	case isWord:
		name := strings.Trim(piece, ":")
		if !plainWord(piece, name, last) {
			return piece
		}
		r.word = name
	case piece == "=>":
		if !strings.HasPrefix(last, ":") || !slices.Contains(gemfileKeys, last[1:]) {
			return last + " =>"
		}
	case isText && r.word == "file":
		name := piece[1 : len(piece)-1]
		if !plainName.MatchString(name) {
			return "file " + piece
		}
		r.files, r.word = append(r.files, name), ""
	case r.word == "file":
		return "file"
	case isText && slices.Contains(gemfileFrom, r.word) && !gemfileURL.MatchString(piece[1:]):
		return r.word + " " + piece
	}
	return ""
}

// plainWord reports whether a word belongs to a plain declaration. A symbol is, unless a text in front of it or "=>"
// behind it makes an option of it.
func plainWord(piece, name, last string) bool {
	switch {
	case strings.HasPrefix(piece, ":"):
		return !strings.HasSuffix(piece[1:], ":") && !strings.HasSuffix(last, `"`) && !strings.HasSuffix(last, "'")
	case strings.HasSuffix(piece, ":"):
		return slices.Contains(gemfileKeys, name)
	}
	return slices.Contains(gemfileMethods, name)
}

// plainName is the name of a file in the root of the app.
var plainName = lazyregexp.New(`^\.?[A-Za-z0-9][A-Za-z0-9._-]*$`)
