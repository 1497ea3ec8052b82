package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A nodeConfig is a configuration in JavaScript or TypeScript. It is read and not run: what it says is what stands in it as a literal.
type nodeConfig struct {
	name   string // "" if there is none
	text   string
	values []configValue
}

// A configValue is what stands for a key.
type configValue struct {
	path     string // the keys that lead to it, with dots; calls and lists between them do not count
	text     string // a string, or "true" or "false"
	computed bool   // so that text is not known
	absolute bool   // it begins at the folder of the configuration, by path.resolve or path.join
	line     int
}

// maxConfig bounds a configuration, in bytes. A person writes some thousand.
const maxConfig = 256 << 10

// readConfig reads the first of the files that the app has. One that cannot be read, or is larger than maxConfig, is as none.
func (n *nodeApp) readConfig(names ...string) nodeConfig {
	name := firstFile(n.App, names...)
	text, err := n.Tree.Read(name)
	if name == "" || err != nil || len(text) > maxConfig {
		return nodeConfig{}
	}
	return nodeConfig{name, text, configValues(jsTokens(text))}
}

// configNames are the names of a tool's configuration, by its name without the extension.
func configNames(stem string) []string {
	var names []string
	for _, ext := range []string{".js", ".mjs", ".ts", ".cjs", ".mts", ".cts"} {
		names = append(names, stem+ext)
	}
	return names
}

// has reports whether anything stands for a key, or for a key below it.
func (c nodeConfig) has(key string) bool {
	return slices.ContainsFunc(c.values, func(v configValue) bool { return v.path == key || strings.HasPrefix(v.path, key+".") })
}

// value is what stands for a key. If it stands there more than once, and not for the same, it is computed.
func (c nodeConfig) value(key string) (v configValue, ok bool) {
	for _, other := range c.values {
		switch {
		case other.path != key:
		case !ok:
			v, ok = other, true
		case other.text != v.text || other.computed:
			v.computed = true
		}
	}
	return v, ok
}

// is reports whether a known value stands for a key.
func (c nodeConfig) is(key, text string) bool {
	v, ok := c.value(key)
	return ok && !v.computed && v.text == text
}

// why is the cause if a key decided.
func (c nodeConfig) why(key string) cause {
	v, _ := c.value(key)
	last := key[strings.LastIndexByte(key, '.')+1:]
	return cause{c.name, v.line, fmt.Sprintf("%s is %.60q", last, v.text)}
}

// setting is what a configuration says for a key, else the default, whose cause says so. A value that is computed is not known, which is
// warned of.
func (n *nodeApp) setting(c nodeConfig, key, fallback, why string) (configValue, cause) {
	v, ok := c.value(key)
	switch {
	case !ok:
		return configValue{text: fallback}, byDefault(why)
	case v.computed:
		n.warn("%s:%d computes %s, so that the plan does not know it; it takes %q", c.name, v.line, key, fallback)
		return configValue{text: fallback}, byDefault(why)
	}
	return v, c.why(key)
}

// A jsFrame is an open bracket.
type jsFrame struct {
	open      byte
	name      string // the key that it stands for, or ""
	key       string // the one whose value is being read
	ternaries int    // question marks that wait for a colon
	may       bool   // the value being read depends on a condition
	branch    bool   // the statement being read does
	within    bool   // all of the bracket does
}

// end is behind a value.
func (f *jsFrame) end() { f.key, f.ternaries, f.may = "", 0, false }

// configValues finds the keys of objects.
func configValues(tokens []jsToken) []configValue {
	var values []configValue
	frames := []jsFrame{{}}
	kind := func(i int) byte {
		if i < 0 || i >= len(tokens) {
			return 0
		}
		return tokens[i].kind
	}
	for i, t := range tokens {
		f := &frames[len(frames)-1]
		switch t.kind {
		case '{', '[', '(':
			frames = append(frames, jsFrame{open: t.kind, name: f.key, within: f.may || f.branch || f.within})
		case '}', ']', ')':
			if len(frames) > 1 {
				frames = frames[:len(frames)-1]
			}
			if outer := &frames[len(frames)-1]; t.kind == '}' && outer.ternaries == 0 && kind(i+1) != ':' {
				outer.may, outer.branch = false, false
			}
		case ',', ';':
			f.end()
			f.branch = f.branch && t.kind == ','
		case 'o':
			f.may = f.may || slices.Contains(jsConditions, t.text)
		case '=':
			f.key = "" // the colon before it was for a type
		case '?':
			if kind(i+1) != ':' {
				f.ternaries++
				f.may = true
			}
		case ':':
			named := kind(i-1) == 'w' || kind(i-1) == 's'
			switch {
			case f.ternaries > 0:
				f.ternaries--
			case f.open == '{' && named && (kind(i-2) == '{' || kind(i-2) == ','):
				f.key = tokens[i-1].text
				v := readValue(tokens[i+1:])
				v.path, v.line = pathOf(frames), t.line
				v.computed = v.computed || f.within
				values = append(values, v)
			}
		case 'w':
			// A method is a name before brackets, as its body is no part of the configuration.
			if f.open == '{' && kind(i+1) == '(' && (kind(i-1) == '{' || kind(i-1) == ',' || tokens[max(i-1, 0)].text == "async") {
				f.key = t.text + "()"
			}
			if slices.Contains(jsStatements, t.text) {
				f.end()
				f.branch = t.text == "if" || t.text == "else" || f.branch && (t.text == "return" || t.text == "module")
			}
		}
	}
	return values
}

// jsStatements begin one, so that nothing is left of the value before.
var jsStatements = []string{"return", "const", "let", "var", "export", "import", "if", "else", "for", "while", "switch", "function", "module"}

// jsConditions are operators behind which a value may not be taken.
var jsConditions = []string{"&&", "||", "??"}

func pathOf(frames []jsFrame) string {
	var names []string
	for _, f := range frames {
		if f.open == '{' || f.open == '(' || f.open == '[' {
			names = append(names, f.name)
		}
	}
	names = append(names, frames[len(frames)-1].key)
	return strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), ".")
}

// readValue reads the value at the beginning of the tokens.
func readValue(tokens []jsToken) configValue {
	depth, end := 0, len(tokens)
	for i, t := range tokens {
		if depth == 0 && strings.IndexByte(",;}])", t.kind) >= 0 {
			end = i
			break
		}
		switch t.kind {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		}
	}
	tokens = tokens[:end]
	if len(tokens) == 3 && tokens[1].text == "as" && tokens[2].text == "const" {
		tokens = tokens[:1]
	}
	switch {
	case len(tokens) == 1 && (tokens[0].kind == 's' || tokens[0].text == "true" || tokens[0].text == "false"):
		return configValue{text: tokens[0].text}
	case len(tokens) > 1:
		if text, ok := joined(tokens); ok {
			return configValue{text: text, absolute: true}
		}
	}
	return configValue{computed: true}
}

// joined reads path.resolve(__dirname, "a", "b") and the like, of which the result is below the folder of the configuration.
func joined(tokens []jsToken) (string, bool) {
	open := slices.IndexFunc(tokens, func(t jsToken) bool { return t.kind == '(' })
	if open < 1 || tokens[len(tokens)-1].kind != ')' || tokens[open-1].text != "resolve" && tokens[open-1].text != "join" {
		return "", false
	}
	var parts []string
	base := false
	for _, t := range tokens[open+1 : len(tokens)-1] {
		switch {
		case t.kind == 's' && base:
			parts = append(parts, t.text)
		case t.text == "__dirname" || t.text == "dirname":
			base = true
		case t.kind == ',' || t.kind == '.' || len(parts) == 0 && (t.text == "import" || t.text == "meta"):
		default:
			return "", false
		}
	}
	return path.Join(parts...), base
}
