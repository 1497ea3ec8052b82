// Command generate writes files from the declarations of the options: the structs of values in Go, the inputs of action.yml and of the
// GitLab components, and the table of inputs in the documentation. go generate runs it in internal/option.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/org/npx-action/internal/option"
)

// command is the command that a developer types.
const command = "go generate ./internal/option"

// root is the root of the repository, from internal/option, where go generate runs the program.
const root = "../.."

func main() {
	if err := write(root); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// A file has parts that are written, in their order. The text around them stays.
type file struct {
	name  string
	parts []part
}

// A part is the text between two lines of a file.
type part struct {
	begin, end string // the lines; "" if the part is the whole file
	text       func([]option.Option) (string, error)
}

// files are the files that the program writes.
func files() []file {
	yaml := func(indent string) (begin, end string) {
		return indent + "# Written by " + command + ":", indent + "# End of the generated part."
	}
	return []file{
		{"internal/option/values.go", []part{{"", "", values}}},
		{"action.yml", []part{between(yaml, "  ", action)}},
		{"gitlab/templates/npx.yml", []part{between(yaml, "    ", npxInputs), between(yaml, "    ", npxVariables)}},
		{"gitlab/templates/discover.yml", []part{between(yaml, "    ", discoverInputs), between(yaml, "    ", discoverVariables)}},
		{".github/docs/inputs.md", []part{{"<!-- Written by " + command + ": -->", "<!-- End of the generated part. -->", table}}},
	}
}

func between(mark func(string) (string, string), indent string, text func([]option.Option) (string, error)) part {
	begin, end := mark(indent)
	return part{begin, end, text}
}

// generate returns the text of the file with new parts; old is the present text.
func (f file) generate(old string) (string, error) {
	var b strings.Builder
	rest := old
	for _, p := range f.parts {
		text, err := p.text(option.All())
		if err != nil {
			return "", fmt.Errorf("writing %s: %w", f.name, err)
		}
		if p.begin == "" {
			return text, nil
		}
		before, after, began := strings.Cut(rest, p.begin+"\n")
		_, after, ended := strings.Cut(after, p.end+"\n")
		if !began || !ended {
			return "", fmt.Errorf("writing %s: it has no lines %q and %q", f.name, p.begin, p.end)
		}
		b.WriteString(before + p.begin + "\n" + text + p.end + "\n")
		rest = after
	}
	return b.String() + rest, nil
}

// write writes the files below a root that differ from the declarations.
func write(root string) error {
	for _, f := range files() {
		name := filepath.Join(root, filepath.FromSlash(f.name))
		old, err := os.ReadFile(name)
		if err != nil && len(f.parts) > 0 && f.parts[0].begin != "" {
			return err
		}
		text, err := f.generate(string(old))
		if err != nil {
			return err
		}
		if text == string(old) {
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
