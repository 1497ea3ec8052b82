package static

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const redirectsFile = "_redirects"

// A rule is a line of _redirects.
type rule struct {
	line   int
	from   pattern
	query  url.Values // parameters that the request must have; a value ":name" is a placeholder
	to     string
	status int  // 200 and 404 show the file to, others send the client there
	force  bool // even if there is a file
	spa    bool // the line by which single-page apps ask for their fallback
}

// parseRedirects reads lines of the form "from [key=value ...] to [status[!]] [condition ...]". A line that does not count has a warning: other hosts
// offer more, and a site may name several hosts.
func parseRedirects(text string) ([]rule, []string) {
	var rules []rule
	var warnings []string
	line := 0
	for text := range strings.Lines(text) {
		line++
		fields := strings.Fields(text)
		if i := slices.IndexFunc(fields, func(field string) bool { return strings.HasPrefix(field, "#") }); i >= 0 {
			fields = fields[:i]
		}
		if len(fields) == 0 {
			continue
		}
		r, err := parseRule(fields)
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("%s:%d: %s; the line does not count", redirectsFile, line, err))
			continue
		}
		r.line = line
		rules = append(rules, r)
	}
	return rules, warnings
}

func parseRule(fields []string) (rule, error) {
	r := rule{status: http.StatusMovedPermanently}
	if remote(fields[0]) {
		return rule{}, errors.New("a rule for one host is not supported")
	}
	var err error
	if r.from, err = parsePattern(fields[0]); err != nil {
		return rule{}, fmt.Errorf("reading %.80q: %w", fields[0], err)
	}
	rest := fields[1:]
	to := slices.IndexFunc(rest, func(field string) bool { return strings.HasPrefix(field, "/") || remote(field) })
	if to < 0 {
		return rule{}, errors.New("there is no target, which begins with / or https://")
	}
	for _, field := range rest[:to] {
		key, value, ok := strings.Cut(field, "=")
		if !ok || key == "" {
			return rule{}, fmt.Errorf("%.80q is not a parameter of the form key=value", field)
		}
		if r.query == nil {
			r.query = url.Values{}
		}
		r.query.Add(key, value)
	}
	r.to, rest = rest[to], rest[to+1:]
	if len(rest) > 0 {
		text, force := strings.CutSuffix(rest[0], "!")
		if status, err := strconv.Atoi(text); err == nil {
			r.status, r.force, rest = status, force, rest[1:]
		}
	}
	if len(rest) > 0 {
		return rule{}, fmt.Errorf("the condition %.80q is not supported", rest[0])
	}
	return r, r.check(fields[0])
}

// check completes a rule and refuses what cannot be done.
func (r *rule) check(from string) error {
	switch r.status {
	case 301, 302, 303, 307, 308:
	case http.StatusOK, http.StatusNotFound:
		if remote(r.to) {
			return errors.New("passing requests on to another server is not supported")
		}
	default:
		return fmt.Errorf("the status %d is not supported; use 200, 301, 302, 303, 307, 308 or 404", r.status)
	}
	if strings.HasPrefix(r.to, "//") {
		return errors.New("the target begins with //; write https://")
	}
	target, err := url.Parse(r.to)
	if err != nil {
		return fmt.Errorf("reading the target %.80q: it is no address", r.to)
	}
	if remote(r.to) && target.Host == "" {
		return errors.New("the target has no host")
	}
	for _, part := range strings.Split(target.Path, "/") {
		if name := identifier(strings.TrimPrefix(part, ":")); strings.HasPrefix(part, ":") && name != "" && !r.names(name) {
			return fmt.Errorf("the target has the placeholder :%.40s, which the path lacks", name)
		}
	}
	r.spa = r.status == http.StatusOK && !r.force && r.query == nil && from == "/*" && (r.to == "/index.html" || r.to == "/")
	return nil
}

func (r *rule) names(name string) bool {
	if r.from.names(name) {
		return true
	}
	for _, values := range r.query {
		if slices.Contains(values, ":"+name) {
			return true
		}
	}
	return false
}

// remote reports whether a target is on another server.
func remote(target string) bool {
	scheme, _, ok := strings.Cut(target, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// redirects are rules in the order of their file, with the rules of one path found by it.
type redirects struct {
	rules   []rule
	exact   map[string][]int
	dynamic []int
}

func newRedirects(rules []rule) redirects {
	r := redirects{rules: rules, exact: map[string][]int{}}
	for i, rule := range rules {
		if path, ok := rule.from.literal(); ok {
			r.exact[path] = append(r.exact[path], i)
		} else {
			r.dynamic = append(r.dynamic, i)
		}
	}
	return r
}

// matching yields the rules that may match a clean path, in order.
func (r redirects) matching(path string) iter.Seq[*rule] {
	return func(yield func(*rule) bool) {
		exact, dynamic := r.exact[strings.TrimSuffix(path, "/")], r.dynamic
		for len(exact)+len(dynamic) > 0 {
			next := &dynamic
			if len(dynamic) == 0 || len(exact) > 0 && exact[0] < dynamic[0] {
				next = &exact
			}
			if !yield(&r.rules[(*next)[0]]) {
				return
			}
			*next = (*next)[1:]
		}
	}
}

// follow says what a rule makes of a request. It is false if the rule does not apply.
func (s *Site) follow(r *rule, path, query, host string) (reply, bool) {
	values, ok := r.match(path, query)
	if !ok || r.spa && (looksLikeFile(path) || s.hidden(path)) {
		return reply{}, false
	}
	target, err := url.Parse(r.target(values))
	if err != nil {
		return reply{}, false
	}
	if r.status == http.StatusOK || r.status == http.StatusNotFound {
		to := s.show(target.Path)
		if to.file == "" {
			return reply{}, false
		}
		to.status = r.status
		return to, true
	}
	if target.RawQuery == "" && !target.ForceQuery && r.query == nil {
		target.RawQuery = query
	}
	// A rule that leads to where the client is would lead there for ever.
	if (target.Host == "" || strings.EqualFold(target.Host, host)) && target.RawQuery == query &&
		strings.TrimSuffix(target.Path, "/") == strings.TrimSuffix(path, "/") {
		return reply{}, false
	}
	return reply{status: r.status, location: target.String()}, true
}

// show finds the file of a path, whether or not there should be a slash at its end.
func (s *Site) show(name string) reply {
	name, status := cleanPath(name)
	if status != 0 {
		return reply{status: status}
	}
	to := s.lookup(name)
	if to.moved == "" {
		return to
	}
	return s.lookup(to.moved)
}

func (r *rule) match(path, query string) (captures, bool) {
	values, ok := r.from.match(path)
	if !ok || r.query == nil {
		return values, ok
	}
	if values == nil {
		values = captures{}
	}
	given, _ := url.ParseQuery(query) // what can be read of it
	for key, wants := range r.query {
		for _, want := range wants {
			name, placeholder := strings.CutPrefix(want, ":")
			switch {
			case placeholder && given.Has(key):
				values[name] = given.Get(key)
			case !slices.Contains(given[key], want):
				return nil, false
			}
		}
	}
	return values, true
}

// target is where a rule leads. Values are encoded, so that they stay in the part of the address where they stand; a path of this site begins with one slash.
func (r *rule) target(values captures) string {
	prefix, text := "", r.to
	if remote(text) {
		scheme, rest, _ := strings.Cut(text, "://")
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			return text
		}
		prefix, text = scheme+"://"+rest[:end], rest[end:]
	}
	var out strings.Builder
	inQuery := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		inQuery = inQuery || c == '?'
		if name := identifier(text[i+1:]); c == ':' && name != "" {
			if value, ok := values[name]; ok {
				switch {
				case inQuery:
					out.WriteString(url.QueryEscape(value))
				case name == "splat":
					out.WriteString(escapeSegments(value))
				default:
					out.WriteString(url.PathEscape(value))
				}
				i += len(name)
				continue
			}
		}
		out.WriteByte(c)
	}
	if prefix != "" {
		return prefix + out.String()
	}
	return "/" + strings.TrimLeft(out.String(), "/")
}

func escapeSegments(value string) string {
	parts := strings.Split(value, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// maxHops is how often browsers follow a redirect of a redirect.
const maxHops = 20

// maxTried bounds the matches that [Site.endless] tries: a fraction of a second.
const maxTried = 1_000_000

// endless warns of rules that send a browser on for ever. Each is tried with a path that it matches.
func (s *Site) endless() []string {
	var warnings []string
	warned := map[int]bool{}
	rules := s.redirects.rules
	for _, r := range rules[:min(len(rules), maxTried/(len(s.redirects.dynamic)+1))] {
		path := r.sample()
		var lines []int
		for seen := map[string]bool{}; !seen[path] && len(lines) < maxHops; {
			seen[path] = true
			next, line := s.hop(path)
			if line == 0 || warned[line] {
				lines = nil
				break
			}
			path, lines = next, append(lines, line)
		}
		if len(lines) == 0 {
			continue
		}
		for _, line := range lines {
			warned[line] = true
		}
		warnings = append(warnings, fmt.Sprintf("%s:%d: the redirect from %.80s has no end", redirectsFile, lines[0], r.sample()))
	}
	return warnings
}

// hop is where a path leads on this site and the line that says so, 0 if it leads nowhere else.
func (s *Site) hop(path string) (next string, line int) {
	found := s.lookup(path)
	for rule := range s.redirects.matching(path) {
		if found.status != http.StatusNotFound && !rule.force {
			continue
		}
		to, ok := s.follow(rule, path, "", "")
		if !ok {
			continue
		}
		target, err := url.Parse(to.location)
		if err != nil || to.location == "" || target.Host != "" {
			return "", 0
		}
		next, status := cleanPath(target.Path)
		if status != 0 {
			return "", 0
		}
		return next, rule.line
	}
	return "", 0
}

// sample is a path that a rule matches.
func (r *rule) sample() string {
	var out strings.Builder
	for _, t := range r.from.tokens {
		out.WriteString(t.text)
		if t.name != "" {
			out.WriteString("x")
		}
	}
	if r.from.splat {
		out.WriteString("x" + r.from.tail)
	}
	path, _ := cleanPath("/" + strings.TrimLeft(out.String(), "/"))
	return path
}
