// Package versions reads which versions of its tools an app asks for: in variables, in a file of the tool, in its manifest, in the files of
// tool managers. It says what is asked; which version that gives is for package catalogue to say.
//
// All places are rows of one table, [sources], whose order is the order in which they count. .github/docs/versions.md shows it.
package versions

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

// An Ask is what one place asks of one tool.
type Ask struct {
	Option string // such as --pkgs, where a list of packages asks that is in no file; "" for a place of the table

	File  string // "" for a variable and for an option
	Line  int    // from 1; 0 for the whole file and for a variable
	Key   string // of a file with more in it, as in engines.node, or the whole name of the variable; "" for a file of the tool
	Text  string // as it stands there
	Range ranges.Range

	Recorded bool // a lockfile tells which version there was once, and nobody is held to it
}

// Place says where the ask is: "the variable NIXPACKS_NODE_VERSION", ".nvmrc" or "package.json (engines.node)".
func (a Ask) Place() string {
	switch {
	case a.Option != "":
		return a.Option
	case a.File == "":
		return "the variable " + a.Key
	case a.Key == "":
		return a.File
	}
	return a.File + " (" + a.Key + ")"
}

// Why says what the place says, as the reason of a decision: `engines.node is ">=20"`.
func (a Ask) Why() string {
	switch {
	case a.File == "":
		return fmt.Sprintf("%s is %.60q", a.Place(), a.Text)
	case a.Key == "":
		return fmt.Sprintf("it asks for %.60q", a.Text)
	}
	return fmt.Sprintf("%s is %.60q", a.Key, a.Text)
}

// A Bound is what the packages that an app depends on say of a tool. It is no wish of the app, and a wish goes before it.
type Bound struct {
	From  string // the packages: "next 16.0.1 and vite 8.0.0 (package-lock.json)"
	Range ranges.Range
	Quiet bool // an app that wants another version is not warned
	Asked bool // the app itself is for these versions, so that even a line that has ended may follow from it
}

// Found is all that an app says about one tool.
type Found struct {
	Asks     []Ask // in the order in which they count: the first decides, and the others narrow what it leaves open
	Bounds   []Bound
	Warnings []string // one sentence each, about places that are passed over
}

// Narrowed puts the first exact version that the first ask leaves open before it: a range in a manifest says what will do, and who names one version
// means that one. It is the same if there is none.
func (f Found) Narrowed() (Found, bool) {
	if len(f.Asks) == 0 || f.Asks[0].Range.Exact() != "" || f.Asks[0].Range.Word() != "" {
		return f, false
	}
	i := slices.IndexFunc(f.Asks, func(a Ask) bool {
		return !a.Recorded && a.Range.Exact() != "" && f.Asks[0].Range.Allows(a.Range.Exact())
	})
	if i < 0 {
		return f, false
	}
	exact := f.Asks[i]
	f.Asks = slices.Insert(slices.Delete(slices.Clone(f.Asks), i, i+1), 0, exact)
	return f, true
}

// Files lists the files that may ask for a tool or bound one, sorted.
func Files() []string {
	names := []string{devboxLock}
	for _, s := range sources {
		names = append(names, s.file)
	}
	for _, b := range bounds {
		names = append(names, b.file)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// maxFile bounds the files that only ask for versions. Lockfiles and manifests have the limit of their tree.
const maxFile = 64 << 10 // bytes

// Read reads all places that ask for a tool, by the tool's name in the catalogue. First goes before all of them. A place that cannot be
// understood is an error if no place before it asks for the tool, else a warning. The error is a [*source.Error] for a file.
func Read(tree *source.Tree, vars plan.Vars, tool string, first ...Ask) (Found, error) {
	f := Found{Asks: slices.Clone(first)}
	for _, s := range sources {
		if s.tool != tool {
			continue
		}
		a, err := s.ask(tree, vars)
		switch {
		case err != nil && len(f.Asks) == 0:
			return Found{}, err
		case err != nil:
			f.Warnings = append(f.Warnings, fmt.Sprintf("%v; it does not count, as %s goes before it", err, f.Asks[0].Place()))
		case a.Text != "":
			f.Asks = append(f.Asks, a)
		}
	}
	for _, b := range bounds {
		if b.tool != tool || !tree.HasFile(b.file) {
			continue
		}
		more, err := b.read(tree, b.file)
		if err != nil {
			continue // whoever installs by the lockfile says what is wrong with it
		}
		f.Bounds = append(f.Bounds, more...)
	}
	return f, nil
}

// A value is text of a file, with its place.
type value struct {
	key  string // as in [Ask]
	text string // "" if the file does not ask
	line int
}

// A row is one place that may ask for a tool.
type row struct {
	tool  string
	file  string                                              // "" for a variable; the first that matches if it has an asterisk
	key   string                                              // of the file or the variable's name without its prefix; "" if read knows
	read  func(tree *source.Tree, file string) (value, error) // nil for a variable
	parse func(text string) (ranges.Range, error)             // how the text is meant

	recorded bool // as in [Ask]
}

// ask returns the ask of the place, without a text if there is none.
func (r row) ask(tree *source.Tree, vars plan.Vars) (Ask, error) {
	if r.file == "" {
		text, _ := vars.Config(r.key)
		a := Ask{Key: "NIXPACKS_" + r.key, Text: strings.TrimSpace(text)}
		return a.parsed(r.parse)
	}
	file := r.file
	if strings.Contains(file, "*") {
		files, err := tree.Files(file)
		if err != nil || len(files) == 0 {
			return Ask{}, err
		}
		file = files[0]
	}
	if !tree.HasFile(file) {
		return Ask{}, nil
	}
	v, err := r.read(tree, file)
	if err != nil {
		return Ask{}, err
	}
	a := Ask{File: file, Line: v.line, Key: cmp.Or(v.key, r.key), Text: v.text, Recorded: r.recorded}
	return a.parsed(r.parse)
}

// parsed adds the range. What asks for any version at all asks for nothing.
func (a Ask) parsed(parse func(string) (ranges.Range, error)) (Ask, error) {
	if a.Text == "" || slices.Contains(elsewhere, a.Text) || strings.HasPrefix(a.Text, "ref:") || strings.HasPrefix(a.Text, "path:") {
		return Ask{}, nil
	}
	r, err := parse(a.Text)
	if err != nil {
		return Ask{}, a.wrong(err)
	}
	if r.Open() {
		return Ask{}, nil
	}
	a.Range = r
	return a, nil
}

// elsewhere are words by which tool managers are told to take no version of theirs.
var elsewhere = []string{"system", "default", "*"}

func (a Ask) wrong(err error) error {
	if a.File == "" {
		return fmt.Errorf("reading %s: %w", a.Place(), err)
	}
	if a.Key != "" {
		err = fmt.Errorf("%s: %w", a.Key, err)
	}
	return &source.Error{Op: "reading", Name: a.File, Line: a.Line, Err: err}
}

// small reads a file that only asks for versions.
func small(tree *source.Tree, file string) (string, error) {
	text, err := tree.Read(file)
	if err == nil && len(text) > maxFile {
		err = &source.Error{Op: "reading", Name: file, Err: errTooLong, Hint: "is it the right file?"}
	}
	return text, err
}

var errTooLong = errors.New("it asks for versions and has more than 64 KiB")
