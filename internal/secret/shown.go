package secret

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// People see [Mark] in place of what looks like a secret. A variable is told by [Looks], by its name or its value. In other text, such as a
// command, only what has the shape of a secret is: a token, a private key, the password in a URL. The values of those variables are hidden
// there too, but for words of letters alone: the password "postgres" would hide the name of a package.
//
// Whoever writes a command may also write a variable that has the command as its value. So a command is hidden less than other text: what
// passes arguments to a program, or puts one together, stays.

var (
	// shaped is a token in a text, with what stands before it.
	shaped = lazyregexp.New(`(^|[^A-Za-z0-9_])(?:` + shapes + `)[A-Za-z0-9_.+/=-]*`)
	// privateKey is one in a text, in which its line breaks may be escaped.
	privateKey = lazyregexp.New(`-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[A-Za-z0-9+/=]|(?:[\r\n]|\\[nrt])[ \t]*)*(?:-----END [A-Z ]*PRIVATE KEY-----)?`)
	// urlPassword is the password of a URL in a text, unless it is taken from a variable.
	urlPassword = lazyregexp.New("([A-Za-z][A-Za-z0-9+.-]*://[^/\\s:@\"'`]*:)[^/\\s@\"'`$<{%][^/\\s@\"'`]*@")
	// word is a value that may be a word of any text.
	word = lazyregexp.New(`^[A-Za-z]*$`)
	// syntax is what a shell needs to give a program an argument: blanks, or an expansion or a redirection in their place.
	syntax = lazyregexp.New("[\\s$<({`]")
)

// A Veil hides what looks like a secret from people. Its zero value knows no variables.
type Veil struct {
	values   *strings.Replacer // nil for none
	commands *strings.Replacer // the values that are hidden in commands too
}

// NewVeil knows the values of variables, by their names.
func NewVeil(variables ...map[string]string) Veil {
	var values []string
	for _, vars := range variables {
		for name, value := range vars {
			if text := strings.TrimSpace(value); Looks(name, value) && len(text) >= MinLength && !word.MatchString(text) {
				values = append(values, text)
			}
		}
	}
	// The longest first: one may begin another.
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	values = slices.Compact(values)
	return Veil{marker(values), marker(slices.DeleteFunc(slices.Clone(values), syntax.MatchString))}
}

// marker puts [Mark] in place of values; nil for none.
func marker(values []string) *strings.Replacer {
	if len(values) == 0 {
		return nil
	}
	var pairs []string
	for _, value := range values {
		pairs = append(pairs, value, Mark)
	}
	return strings.NewReplacer(pairs...)
}

// Variable is the value of a variable as people see it. Of a URL with a password, the rest is shown, unless the name says that all is secret.
func (v Veil) Variable(name, value string) string {
	switch {
	case !Looks(name, value):
		return v.Text(value)
	case !Looks("", value), prefixes.MatchString(strings.TrimSpace(value)), Looks(name, "a value"):
		return Mark
	}
	return hideShapes(value)
}

// Text is a text as people see it.
func (v Veil) Text(text string) string {
	if v.values != nil {
		text = v.values.Replace(text)
	}
	return hideShapes(text)
}

// Command is a command as people see it, with all that gives a program arguments.
func (v Veil) Command(text string) string {
	if v.commands != nil {
		text = v.commands.Replace(text)
	}
	text = urlPassword.ReplaceAllStringFunc(text, func(address string) string {
		m := urlPassword.FindStringSubmatch(address)
		if syntax.MatchString(address[len(m[1]):]) {
			return address
		}
		return m[1] + Mark + "@"
	})
	return hideTokens(text)
}

func hideShapes(text string) string {
	return hideTokens(urlPassword.ReplaceAllString(text, "${1}"+Mark+"@"))
}

// hideTokens hides what has no blank in it but those of a key's lines.
func hideTokens(text string) string {
	text = privateKey.ReplaceAllLiteralString(text, Mark)
	return shaped.ReplaceAllString(text, "${1}"+Mark)
}
