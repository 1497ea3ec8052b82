package wheel

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
)

// A truth is the value of a marker, as far as it is known.
type truth int

const (
	no truth = iota - 1
	unknown
	yes
)

// Excludes reports whether a marker of PEP 508 certainly keeps a package from CPython of a version, such as 3.13.5, on Linux. What the marker says of
// the processor or of extras is not known. A marker that is not understood excludes nothing.
func Excludes(marker, version string) bool {
	p := markerParser{rest: markerToken.FindAllString(marker, maxTokens), values: markerValues(version)}
	value := p.either()
	return value == no && len(p.rest) == 0 && !p.wrong
}

// maxTokens bounds a marker, whose parentheses nest.
const maxTokens = 400

var markerToken = lazyregexp.New(`\(|\)|"[^"]*"|'[^']*'|[A-Za-z_.]+|[<>=!~]+|\S`)

// markerValues are the variables of markers whose values are known.
func markerValues(version string) map[string]string {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	return map[string]string{
		"implementation_name":            "cpython",
		"os_name":                        "posix",
		"platform_python_implementation": "CPython",
		"platform_system":                "Linux",
		"python_full_version":            version,
		"python_version":                 major + "." + minor,
		"sys_platform":                   "linux",
	}
}

type markerParser struct {
	rest   []string
	values map[string]string
	wrong  bool
}

func (p *markerParser) next() string {
	if len(p.rest) == 0 {
		p.wrong = true
		return ""
	}
	token := p.rest[0]
	p.rest = p.rest[1:]
	return token
}

func (p *markerParser) accept(token string) bool {
	if len(p.rest) == 0 || p.rest[0] != token {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *markerParser) either() truth {
	value := p.both()
	for p.accept("or") {
		value = max(value, p.both())
	}
	return value
}

func (p *markerParser) both() truth {
	value := p.one()
	for p.accept("and") {
		value = min(value, p.one())
	}
	return value
}

func (p *markerParser) one() truth {
	if p.accept("(") {
		value := p.either()
		p.wrong = p.wrong || !p.accept(")")
		return value
	}
	name, operator, operand := p.next(), p.next(), p.next()
	if operator == "not" || len(operand) < 2 || !strings.ContainsAny(operand[:1], `"'`) {
		p.wrong = true // "not in", and a value on the left
		return unknown
	}
	value, ok := p.values[name]
	if !ok {
		return unknown
	}
	return compared(name, value, operator, operand[1:len(operand)-1])
}

func compared(name, value, operator, operand string) truth {
	if strings.HasPrefix(name, "python_") {
		r, err := ranges.PEP440(operator + operand)
		if err != nil {
			return unknown
		}
		return known(r.Allows(value))
	}
	switch operator {
	case "==":
		return known(value == operand)
	case "!=":
		return known(value != operand)
	}
	return unknown
}

func known(is bool) truth {
	if is {
		return yes
	}
	return no
}
