package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What a user's file may have. Each number is far above what a closed network or a test needs.
const (
	MaxFile  = 4 << 20 // bytes
	maxRows  = 20_000
	maxValue = 2048 // bytes of a value
)

// A File is a catalogue of the user. It is TOML or JSON of lists of tables whose values are text:
//
//	[registries]
//	npm = "https://packages.example"       # base of the addresses of npm: references; also pypi and gomod
//	[[line]]
//	tool = "node"
//	line = "28"
//	released = 2027-04-20                  # optional, as are long and end
//	[[release]]
//	tool = "node"
//	version = "22.14.0"
//	platform = "linux/amd64"
//	address = "https://files.example/node.tar.gz"
//	hash = "sha256:HEX"                    # or sha512, hexadecimal or as sha256-BASE64
//	with = "aspnetcore-runtime@8.0.19"     # optional
//	[[overlay]]
//	tool = "rust"
//	first = "1.29.0"
//	last = "1.98.0"
//	address = "https://files.example/rust-overlay.tar.gz"
//	nar = "sha256-BASE64"
//	date = 2026-08-22                      # optional
//	[[package]]
//	tool = "ruby"
//	version = "3.4.9"
//	attribute = "ruby_3_4"
//	commit = "40 HEX"
//	date = 2026-08-16                      # optional
//	nar = "sha256-BASE64"
//	amd64 = "/nix/store/..."               # optional, as is arm64
//
// A row that the catalogue has too replaces it. A user's rows count on every catalogue date.
type File struct {
	Name string // as given

	registries Registries
	rows       map[string]Rows
}

// A FileError names a fault of a user's catalogue, and its line.
type FileError struct {
	Name string
	Line int // from 1; 0 if there is none
	Err  error
}

// Error is one line.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("reading catalogue %s: %v", e.Name, e.Err)
	}
	return fmt.Sprintf("reading catalogue %s:%d: %v", e.Name, e.Line, e.Err)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// A value is text with its place in a file.
type value struct {
	text string
	at   int // offset
}

// A table is what one header of a file begins.
type table struct {
	kind   string
	at     int
	values map[string]value
}

// A placedError has an offset in place of a line.
type placedError struct {
	at  int
	err error
}

func (e *placedError) Error() string { return e.err.Error() }

func fail(at int, format string, args ...any) error {
	return &placedError{at, fmt.Errorf(format, args...)}
}

// ParseFile reads a user's catalogue, as JSON if the name ends so or the text begins with a brace, else as TOML. An error is a
// [*FileError].
func ParseFile(name string, text []byte) (*File, error) {
	if len(text) > MaxFile {
		return nil, &FileError{Name: name, Err: fmt.Errorf("it has more than %d MiB; is it the right file?", MaxFile>>20)}
	}
	read := readTOML
	if path.Ext(name) == ".json" || bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n\ufeff"), []byte("{")) {
		read = readJSON
	}
	tables, err := read(bytes.TrimPrefix(text, []byte("\ufeff")))
	f := &File{Name: name, rows: map[string]Rows{}}
	seen := map[string]bool{}
	for i := 0; err == nil && i < len(tables); i++ {
		err = f.add(tables[i], seen)
	}
	if err == nil {
		return f, nil
	}
	e := &FileError{Name: name, Err: err}
	if placed := (*placedError)(nil); errors.As(err, &placed) {
		e.Line, e.Err = 1+bytes.Count(text[:min(placed.at, len(text))], []byte("\n")), placed.err
	}
	return nil, e
}

// A Row is one table of a catalogue that is part of another file, with the lines of that file.
type Row struct {
	Kind   string // as in release
	Line   int    // from 1
	Values map[string]Value
}

// A Value is a text with its line.
type Value struct {
	Text string
	Line int
}

// NewFile is [ParseFile] for rows of another file, whose name it has.
func NewFile(name string, rows []Row) (*File, error) {
	f, seen := &File{Name: name, rows: map[string]Rows{}}, map[string]bool{}
	for _, row := range rows {
		t := table{kind: row.Kind, at: row.Line, values: map[string]value{}}
		for key, v := range row.Values {
			if err := t.set(key, v.Text, v.Line); err != nil {
				return nil, atLine(name, err)
			}
		}
		if err := f.add(t, seen); err != nil {
			return nil, atLine(name, err)
		}
	}
	return f, nil
}

// atLine is an error whose place is a line.
func atLine(name string, err error) error {
	if placed := (*placedError)(nil); errors.As(err, &placed) {
		return &FileError{name, placed.at, placed.err}
	}
	return &FileError{Name: name, Err: err}
}

// A key is what a table may have.
type key struct {
	name     string
	optional bool
	check    func(string) (string, error) // returns the text in the catalogue's form
}

// forms are the keys of each kind of table, in the order in which they are missed.
var forms = map[string][]key{
	"registries": {{"npm", true, checkBase}, {"pypi", true, checkBase}, {"gomod", true, checkBase}},
	"line":       {{"tool", false, checkTool}, {"line", false, checkVersion}, {"released", true, checkDay}, {"long", true, checkDay}, {"end", true, checkDay}},
	"release": {{"tool", false, checkTool}, {"version", false, checkVersion}, {"platform", false, checkPlatform},
		{"address", false, checkAddress}, {"hash", false, checkHash}, {"with", true, checkWith}},
	"overlay": {{"tool", false, checkTool}, {"first", false, checkVersion}, {"last", false, checkVersion}, {"address", false, checkAddress},
		{"nar", false, checkNAR}, {"date", true, checkDay}},
	"package": {{"tool", false, checkTool}, {"version", false, checkVersion}, {"attribute", false, checkAttribute}, {"commit", false, checkCommit},
		{"date", true, checkDay}, {"nar", false, checkNAR}, {"amd64", true, checkPath}, {"arm64", true, checkPath}},
}

func (f *File) add(t table, seen map[string]bool) error {
	form, ok := forms[t.kind]
	if !ok {
		return fail(t.at, "unknown table %.40q: there are line, overlay, package, registries and release", t.kind)
	}
	get := map[string]string{}
	for name, v := range t.values {
		i := slices.IndexFunc(form, func(k key) bool { return k.name == name })
		if i < 0 {
			var names []string
			for _, k := range form {
				names = append(names, k.name)
			}
			return fail(v.at, "unknown key %.40q of a %s: there are %s", name, t.kind, strings.Join(names, ", "))
		}
		text, err := form[i].check(v.text)
		if err != nil {
			return fail(v.at, "%s %.60q: %w", name, v.text, err)
		}
		get[name] = text
	}
	for _, k := range form {
		if get[k.name] == "" && !k.optional {
			return fail(t.at, "a %s has no %s", t.kind, k.name)
		}
	}
	return f.row(t, get, seen)
}

func (f *File) row(t table, get map[string]string, seen map[string]bool) error {
	tool := get["tool"]
	if canonical, ok := aliases[tool]; ok {
		tool = canonical
	}
	id := strings.Join([]string{t.kind, tool, get["line"], get["last"], get["version"], get["platform"], get["attribute"], get["commit"]}, "\n")
	if seen[id] {
		return fail(t.at, "this %s is given twice", t.kind)
	}
	seen[id] = true
	r := f.rows[tool]
	switch t.kind {
	case "registries":
		f.registries = Registries{"npm": get["npm"], "pypi": get["pypi"], "gomod": get["gomod"]}
		return nil
	case "line":
		r.Lines = append(r.Lines, Line{Name: get["line"], Released: Day(get["released"]), Long: Day(get["long"]), End: Day(get["end"])})
	case "release":
		r.Releases = append(r.Releases, Release{Version: get["version"], Platform: get["platform"], Hash: get["hash"], Address: get["address"], With: get["with"]})
	case "overlay":
		r.Overlays = append(r.Overlays, Overlay{First: get["first"], Last: get["last"], Address: get["address"], NAR: get["nar"], Date: Day(get["date"])})
	case "package":
		r.Packages = append(r.Packages, Package{Version: get["version"], Attribute: get["attribute"], Commit: get["commit"],
			Date: Day(get["date"]), NAR: get["nar"], AMD64: get["amd64"], ARM64: get["arm64"]})
	}
	f.rows[tool] = r
	return nil
}

// matching checks a text against a form; want says in words what it has to be.
func matching(form, want string) func(string) (string, error) {
	re := lazyregexp.New(`^(?:` + form + `)$`)
	return func(text string) (string, error) {
		if !re.MatchString(text) {
			return "", fmt.Errorf("it is not %s", want)
		}
		return text, nil
	}
}

var (
	checkTool      = matching(`[a-z][a-z0-9+._-]{0,63}`, "a tool's name, such as node")
	checkVersion   = matching(`[0-9][0-9A-Za-z.+_-]{0,63}`, "a version, such as 22.14.0")
	checkPlatform  = matching(`linux/[a-z0-9]{1,16}(?:/v[0-9])?`, "a platform, such as linux/amd64")
	checkWith      = matching(`[a-z][a-z0-9+._-]{0,63}@[0-9][0-9A-Za-z.+_-]{0,63}`, "TOOL@VERSION")
	checkAttribute = matching(`[A-Za-z_][A-Za-z0-9_'.-]{0,127}`, "an attribute of nixpkgs, such as ruby_3_4")
	checkCommit    = matching(`[0-9a-f]{40}`, "a commit of 40 hexadecimal digits")
	checkPath      = matching(`/nix/store/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+._?=-]{1,211}`, "a store path, such as /nix/store/HASH-NAME")
)

func checkDay(text string) (string, error) {
	if !Day(text).valid() {
		return "", errors.New("it is not a day, such as 2026-11-28")
	}
	return text, nil
}
