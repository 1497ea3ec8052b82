package static

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/fault"
)

const headersFile = "_headers"

// A headerRule is a path of _headers and the headers below it.
type headerRule struct {
	from pattern
	set  headerSet
}

// A headerSet holds one value for each canonical name, in the order of their names' first lines.
type headerSet []header

type header struct{ name, value string }

// ownHeaders say how a response is sent; only the server knows that.
var ownHeaders = []string{"Accept-Ranges", "Age", "Allow", "Alt-Svc", "Connection", "Content-Encoding", "Content-Length", "Content-Range", "Date", "Etag",
	"Keep-Alive", "Last-Modified", "Location", "Proxy-Connection", "Trailer", "Transfer-Encoding", "Upgrade"}

// errPassword ends the start: without the password everybody would see the pages.
var errPassword = fault.New(fault.Misuse, errors.New("passwords are not supported, and without them everybody would see the pages"),
	"let a proxy ask for passwords, and remove them from the files of the site")

// parseHeaders reads paths, each with lines "Name: value" below it. A line that does not count has a warning; a password is an error.
func parseHeaders(text string) ([]headerRule, []string, error) {
	var rules []headerRule
	var warnings []string
	line, open := 0, false // open: a path is above, to which lines belong
	warn := func(format string, values ...any) {
		warnings = append(warnings, fmt.Sprintf("%s:%d: %s; the line does not count", headersFile, line, fmt.Sprintf(format, values...)))
	}
	skipped := false
	for text := range strings.Lines(text) {
		line++
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if strings.HasPrefix(text, "/") || remote(text) {
			from, err := parsePattern(text)
			if remote(text) {
				err = errors.New("a rule for one host is not supported")
			}
			open, skipped = err == nil, err != nil
			if err != nil {
				warn("%s", err)
				continue
			}
			rules = append(rules, headerRule{from: from})
			continue
		}
		h, err := parseHeader(text)
		switch {
		case errors.Is(err, errPassword):
			return nil, nil, fmt.Errorf("%s:%d: %w", headersFile, line, err)
		case err != nil:
			warn("%s", err)
		case skipped: // the path has its warning
		case !open:
			warn("no path is above it")
		default:
			last := &rules[len(rules)-1]
			last.set = last.set.join(h)
		}
	}
	return rules, warnings, nil
}

func parseHeader(text string) (header, error) {
	name, value, ok := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || !isToken(name) {
		return header{}, fmt.Errorf("%.80q is neither a path nor a header of the form Name: value", text)
	}
	name = textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case name == "Basic-Auth":
		return header{}, errPassword
	case slices.Contains(ownHeaders, name):
		return header{}, fmt.Errorf("the server sets %s itself", name)
	case value == "":
		return header{}, fmt.Errorf("%s has no value", name)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return header{}, fmt.Errorf("%s has a control character", name)
	}
	return header{name, value}, nil
}

// isToken reports whether a text is a header's name (RFC 9110, section 5.6.2).
func isToken(text string) bool {
	return text != "" && only(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")
}

// join adds a value to the values of the same name.
func (s headerSet) join(h header) headerSet {
	for i := range s {
		if s[i].name == h.name {
			s[i].value += ", " + h.value
			return s
		}
	}
	return append(s, h)
}

// headersFor is what the rules say of a clean path. Of two rules with one name the later one counts.
func headersFor(rules []headerRule, path string) headerSet {
	var all headerSet
	for _, rule := range rules {
		if _, ok := rule.from.match(path); !ok {
			continue
		}
		for _, h := range rule.set {
			if i := slices.IndexFunc(all, func(old header) bool { return old.name == h.name }); i >= 0 {
				all[i] = h
			} else {
				all = append(all, h)
			}
		}
	}
	return all
}

// apply sets the headers. Headers of the content are left out of responses without the file that was asked for: a missing script that is kept for a
// year would stay missing.
func (s headerSet) apply(h http.Header, content bool) {
	for _, own := range s {
		switch own.name {
		case "Vary":
			h.Add(own.name, own.value)
		case "Cache-Control", "Content-Type", "Content-Disposition", "Expires":
			if content {
				h.Set(own.name, own.value)
			}
		default:
			h.Set(own.name, own.value)
		}
	}
}
