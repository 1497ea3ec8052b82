package tags

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A template is text with expressions in double braces, as metadata-action takes them from Handlebars:
// {{name}} or {{name 'argument' key='value'}}. Blocks, partials and nested paths are refused.
// Nothing is escaped for HTML, which the original does by accident: a & in a branch stays one.
type template []part

// A part is text, or an expression if it has a name.
type part struct {
	text string
	expression
}

type expression struct {
	name   string
	format string // of a date
	zone   *time.Location
}

// values gives what an expression stands for.
type values func(expression) string

var (
	mustache = lazyregexp.New(`\{\{\{.*?\}\}\}|\{\{.*?\}\}`)
	call     = lazyregexp.New(`^&?\s*([A-Za-z_][A-Za-z0-9_]*)((?:\s.*)?)$`)
	argument = lazyregexp.New(`^\s+(?:([A-Za-z_]+)=)?(?:'([^']*)'|"([^"]*)")`)
)

// What may stand in double braces.
var (
	dates    = []string{"date", "commit_date"}
	globals  = append([]string{"branch", "tag", "sha", "base_ref", "is_default_branch", "is_not_default_branch"}, dates...)
	versions = []string{"raw", "version", "major", "minor", "patch", "prerelease", "build"}
	pythons  = versions[:5]
)

// compile reads a template in which the known expressions may stand.
func compile(text string, known []string) (template, error) {
	var t template
	rest := text
	for {
		at := mustache.FindStringIndex(rest)
		if at == nil {
			break
		}
		if strings.HasSuffix(rest[:at[0]], `\`) { // an escape in Handlebars
			return nil, fmt.Errorf("reading template %q: there is a backslash before {{, which is not understood", text)
		}
		t = append(t, part{text: rest[:at[0]]})
		body := rest[at[0]+2 : at[1]-2]
		if strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}") {
			body = body[1 : len(body)-1]
		}
		rest = rest[at[1]:]
		if strings.HasPrefix(body, "!") { // a comment
			continue
		}
		e, err := parseExpression(strings.TrimSpace(body), known)
		if err != nil {
			return nil, fmt.Errorf("reading template %q: %w", text, err)
		}
		t = append(t, part{expression: e})
	}
	if strings.Contains(rest, "{{") {
		return nil, fmt.Errorf("reading template %q: {{ is not closed by }}", text)
	}
	return append(t, part{text: rest}), nil
}

func parseExpression(body string, known []string) (expression, error) {
	m := call.FindStringSubmatch(body)
	if m == nil {
		return expression{}, fmt.Errorf("{{%s}} is not understood; write {{name}} or {{date 'FORMAT' tz='ZONE'}}", body)
	}
	e := expression{name: m[1]}
	if !slices.Contains(known, e.name) {
		return e, fmt.Errorf("there is no {{%s}} here, only %s", e.name, strings.Join(known, ", "))
	}
	if slices.Contains(dates, e.name) {
		return e, e.readDate(m[2])
	}
	if strings.TrimSpace(m[2]) != "" {
		return e, fmt.Errorf("{{%s}} takes no argument", e.name)
	}
	return e, nil
}

// readDate reads a format, and tz='ZONE'.
func (e *expression) readDate(arguments string) error {
	const usage = "{{%s}} takes a format, and optionally a zone: {{%[1]s 'YYYYMMDD' tz='Asia/Tokyo'}}"
	e.zone = time.UTC
	given := false
	for strings.TrimSpace(arguments) != "" {
		m := argument.FindStringSubmatch(arguments)
		if m == nil {
			return fmt.Errorf(usage, e.name)
		}
		arguments = arguments[len(m[0]):]
		value := m[2] + m[3] // one of them is empty
		switch {
		case m[1] == "" && !given:
			e.format, given = value, true
		case m[1] == "tz":
			zone, err := loadZone(value)
			if err != nil {
				return err
			}
			e.zone = zone
		default:
			return fmt.Errorf(usage, e.name)
		}
	}
	if !given {
		return fmt.Errorf(usage, e.name)
	}
	_, err := formatDate(time.Time{}, e.format)
	return err
}

// at formats a time as the expression says.
func (e expression) at(t time.Time) string {
	s, err := formatDate(t.In(e.zone), e.format)
	if err != nil { // the format has been checked
		return ""
	}
	return s
}

func (t template) render(v values) string {
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(v(p.expression))
	}
	return b.String()
}

// literal reports whether the template has no expression.
func (t template) literal() bool {
	return !slices.ContainsFunc(t, func(p part) bool { return p.name != "" })
}

// raw reports whether the template is {{raw}} and nothing else.
func (t template) raw() bool {
	t = slices.DeleteFunc(slices.Clone(t), func(p part) bool { return p.name == "" && p.text == "" })
	return len(t) == 1 && t[0].name == "raw"
}
