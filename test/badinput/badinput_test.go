// Package badinput breaks every file that planning reads, in every way that files are broken.
package badinput

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
	"github.com/org/npx-action/test/manifests"
	"github.com/org/npx-action/test/meter"
)

// What planning an app with a broken file may take.
const (
	maxTime   = time.Second // of the processor
	maxMemory = 200 << 20   // bytes of all that is allocated, whether it is freed or not
)

func TestBrokenFilesGiveAPlanOrAnErrorThatNamesThem(t *testing.T) {
	for _, m := range manifests.All() {
		t.Run(m.Name, func(t *testing.T) {
			for _, damage := range damages {
				for _, content := range damage.of(m) {
					check(t, m, damage, content, rules.Newest)
					if m.Provider == "" {
						check(t, m, damage, content, rules.Nixpacks)
					}
				}
			}
		})
	}
}

func check(t *testing.T, m manifests.Manifest, d damage, content []byte, edition rules.Edition) {
	t.Helper()
	what := fmt.Sprintf("%s in edition %s: %.80q", d.name, edition, content)
	_, err := measured(t, what, m, content, edition)
	if err == nil {
		return
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "\n") || len(text) > 1000 || !utf8.ValidString(text):
		t.Errorf("%s: the error is no line: %q", what, text)
	case !strings.Contains(text, m.Name):
		t.Errorf("%s: the error does not name the file: %s", what, text)
	case d.hasLine && m.Format() != manifests.Text && (m.Provider == "" || strings.Contains(text, "parsing ")) && !placed.MatchString(text):
		t.Errorf("%s: the error names no line: %s", what, text)
	}
}

// placed is an error that names a line, or is about the file as a whole.
var placed = regexp.MustCompile(`:\d+|line \d+|the file is empty|is over the limit|is not UTF-8`)

// measured plans the app, and fails if that takes too much.
func measured(t *testing.T, what string, m manifests.Manifest, content []byte, edition rules.Edition) (result planner.Result, err error) {
	t.Helper()
	cost := meter.Of(func() { result, err = makePlan(t, m, content, edition) })
	if cost.CPU > maxTime || cost.Memory > maxMemory {
		t.Errorf("%s: planning takes %v and %d MiB", what, cost.CPU, cost.Memory>>20)
	}
	return result, err
}

func makePlan(t *testing.T, m manifests.Manifest, content []byte, edition rules.Edition) (planner.Result, error) {
	t.Helper()
	files := fstest.MapFS{m.Name: {Data: content, Mode: 0o644}}
	for name, text := range m.Files() {
		files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	tree, err := source.New(files, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return planner.Make(planner.Input{Tree: tree, Edition: string(edition), Arch: "x86_64"})
}

func TestWholeFilesGiveThePlanOfTheirProvider(t *testing.T) {
	list := providers.All()
	for _, m := range manifests.All() {
		if m.Provider != "" && !slices.ContainsFunc(list, func(p providers.Provider) bool { return p.Name == m.Provider }) {
			continue
		}
		result, err := makePlan(t, m, []byte(m.Content), rules.Newest)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if m.Provider != "" && (len(result.Detected) != 1 || result.Detected[0].Provider != m.Provider) {
			t.Errorf("%s is of %s, but detected are %v", m.Name, m.Provider, result.Detected)
		}
	}
}

func TestEveryProviderHasAFileToBreak(t *testing.T) {
	for _, p := range providers.All() {
		if !slices.ContainsFunc(manifests.All(), func(m manifests.Manifest) bool { return m.Provider == p.Name }) {
			t.Errorf("package manifests has no file of %s", p.Name)
		}
	}
}

// A damage is a way in which a file is broken.
type damage struct {
	name    string
	hasLine bool // an error of decoding it has a line, other than one about what is missing
	of      func(manifests.Manifest) [][]byte
}

var damages = []damage{
	{"truncated", true, truncated},
	{"empty", true, one(func([]byte) []byte { return nil })},
	{"of wrong types", true, wrongTypes},
	{"huge", false, one(func(content []byte) []byte { return append(huge[:0], content...)[:len(huge)] })},
	{"repeated", false, one(func(content []byte) []byte { return bytes.Repeat(content, 1<<20/len(content)) })},
	{"padded", false, one(func(content []byte) []byte { return append(content, bytes.Repeat([]byte(" "), 1<<20)...) })},
	{"deeply nested", true, nested},
	{"with duplicate keys", true, duplicated},
	{"with a byte order mark", true, one(func(content []byte) []byte { return append([]byte("\ufeff"), content...) })},
	{"with CRLF", true, one(func(content []byte) []byte { return bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n")) })},
	{"in Latin-1", true, one(func(content []byte) []byte { return insert(content, "caf\xe9") })},
	{"with a NUL byte", true, one(func(content []byte) []byte { return insert(content, "\x00") })},
	{"of NUL bytes", true, one(func(content []byte) []byte { return make([]byte, len(content)+1) })},
	{"on one line", true, one(func(content []byte) []byte { return bytes.ReplaceAll(content, []byte("\n"), []byte(" ")) })},
}

// huge is the space of a file that is larger than any that is read.
var huge = make([]byte, 50<<20)

func one(change func(content []byte) []byte) func(manifests.Manifest) [][]byte {
	return func(m manifests.Manifest) [][]byte { return [][]byte{change([]byte(m.Content))} }
}

// insert puts a text into the middle.
func insert(content []byte, text string) []byte {
	half := len(content) / 2
	return slices.Concat(content[:half], []byte(text), content[half:])
}

// truncated cuts the file at each fifth of it, and before its last byte.
func truncated(m manifests.Manifest) [][]byte {
	content := []byte(m.Content)
	var list [][]byte
	for i := 1; i < 5; i++ {
		list = append(list, content[:len(content)*i/5])
	}
	return append(list, content[:max(len(content)-1, 0)])
}

// depth is how deeply brackets lie within each other: more than a parser that calls itself can take.
const depth = 200_000

// brackets are those of a format, with what stands in front of them where they are a value.
var brackets = map[manifests.Format][]struct{ value, open, shut string }{
	manifests.Text: {{"x = ", "(", ")"}, {"", "<a>", "</a>"}},
	manifests.JSON: {{"", "[", "]"}, {`{"name": `, `{"a":`, "}"}, {`{"dependencies": `, "[", "]"}},
	manifests.TOML: {{"x = ", "[", "]"}, {"x = ", "{a = ", "}"}, {"", "[", "]"}, {"[", "a.", "a]\n"}, {"", "a.", "a = 1\n"}},
	manifests.YAML: {{"name: ", "[", "]"}, {"name: ", "{a: ", "}"}, {"", "- ", ""}, {"", "? ", ""}},
}

// bomb is YAML that would be large if it were written out.
var bomb = "a: &a [x]\n" + strings.Repeat("b: &b [*a, *a]\na: &a [*b, *b]\n", 50)

func nested(m manifests.Manifest) [][]byte {
	list := [][]byte{[]byte(bomb)}
	for _, b := range brackets[m.Format()] {
		open, shut := b.value+strings.Repeat(b.open, depth), strings.Repeat(b.shut, depth)
		list = append(list, []byte(open), []byte(open+"1"+shut))
	}
	return list
}

// duplicated repeats all of it, and for JSON each key.
func duplicated(m manifests.Manifest) [][]byte {
	list := [][]byte{[]byte(m.Content + m.Content)}
	if m.Format() == manifests.JSON {
		body := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(m.Content), "{"), "}")
		list = append(list, []byte("{"+body+","+body+"}"))
	}
	return list
}

var (
	jsonValue = regexp.MustCompile(`("[^"]*")\s*:\s*("[^"]*"|[\d.]+|\{[^{}]*\}|\[[^\[\]]*\])`)
	tomlValue = regexp.MustCompile(`(?m)^(\S+)\s*=\s*(.*)$`)
	yamlValue = regexp.MustCompile(`(?m)^(\s*)([^:\n]+):(.*)$`)
)

// wrongTypes makes each value in turn one of each other type, and the file as a whole.
func wrongTypes(m manifests.Manifest) [][]byte {
	list := [][]byte{[]byte("[]"), []byte(`"text"`), []byte("7"), []byte("null"), []byte("{}"), []byte("x = 1\n"), []byte("- x\n"), []byte(path.Base(m.Name))}
	var value *regexp.Regexp
	var as func(key []string, value string) string
	switch m.Format() {
	case manifests.JSON:
		value, as = jsonValue, func(key []string, value string) string { return key[1] + ": " + value }
	case manifests.TOML:
		value, as = tomlValue, func(key []string, value string) string { return key[1] + " = " + value }
	case manifests.YAML:
		value, as = yamlValue, func(key []string, value string) string { return key[1] + key[2] + ": " + value }
	default:
		return list
	}
	for _, at := range value.FindAllStringSubmatchIndex(m.Content, -1) {
		var key []string
		for i := 0; i < len(at); i += 2 {
			key = append(key, m.Content[at[i]:at[i+1]])
		}
		for _, other := range []string{"7", "1.5", "true", `"text"`, "[]", "[[1]]", "{}", `["text", 7]`} {
			list = append(list, []byte(m.Content[:at[0]]+as(key, other)+m.Content[at[1]:]))
		}
	}
	return list
}
