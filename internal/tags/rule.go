package tags

import (
	"encoding/csv"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A rule makes at most one tag. The fields after priority belong to some types only.
type rule struct {
	text     string // as given, for messages
	kind     string
	enable   template
	priority float64

	prefix, suffix template // nil for the flavor's
	pattern        template // of schedule, semver and pep440
	value          template // of raw; in place of the tag for semver, pep440 and match; nil if none
	match          *matcher // of match; of semver and pep440 if they have one
	group          int      // of match
	branch         string   // of edge, "" for the default branch
	event          string   // of ref
	long           bool     // of sha
}

// defaultPriorities order the rules; they are also the list of the types.
var defaultPriorities = map[string]float64{
	"schedule": 1000, "semver": 900, "pep440": 900, "match": 800, "edge": 700, "ref": 600, "raw": 200, "sha": 100,
}

// defaultPrefixes are the prefixes of the events that a ref rule takes. The last two are not metadata-action's: a merge request, and a merge
// queue or train.
var defaultPrefixes = map[string]string{"branch": "", "tag": "", "pr": "pr-", "mr": "mr-", "mq": "mq-"}

// defaultRules are used when there is no rule and no tag.
var defaultRules = []string{"type=schedule", "type=ref,event=branch", "type=ref,event=tag", "type=ref,event=pr"}

// attributeNames are what a rule is known by; any other text with an equals sign is no rule.
var attributeNames = []string{
	"type", "enable", "priority", "prefix", "suffix", "pattern", "value", "event", "format", "branch", "group", "match",
}

// record splits a line into its fields, as CSV with lenient quotes. A line that is quoted as a whole is read again.
func record(line string) ([]string, error) {
	for again := true; ; again = false {
		r := csv.NewReader(strings.NewReader(line))
		r.LazyQuotes, r.TrimLeadingSpace = true, true
		fields, err := r.Read()
		if err != nil {
			return nil, fmt.Errorf("reading %q: it is no line of CSV", line)
		}
		if !again || len(fields) != 1 || fields[0] == line {
			for i := range fields {
				fields[i] = strings.TrimSpace(fields[i])
			}
			return fields, nil
		}
		line = fields[0]
	}
}

// attribute splits name=value at the first equals sign; the name is in lower case.
func attribute(field string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(field, "=")
	if name == "" || !ok {
		return "", "", false
	}
	return strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value), true
}

// isRule reports whether a line has an attribute of a rule.
func isRule(fields []string) bool {
	return slices.ContainsFunc(fields, func(f string) bool {
		name, _, ok := attribute(f)
		return ok && slices.Contains(attributeNames, name)
	})
}

// parseRule reads one rule. Attributes of no meaning are returned for a warning: metadata-action takes them in silence.
func parseRule(text string) (r rule, unknown []string, err error) {
	wrong := func(err error) (rule, []string, error) {
		return rule{}, nil, fmt.Errorf("reading tag rule %q: %w", text, err)
	}
	fields, err := record(text)
	if err != nil {
		return wrong(err)
	}
	attrs := map[string]string{}
	for _, field := range fields {
		if name, value, ok := attribute(field); ok {
			attrs[name] = value
		} else {
			attrs["value"] = field
		}
	}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if !slices.Contains(attributeNames, name) {
			unknown = append(unknown, name)
		}
	}
	r = rule{text: text, kind: "raw"}
	if kind, ok := attrs["type"]; ok {
		r.kind = kind
	}
	if err := r.read(attrs); err != nil {
		return wrong(err)
	}
	return r, unknown, nil
}

// read fills in the rule from its attributes.
func (r *rule) read(attrs map[string]string) (err error) {
	priority, ok := defaultPriorities[r.kind]
	if !ok {
		return fmt.Errorf("there is no type %q, only %s", r.kind, strings.Join(slices.Sorted(maps.Keys(defaultPriorities)), ", "))
	}
	r.priority = priority
	if text, ok := attrs["priority"]; ok {
		if r.priority, err = strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("priority %q is no number", text)
		}
	}
	if err := r.readKind(attrs); err != nil {
		return err
	}
	if _, ok := attrs["enable"]; !ok {
		attrs["enable"] = "true"
	}
	for name, to := range map[string]*template{"enable": &r.enable, "prefix": &r.prefix, "suffix": &r.suffix} {
		if text, ok := attrs[name]; ok {
			if *to, err = compile(text, globals); err != nil {
				return err
			}
		}
	}
	return nil
}

// readKind reads the attributes that types have of their own, and sets the defaults of all.
func (r *rule) readKind(attrs map[string]string) (err error) {
	otherwise := func(name, value string) {
		if _, ok := attrs[name]; !ok {
			attrs[name] = value
		}
	}
	demand := func(name string) error {
		if _, ok := attrs[name]; !ok {
			return fmt.Errorf("the type %s needs %s=", r.kind, name)
		}
		return nil
	}
	switch r.kind {
	case "schedule":
		otherwise("pattern", "nightly")
		r.pattern, err = compile(attrs["pattern"], dates)
	case "semver", "pep440", "match":
		if err := demand("pattern"); err != nil {
			return err
		}
		err = r.readVersion(attrs)
	case "edge":
		r.branch = attrs["branch"]
	case "ref":
		if err := demand("event"); err != nil {
			return err
		}
		r.event = attrs["event"]
		prefix, ok := defaultPrefixes[r.event]
		if !ok {
			return fmt.Errorf("there is no event %q, only branch, tag, pr, mr (a merge request) and mq (a merge queue)", r.event)
		}
		if prefix != "" {
			otherwise("prefix", prefix)
		}
	case "raw":
		if err := demand("value"); err != nil {
			return err
		}
		r.value, err = compile(attrs["value"], globals)
	case "sha":
		otherwise("prefix", "sha-")
		otherwise("format", "short")
		if f := attrs["format"]; f != "short" && f != "long" {
			return fmt.Errorf("format %q is neither short nor long", f)
		}
		r.long = attrs["format"] == "long"
	}
	return err
}

// readVersion reads the attributes of the types that look at a git tag.
func (r *rule) readVersion(attrs map[string]string) (err error) {
	if attrs["value"] != "" {
		if r.value, err = compile(attrs["value"], globals); err != nil {
			return err
		}
	}
	switch r.kind {
	case "match":
		if r.match, err = newMatcher(attrs["pattern"]); err != nil {
			return err
		}
		if text, ok := attrs["group"]; ok {
			if r.group, err = strconv.Atoi(text); err != nil || strconv.Itoa(r.group) != text { // metadata-action has no group 01
				return fmt.Errorf("group %q is no number", text)
			}
		}
		return nil
	case "semver":
		r.pattern, err = compile(attrs["pattern"], versions)
	case "pep440":
		r.pattern, err = compile(attrs["pattern"], pythons)
	}
	if err != nil || attrs["match"] == "" {
		return err
	}
	if r.match, err = compileMatcher(attrs["match"], attrs["match"], ""); err != nil {
		return err
	}
	if r.match.NumSubexp() == 0 {
		return fmt.Errorf("match %q has no group; put the version in parentheses", attrs["match"])
	}
	return nil
}

// A matcher is a regular expression of JavaScript's, as far as Go's have the same.
type matcher struct {
	*regexp.Regexp
	text   string
	global bool // the groups are the matches
}

var delimited = lazyregexp.New(`^/(.+)/(.*)$`)

// newMatcher reads a regular expression, with or without /slashes/ and flags.
func newMatcher(text string) (*matcher, error) {
	if m := delimited.FindStringSubmatch(text); m != nil {
		return compileMatcher(text, m[1], m[2])
	}
	return compileMatcher(text, text, "")
}

func compileMatcher(text, pattern, flags string) (*matcher, error) {
	m := matcher{text: text}
	var goFlags string
	for _, f := range flags {
		switch f {
		case 'g':
			m.global = true
		case 'i', 'm', 's':
			goFlags += string(f)
		case 'd', 'u', 'v':
		case 'y':
			pattern = `\A(?:` + pattern + `)`
		default:
			return nil, fmt.Errorf("regular expression %s: there is no flag %c", text, f)
		}
	}
	if goFlags != "" {
		pattern = "(?" + goFlags + ")" + pattern
	}
	var err error
	if m.Regexp, err = regexp.Compile(pattern); err != nil {
		return nil, fmt.Errorf("regular expression %s: %w (the syntax is RE2, without look-around and back-references)", text, err)
	}
	return &m, nil
}

// find returns the groups of a match, nil if there is none. Groups that take no part are "" and are told by ok.
func (m *matcher) find(s string) (groups []string, ok []bool) {
	if m.global {
		groups = m.FindAllString(s, -1)
		return groups, slices.Repeat([]bool{true}, len(groups))
	}
	at := m.FindStringSubmatchIndex(s)
	for i := 0; i < len(at); i += 2 {
		if at[i] < 0 {
			groups, ok = append(groups, ""), append(ok, false)
			continue
		}
		groups, ok = append(groups, s[at[i]:at[i+1]]), append(ok, true)
	}
	return groups, ok
}
