package option

import (
	"errors"
	"strings"
)

// Pairs are secrets, one NAME=VALUE a line. A pair with line breaks stands between double quotes, which are doubled inside, as in
// docker/build-push-action. A value is taken byte for byte, also with blanks at its end. Pairs without a value are dropped: a CI system
// gives empty ones to jobs that may not have them.
type Pairs []Secret

// A Secret is a name and the value that nothing prints.
type Secret struct{ Name, Value string }

// UnmarshalText implements encoding.TextUnmarshaler. Its errors hold no text.
func (s *Pairs) UnmarshalText(text []byte) error {
	*s = nil
	rest := string(text)
	for rest != "" {
		var pair string
		if strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), `"`) {
			var err error
			if pair, rest, err = quoted(strings.TrimLeft(rest, " \t\r\n")[1:]); err != nil {
				return err
			}
		} else {
			pair, rest, _ = strings.Cut(rest, "\n")
			pair = strings.TrimLeft(strings.TrimSuffix(pair, "\r"), " \t")
		}
		if pair == "" || pair[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return errors.New("a line is not NAME=VALUE; one with line breaks stands in double quotes")
		}
		if strings.TrimSpace(value) != "" {
			*s = append(*s, Secret{name, value})
		}
	}
	return nil
}

// quoted cuts text behind the quote that ends it, and what else is on that line, which has to be nothing.
func quoted(text string) (pair, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			return "", "", errors.New("a double quote has no end")
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if !strings.HasPrefix(text, `"`) {
			break
		}
		b.WriteByte('"')
		text = text[1:]
	}
	behind, rest, _ := strings.Cut(text, "\n")
	if strings.TrimSpace(behind) != "" {
		return "", "", errors.New("a line goes on behind its double quotes")
	}
	return b.String(), rest, nil
}
