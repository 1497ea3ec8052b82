package versions

import (
	"strings"

	"github.com/org/npx-action/internal/source"
)

// at follows keys into a decoded document; nil if they lead nowhere.
func at(v any, keys ...string) any {
	for _, key := range keys {
		table, _ := v.(map[string]any)
		v = table[key]
	}
	return v
}

// text is a decoded value if that is a text, trimmed.
func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

// inJSON reads the text to which the keys lead in a JSON document. A value that is no text asks for nothing.
func inJSON(keys ...string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		var document any
		if err := tree.JSON(file, &document); err != nil {
			return value{}, err
		}
		v := value{text: text(at(document, keys...))}
		if v.text != "" {
			v.line = tree.LineOf(file, keys...)
		}
		return v, nil
	}
}

// inTOML is inJSON for TOML.
func inTOML(keys ...string) func(*source.Tree, string) (value, error) {
	last := keys[len(keys)-1]
	return func(tree *source.Tree, file string) (value, error) {
		var document map[string]any
		if err := tree.TOML(file, &document); err != nil {
			return value{}, err
		}
		found := at(document, keys...)
		v := value{text: text(found)}
		if v.text == "" {
			v.text = text(at(found, "version")) // as Poetry has it
		}
		if v.text != "" {
			v.line = keyLine(tree, file, last)
		}
		return v, nil
	}
}

// inScript reads a key of the block in which a Python script holds its own metadata. Whoever installs by the block says what is wrong with it.
func inScript(key string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		var block map[string]any
		if found, err := tree.Script(file, &block); err != nil || !found {
			return value{}, nil
		}
		v := value{text: text(block[key])}
		if v.text != "" {
			v.line = tree.Line(file, "# "+key)
		}
		return v, nil
	}
}

// keyLine is the first line of a TOML document that gives the key a value; 0 if none does so in a line of its own.
func keyLine(tree *source.Tree, file, key string) int {
	document, err := tree.Read(file)
	if err != nil {
		return 0
	}
	number := 0
	for line := range strings.Lines(document) {
		number++
		name, _, ok := strings.Cut(line, "=")
		if ok && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return number
		}
	}
	return 0
}

// devEngine reads a tool of that name in devEngines of package.json, where one of a kind stands alone or in a list.
func devEngine(kind, tool string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		var document any
		if err := tree.JSON(file, &document); err != nil {
			return value{}, err
		}
		found := at(document, "devEngines", kind)
		list, ok := found.([]any)
		if !ok {
			list = []any{found}
		}
		for _, r := range list {
			if asked := text(at(r, "version")); asked != "" && text(at(r, "name")) == tool {
				return value{text: asked, line: tree.LineOf(file, "devEngines", kind)}, nil
			}
		}
		return value{}, nil
	}
}
