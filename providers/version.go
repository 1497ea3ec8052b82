package providers

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// versionText is the version filter of nixpacks-1.39.md 3.4: an optional word or quote, up to two numbers,
// more of them, and an optional closing quote.
var versionText = lazyregexp.New(`^[A-Za-z\s"'-]*(\d*)\.*(\d*)[.\d]*["']?$`)

// majorMinor returns the first two numbers of a version such as "python-3.11.4"; ok is false if the text
// is anything else. Each number may be empty. Blanks around the text do not count.
func majorMinor(text string) (major, minor string, ok bool) {
	m := versionText.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
