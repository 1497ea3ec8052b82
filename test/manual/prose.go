package manual

import (
	"regexp"
	"strings"
)

var (
	remark    = regexp.MustCompile(`(?s)<!--.*?-->`)
	tag       = regexp.MustCompile(`<[^>]*>`)
	picture   = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
	rowEdge   = regexp.MustCompile(`^\||\|$`)
	cellEdge  = regexp.MustCompile(`(?:^|[^\\])\|`)
	ruler     = regexp.MustCompile(`^[|:\s-]+$`)
	item      = regexp.MustCompile(`^\s*(?:[*-]|\d+\.)\s+`)
	endOf     = regexp.MustCompile(`[.!?·]["')*_]*\s+`)
	aWord     = regexp.MustCompile(`[\p{L}\p{N}]`)
	isCode    = regexp.MustCompile(`^\W*CODE\W*$`)
	wordsOnly = regexp.MustCompile(`[^\p{L}]+`)
)

// Sentences are the sentences of a page for people: without blocks of code, remarks and pictures. A span of code is the word CODE. An item
// of a list, a heading and a cell of a table end a sentence.
func (p Page) Sentences() []string {
	text := remark.ReplaceAllString(fence.ReplaceAllString(p.Text, "\n"), "")
	text = linkText.ReplaceAllString(picture.ReplaceAllString(codeSpan.ReplaceAllString(text, "CODE"), ""), "$1")
	text = tag.ReplaceAllString(text, " ")
	var all []string
	paragraph := ""
	end := func() {
		all = append(all, split(paragraph)...)
		paragraph = ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimPrefix(line, ">"))
		switch {
		case line == "", strings.HasPrefix(line, "#"), item.MatchString(line):
			end()
			paragraph = strings.TrimLeft(item.ReplaceAllString(line, ""), "# ")
			if strings.HasPrefix(line, "#") {
				end()
			}
		case strings.HasPrefix(line, "|"):
			end()
			if !ruler.MatchString(line) {
				for _, cell := range cellEdge.Split(rowEdge.ReplaceAllString(line, ""), -1) {
					all = append(all, split(cell)...)
				}
			}
		default:
			paragraph += " " + line
		}
	}
	end()
	return all
}

// split cuts a paragraph at the ends of its sentences.
func split(paragraph string) []string {
	var list []string
	rest := strings.Join(strings.Fields(paragraph), " ")
	for rest != "" {
		at := endOf.FindStringIndex(rest)
		if at == nil {
			return append(list, rest)
		}
		list = append(list, strings.TrimSpace(rest[:at[1]]))
		rest = rest[at[1]:]
	}
	return list
}

// MostWords is how long a sentence may be.
const MostWords = 25

// clumsy are turns of phrase that make a reader look back for the noun.
var clumsy = []string{"that of", "those of", "those that", "what is"}

// Faults are what a sentence has that plain English has not: more words than it may have, and clumsy turns of phrase.
func Faults(sentence string) []string {
	var faults []string
	words, plain := 0, 0
	for _, w := range strings.Fields(strings.ReplaceAll(sentence, "CODE of CODE", "CODE")) {
		if aWord.MatchString(w) {
			words++
			if !isCode.MatchString(w) {
				plain++
			}
		}
	}
	const few = 5 // a list of names is no sentence
	if words > MostWords && plain > few {
		faults = append(faults, "long")
	}
	lower := " " + strings.TrimSpace(wordsOnly.ReplaceAllString(strings.ToLower(sentence), " ")) + " "
	for _, phrase := range clumsy {
		for range strings.Count(lower, " "+phrase+" ") {
			faults = append(faults, phrase)
		}
	}
	return faults
}
