package report

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/providers"
)

// Words that are nothing else, whatever stands before and after them, with the marks that may surround them. A forge makes links of
// what looks like a number of an issue, as in GH-1 and ABC-1, of addresses, and of the names of commits.
var (
	plainWord = lazyregexp.New(`^["'(]*[A-Za-z0-9]+(?:[.,'-][A-Za-z0-9]+)*["')]*[.,;:]?$`)
	linkWord  = lazyregexp.New(`(?i)(?:^|[^a-z0-9])(?:www\.|[a-z][a-z0-9]*-\d|[0-9a-f]{7,})`)
)

// quoted is text in quotes, which is code as a whole if one of its words is.
var quoted = lazyregexp.New(`"[^"]*"`)

// marks end a word or a quotation and are no part of it.
const marks = ",.;:)"

// A sentence is prose that is being written: words, and code that the next foreign word joins.
type sentence struct {
	out   []string
	coded []string
}

func (s *sentence) flush() {
	if len(s.coded) > 0 {
		s.out = append(s.out, code(strings.Join(s.coded, " ")))
		s.coded = nil
	}
}

// end writes marks right behind what stands there.
func (s *sentence) end(text string) {
	if s.flush(); text != "" && len(s.out) > 0 {
		s.out[len(s.out)-1] += text
	}
}

func (s *sentence) words(text string) {
	for _, word := range strings.Fields(text) {
		if plain(word) {
			s.flush()
			s.out = append(s.out, word)
			continue
		}
		inner := strings.TrimRight(word, marks[:4]) // a bracket may have its other half in the word
		if inner == "" {
			inner = word
		}
		if s.coded = append(s.coded, inner); inner != word {
			s.end(word[len(inner):])
		}
	}
}

// prose returns a sentence of ours with foreign words in it, of which the words that could be more than words are code.
func prose(text string) string {
	text = clean(text)
	var s sentence
	for text != "" {
		at := quoted.FindStringIndex(text)
		if at == nil {
			s.words(text)
			break
		}
		s.words(text[:at[0]])
		quotation, rest := text[at[0]:at[1]], text[at[1]:]
		text = strings.TrimLeft(rest, marks)
		after := rest[:len(rest)-len(text)]
		if inner := strings.Trim(quotation, `"`); allPlain(inner) {
			s.flush()
			s.out = append(s.out, strings.Fields(quotation)...)
		} else {
			s.coded = append(s.coded, inner)
		}
		if after != "" {
			s.end(after)
		}
	}
	s.flush()
	return strings.Join(s.out, " ")
}

// lower are the names that begin no sentence with a capital: names of programs of all languages, and a language's own.
var lower = func() []string {
	list := []string{"apt", "git", "make", "nix"}
	for _, p := range providers.All() {
		list = append(list, p.Programs...)
	}
	return list
}()

var firstWord = lazyregexp.New(`^[a-z]+(?:,? |$)`)

// capital starts a sentence. Names of files and programs stay as they are.
func capital(s string) string {
	word := strings.TrimRight(firstWord.FindString(s), ", ")
	if word == "" || slices.Contains(lower, word) {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func plain(word string) bool { return plainWord.MatchString(word) && !linkWord.MatchString(word) }

func allPlain(text string) bool {
	return !slices.ContainsFunc(strings.Fields(text), func(word string) bool { return !plain(word) })
}
