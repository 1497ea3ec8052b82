package providers

import (
	"slices"
	"strings"
)

// A pyModule is what a Python file does when it is imported or run, as far as its text tells.
type pyModule struct {
	pyScope

	imports   map[string]string // by the name in the file, such as app or np: the dotted origin, such as flask.Flask or .models
	stars     []string          // modules of which everything is imported
	functions map[string]*pyFunction
}

// A pyScope is the body of a module or of a function, without the bodies of the functions and classes in it.
type pyScope struct {
	values map[string]pyValue // what a name was given last
	order  []string           // of the names, as they were first given something
	calls  []pyCall
}

// A pyValue is the right side of an assignment.
type pyValue struct {
	line int
	call string // dotted name of what is called, "" if the value is no call
	name string // dotted name, "" if the value is none
	text string // "" if the value is no text
}

// A pyCall is one call. Its name begins with a dot if it is a method of what another call returns.
type pyCall struct {
	line   int
	name   string
	args   []pyArgument
	guards bool // below if __name__ == "__main__"
	given  bool // its result is assigned, or it stands in the header of a block
}

// A pyArgument has a name if it is a keyword's; isText tells an empty text from none.
type pyArgument struct {
	name   string
	value  pyValue
	isText bool
}

// A pyFunction is one at the top level of a module.
type pyFunction struct {
	pyScope

	line   int
	needs  []string // parameters without a default
	result pyValue  // of the last return
}

// A pyBlock is a compound statement that the reader is in.
type pyBlock struct {
	indent   int
	scope    *pyScope    // of its body; nil for one that does not count
	function *pyFunction // nil outside of functions
	guards   bool
}

// readPyModule reads the text of a Python file. It fails for none.
func readPyModule(text string) *pyModule {
	m := &pyModule{pyScope: pyScope{values: map[string]pyValue{}}, imports: map[string]string{}, functions: map[string]*pyFunction{}}
	blocks := []pyBlock{{indent: -1, scope: &m.pyScope}}
	for _, s := range pyStatements(text) {
		for len(blocks) > 1 && s.indent <= blocks[len(blocks)-1].indent {
			blocks = blocks[:len(blocks)-1]
		}
		body := s
		if inner, rest, ok := m.header(s, blocks[len(blocks)-1]); ok {
			if inner.indent >= 0 {
				blocks = append(blocks, inner)
			}
			body.tokens = rest
		}
		m.simple(body, blocks[len(blocks)-1])
	}
	return m
}

// pyHeaders begin compound statements.
var pyHeaders = []string{"async", "class", "def", "elif", "else", "except", "finally", "for", "if", "try", "while", "with"}

// header returns the block that a compound statement opens, with an indent of -1 if what is in it counts as what is around it,
// and the tokens of a body in the same line. The calls of the header itself are noted.
func (m *pyModule) header(s pyStatement, around pyBlock) (inner pyBlock, rest []pyToken, ok bool) {
	t := s.tokens
	if t[0].kind != pyName || !slices.Contains(pyHeaders, t[0].text) {
		return pyBlock{}, nil, false
	}
	head := t
	if colon := pyIndex(t, ":"); colon >= 0 {
		head, rest = t[:colon], t[colon+1:]
	}
	inner = pyBlock{indent: -1}
	if head[0].is("async") {
		head = head[1:]
	}
	switch {
	case len(head) == 0:
	case head[0].is("def"), head[0].is("class"):
		inner = pyBlock{indent: s.indent}
		if head[0].is("def") && len(head) > 1 && around.scope == &m.pyScope && len(m.functions) < pyNames {
			f := &pyFunction{line: s.line, needs: pyNeeds(head), pyScope: pyScope{values: map[string]pyValue{}}}
			m.functions[head[1].text] = f
			inner.scope, inner.function = &f.pyScope, f
		}
	case around.scope == nil:
	default:
		around.scope.note(pyStatement{line: s.line, tokens: head}, around.guards, true)
		if as := pyIndex(head, "as"); head[0].is("with") && as > 0 && as+1 < len(head) {
			around.scope.give(head[as+1].text, pyValueOf(s.line, head[1:as]))
		}
		if head[0].is("if") && slices.ContainsFunc(head, func(t pyToken) bool { return t.is("__name__") }) {
			inner = pyBlock{indent: s.indent, scope: around.scope, function: around.function, guards: true}
		}
	}
	return inner, rest, true
}

// simple notes a statement without a body.
func (m *pyModule) simple(s pyStatement, in pyBlock) {
	if len(s.tokens) == 0 {
		return
	}
	switch first := s.tokens[0]; {
	case first.is("import"):
		m.importNames(s.tokens[1:])
	case first.is("from"):
		m.importFrom(s.tokens[1:])
	case in.scope == nil || first.is("@"):
	case first.is("return") && in.function != nil:
		in.function.result = pyValueOf(s.line, s.tokens[1:])
		in.scope.note(s, in.guards, true)
	default:
		in.scope.assign(s)
		in.scope.note(s, in.guards, pyIndex(s.tokens, "=") > 0)
	}
}

// importNames reads "a.b as c, d".
func (m *pyModule) importNames(t []pyToken) {
	for _, part := range pySplit(t, ",") {
		dotted, n := pyDotted(part)
		switch {
		case dotted == "":
		case n+1 < len(part) && part[n].is("as"):
			m.bind(part[n+1].text, dotted)
		default:
			name, _, _ := strings.Cut(dotted, ".")
			m.bind(name, name)
		}
	}
}

// importFrom reads ".a.b import (c as d, e)".
func (m *pyModule) importFrom(t []pyToken) {
	at := slices.IndexFunc(t, func(t pyToken) bool { return t.is("import") })
	if at < 0 {
		return
	}
	var module strings.Builder
	for _, token := range t[:at] {
		module.WriteString(token.text)
	}
	from, dot := module.String(), "."
	if strings.TrimLeft(from, ".") == "" {
		dot = ""
	}
	names := slices.DeleteFunc(slices.Clone(t[at+1:]), func(t pyToken) bool { return t.is("(") || t.is(")") })
	for _, part := range pySplit(names, ",") {
		switch {
		case len(part) == 0:
		case part[0].is("*"):
			m.stars = append(m.stars, from)
		case len(part) > 2 && part[1].is("as"):
			m.bind(part[2].text, from+dot+part[0].text)
		default:
			m.bind(part[0].text, from+dot+part[0].text)
		}
	}
}

func (m *pyModule) bind(name, origin string) {
	if _, ok := m.imports[name]; !ok {
		m.imports[name] = origin
	}
}

// assign reads "a = b = value", "a: annotation = value" and "a, b = value", which gives a the value. What is made of the value that
// a name has, as in "a = wrap(a)", counts as that value.
func (s *pyScope) assign(statement pyStatement) {
	parts := pySplit(statement.tokens, "=")
	if len(parts) < 2 {
		return
	}
	right := parts[len(parts)-1]
	value := pyValueOf(statement.line, right)
	for _, target := range parts[:len(parts)-1] {
		if len(target) == 0 || target[0].kind != pyName || len(target) > 1 && !target[1].is(":") && !target[1].is(",") {
			continue
		}
		name := target[0].text
		_, known := s.values[name]
		if !known || !slices.ContainsFunc(right, func(t pyToken) bool { return t.kind == pyName && t.text == name }) {
			s.give(name, value)
		}
	}
}

func (s *pyScope) give(name string, value pyValue) {
	if _, ok := s.values[name]; !ok {
		if len(s.order) == pyNames {
			return
		}
		s.order = append(s.order, name)
	}
	s.values[name] = value
}

// Bounds of what is noted, so that a file of nothing but brackets takes no time.
const (
	pyNames     = 1000   // that a scope gives values, and functions of a module
	pyCalls     = 10_000 // of a scope
	pyCallWidth = 500    // tokens of a call
)

// note lists the calls of a statement. Given tells that it keeps what they return.
func (s *pyScope) note(statement pyStatement, guards, given bool) {
	t := statement.tokens
	for i := 0; i < len(t) && len(s.calls) < pyCalls; i++ {
		if t[i].kind != pyName {
			continue
		}
		name, n := pyDotted(t[i:])
		if i > 1 && t[i-1].is(".") {
			name = "." + name
		}
		i += n - 1
		if i+1 < len(t) && t[i+1].is("(") {
			s.calls = append(s.calls, pyCall{line: statement.line, name: name, args: pyArguments(statement.line, t[i+2:]), guards: guards, given: given})
		}
	}
}

// pyArguments reads the arguments of a call behind its bracket.
func pyArguments(line int, t []pyToken) []pyArgument {
	t = t[:min(len(t), pyCallWidth)]
	t = t[:pyClosing(t)]
	var args []pyArgument
	for _, part := range pySplit(t, ",") {
		arg := pyArgument{}
		if len(part) > 1 && part[0].kind == pyName && part[1].is("=") {
			arg.name, part = part[0].text, part[2:]
		}
		arg.value = pyValueOf(line, part)
		arg.isText = len(part) == 1 && part[0].kind == pyText
		args = append(args, arg)
	}
	return args
}

// pyValueOf reads an expression.
func pyValueOf(line int, t []pyToken) pyValue {
	v := pyValue{line: line}
	name, n := pyDotted(t)
	switch {
	case len(t) == 1 && t[0].kind == pyText:
		v.text = t[0].text
	case n > 0 && n == len(t):
		v.name = name
	case n > 0 && t[n].is("("):
		v.call = name
	}
	return v
}

// pyNeeds lists the parameters of a function's header that a caller must give.
func pyNeeds(head []pyToken) []string {
	open := slices.IndexFunc(head, func(t pyToken) bool { return t.is("(") })
	if open < 0 {
		return nil
	}
	inside := head[open+1:]
	var needs []string
	for _, part := range pySplit(inside[:pyClosing(inside)], ",") {
		if len(part) > 0 && part[0].kind == pyName && pyIndex(part, "=") < 0 {
			needs = append(needs, part[0].text)
		}
	}
	return needs
}

// pyDotted reads a dotted name at the beginning, and says how many tokens it has.
func pyDotted(t []pyToken) (name string, n int) {
	for n < len(t) && t[n].kind == pyName {
		name += t[n].text
		if n++; n+1 >= len(t) || !t[n].is(".") || t[n+1].kind != pyName {
			break
		}
		name += "."
		n++
	}
	return name, n
}

// pyClosing is the index of the bracket that closes the open one before t, or its length.
func pyClosing(t []pyToken) int {
	depth := 0
	for i, token := range t {
		if depth += pyDepth(token); depth < 0 {
			return i
		}
	}
	return len(t)
}

func pyDepth(t pyToken) int {
	if t.kind != pyOther {
		return 0
	}
	switch t.text {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}

// pyIndex is the index of the first such token outside of brackets, or -1.
func pyIndex(t []pyToken, text string) int {
	depth := 0
	for i, token := range t {
		if depth += pyDepth(token); depth == 0 && token.is(text) {
			return i
		}
	}
	return -1
}

// pySplit parts tokens at each such one outside of brackets.
func pySplit(t []pyToken, text string) [][]pyToken {
	var parts [][]pyToken
	for {
		i := pyIndex(t, text)
		if i < 0 {
			return append(parts, t)
		}
		parts, t = append(parts, t[:i]), t[i+1:]
	}
}
