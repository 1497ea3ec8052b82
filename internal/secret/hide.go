package secret

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// Mark stands where a secret was.
const Mark = "***"

// A replacer hides the texts that values appear as.
type replacer struct{ *strings.Replacer }

// newReplacer takes the texts of values in the order of their length, the longest first: else a secret that begins another one would leave
// the rest of it.
func newReplacer(values []string) replacer {
	var forms []string
	for _, value := range values {
		forms = append(forms, shownForms(value)...)
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, Mark)
	}
	return replacer{strings.NewReplacer(pairs...)}
}

// shownForms are the texts that a log may show a value as: the patterns, each line of a value that has several, the value
// in a URL, and its base64 broken into lines.
func shownForms(value string) []string {
	forms := append(plainForms(value), base64Forms(value)...)
	for line := range strings.Lines(value) {
		forms = append(forms, strings.TrimSpace(line))
	}
	for _, text := range []string{url.QueryEscape(value), url.PathEscape(value)} {
		forms = append(forms, text, strings.ToLower(text))
	}
	for _, width := range []int{64, 76} {
		text := base64.StdEncoding.EncodeToString([]byte(value))
		for len(text) > width {
			forms = append(forms, text[:width])
			text = text[width:]
		}
		forms = append(forms, text)
	}
	return slices.DeleteFunc(forms, func(form string) bool { return len(form) < MinLength })
}

// Hide puts [Mark] in place of all secrets in a text. A line that gives one away in another form is hidden as a whole, and so is the text
// if several of its lines do together.
func (s *Scanner) Hide(text string) string {
	if s == nil || text == "" {
		return text
	}
	text = s.hidden.Replace(text)
	if len(s.Text(text)) == 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if len(s.Text(line)) > 0 {
			line = Mark + line[len(strings.TrimRight(line, "\r\n")):]
		}
		b.WriteString(line)
	}
	if text = b.String(); len(s.Text(text)) > 0 {
		return Mark
	}
	return text
}
