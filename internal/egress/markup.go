package egress

import (
	"html"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// markup is what Markdown has between the characters of a text that is shown as one: backslashes, and tags without content.
var markup = lazyregexp.New("\\\\([!-/:-@\\[-`{-~])|</?[a-z]+>|[\u200b\u200c\u200d\u2060\ufeff\u00ad]")

// withoutMarkup is a text as a reader of Markdown or HTML sees it, as far as one could hide a value in it.
func withoutMarkup(text string) string {
	return html.UnescapeString(markup.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, `\`) {
			return found[1:]
		}
		return ""
	}))
}
