package static

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// A pattern matches paths: letters as they are, ":name" for one segment, and "*" once, for the rest of the path or up to the letters behind it.
// A slash at the end makes no difference. It matches in linear time.
type pattern struct {
	tokens []token
	splat  bool
	tail   string // what follows the splat
}

// A token is text, or the name of a placeholder.
type token struct{ text, name string }

// captures are the values of placeholders, "splat" among them.
type captures map[string]string

// parsePattern reads a pattern whose text may be percent-encoded.
func parsePattern(text string) (pattern, error) {
	if !strings.HasPrefix(text, "/") {
		return pattern{}, errors.New("a path begins with /")
	}
	head, tail, splat := strings.Cut(text, "*")
	if strings.Contains(tail, "*") {
		return pattern{}, errors.New("a path has one * at most")
	}
	if splat && strings.Contains(tail, "/:") {
		return pattern{}, errors.New("a placeholder stands before the *")
	}
	if !splat {
		head = strings.TrimSuffix(head, "/")
	}
	p := pattern{splat: splat}
	var err error
	if p.tail, err = url.PathUnescape(tail); err != nil {
		return pattern{}, err
	}
	literal, seen := "", map[string]bool{}
	for i, segment := range strings.Split(head, "/") {
		if i > 0 {
			literal += "/"
		}
		name, ok := strings.CutPrefix(segment, ":")
		if !ok || identifier(name) == "" {
			text, err := url.PathUnescape(segment)
			if err != nil {
				return pattern{}, err
			}
			literal += text
			continue
		}
		if identifier(name) != name {
			return pattern{}, fmt.Errorf("the placeholder %.40q is not a whole segment", segment)
		}
		if seen[name] || name == "splat" {
			return pattern{}, fmt.Errorf("the placeholder %.40q has a name that is taken", segment)
		}
		seen[name] = true
		p.tokens = append(p.tokens, token{text: literal}, token{name: name})
		literal = ""
	}
	if literal != "" || len(p.tokens) == 0 {
		p.tokens = append(p.tokens, token{text: literal})
	}
	return p, nil
}

// literal returns the one path that a pattern matches, without a slash at its end, and whether there is only one.
func (p pattern) literal() (string, bool) {
	return p.tokens[0].text, len(p.tokens) == 1 && !p.splat
}

// names reports whether a match has a value of this name.
func (p pattern) names(name string) bool {
	for _, t := range p.tokens {
		if t.name == name {
			return true
		}
	}
	return name == "splat" && p.splat
}

// match matches a clean path.
func (p pattern) match(path string) (captures, bool) {
	var values captures
	set := func(name, value string) {
		if values == nil {
			values = captures{}
		}
		values[name] = value
	}
	rest := path
	for i, t := range p.tokens {
		if t.name != "" {
			value, _, _ := strings.Cut(rest, "/")
			if value == "" {
				return nil, false
			}
			set(t.name, value)
			rest = rest[len(value):]
			continue
		}
		after, ok := strings.CutPrefix(rest, t.text)
		if !ok && p.splat && p.tail == "" && i == len(p.tokens)-1 && rest+"/" == t.text {
			after, ok = "", true // /news/* matches /news
		}
		if !ok {
			return nil, false
		}
		rest = after
	}
	if !p.splat {
		return values, rest == "" || rest == "/"
	}
	value, ok := strings.CutSuffix(rest, p.tail)
	if !ok {
		return nil, false
	}
	set("splat", strings.TrimLeft(value, "/"))
	return values, true
}

// identifier is the name that a text begins with, "" if it begins with none.
func identifier(text string) string {
	for i := range len(text) {
		if c := class(text[i]); c != 'a' && c != 'A' && text[i] != '_' && (c != '0' || i == 0) {
			return text[:i]
		}
	}
	return text
}
