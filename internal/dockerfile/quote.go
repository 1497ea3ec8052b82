package dockerfile

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// array returns words as a JSON array on one line, the form in which a Dockerfile takes any text.
func array(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(w) // a string in memory always has a JSON form
		quoted[i] = strings.TrimSuffix(b.String(), "\n")
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// plain reports whether a RUN instruction passes command to the shell as it is. It does not with line breaks, with what
// may be a here-document, a flag, an array or a comment, and at the ends with blanks or a backslash.
func plain(command string) bool {
	return oneLine(command) &&
		strings.TrimSpace(command) == command &&
		!strings.Contains(command, "<<") &&
		!strings.HasSuffix(command, `\`) &&
		!strings.ContainsAny(command[:1], "[-#")
}

// oneLine reports whether s has no control characters but tabs.
func oneLine(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\t' })
}

// words returns the operands of a COPY instruction.
func words(from, to string) string {
	if strings.ContainsFunc(from+to, unicode.IsSpace) {
		return array(from, to)
	}
	return from + " " + to
}

// escape makes a Dockerfile take s literally where it expands variables outside quotes.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `"`, `\"`, `'`, `\'`).Replace(s)
}

// escapeQuoted makes a Dockerfile take s literally between double quotes.
func escapeQuoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `"`, `\"`).Replace(s)
}

// pattern returns the source of a COPY instruction that stands for exactly path.
func pattern(path string) string {
	if strings.HasPrefix(path, "-") || strings.Contains(path, "<<") {
		path = "./" + path
	}
	return escape(strings.NewReplacer(`[`, `[[]`, `\`, `[\\]`, `*`, `[*]`, `?`, `[?]`).Replace(path))
}
