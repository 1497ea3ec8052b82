package attributes

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestAnExpressionTakesNames(t *testing.T) {
	for expression, want := range map[string][]string{
		"curl":                            {"curl"},
		"stdenv.cc.cc.lib":                {"stdenv"},
		"(pkgs.libpq or postgresql.lib)":  {"libpq", "postgresql"},
		"(icu.dev or icu)":                {"icu"},
		"(sbt.override { jre = jdk21; })": {"sbt", "jdk21"},
		"nodejs-14_x":                     {"nodejs-14_x"},
		"(pkgs.poppler-utils or x)":       {"poppler-utils", "x"},
		`(rust-bin.stable."1.83.0".default.override { targets = ["wasm32-wasi"]; })`: {"rust-bin"},
		"(php74.withExtensions (pe: pe.enabled ++ [pe.all.json]))":                   {"php74"},
	} {
		if got := Names(expression); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}

// defined is an attribute that a file of the miniature nixpkgs gives a value, by its own name or as a part of another set.
var (
	defined   = regexp.MustCompile(`(?m)^ +([A-Za-z_][\w-]*)(?:\.[\w.-]+)? = `)
	inherited = regexp.MustCompile(`(?m)^ +inherit ([^;()]+);`)
	listed    = regexp.MustCompile(`"([a-z]+-\d+_x)"`)
)

// alone is a name without a dot before the word or, which is no operator there.
var alone = regexp.MustCompile(`(?:^|[\s(])[A-Za-z_][\w-]*\s+or\s`)

// written are the attributes that the Nix code of the miniature nixpkgs and of its overlays has without the table.
func written(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"../world/nix/nixpkgs/*.nix", "../world/nix/overlays/*/*/*.nix"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range defined.FindAllStringSubmatch(string(text), -1) {
				names = append(names, m[1])
			}
			for _, m := range inherited.FindAllStringSubmatch(string(text), -1) {
				names = append(names, strings.Fields(m[1])...)
			}
			for _, m := range listed.FindAllStringSubmatch(string(text), -1) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

// TestTheMiniatureNixpkgsHasWhatPlansName compares the names with the table and with what is written in Nix.
func TestTheMiniatureNixpkgsHasWhatPlansName(t *testing.T) {
	table, err := ReadTable("../..")
	if err != nil {
		t.Fatal(err)
	}
	expressions, err := Expressions("../..")
	if err != nil {
		t.Fatal(err)
	}
	known, named := written(t), map[string]bool{}
	for _, expression := range slices.Sorted(maps.Keys(expressions)) {
		if alone.MatchString(expression) {
			t.Errorf("%s (%s): Nix takes \"or\" after a dot alone: write pkgs.NAME or OTHER", expression, expressions[expression])
		}
		for _, name := range Names(expression) {
			named[name] = true
			if _, ok := table.Attributes[name]; !ok && !slices.Contains(known, name) {
				t.Errorf("the miniature nixpkgs lacks %s of %s (%s): add it to attributes.json, or say there why it is absent", name, expression, expressions[expression])
			}
		}
	}
	for name, row := range table.Attributes {
		if !named[name] {
			t.Errorf("attributes.json has %s, which no plan names", name)
		}
		if slices.Contains(known, name) {
			t.Errorf("attributes.json has %s, which is written in Nix", name)
		}
		if err := row.check(); err != nil {
			t.Errorf("attributes.json: %s: %v", name, err)
		}
		if _, ok := table.Attributes[row.Is]; row.Is != "" && !ok && !slices.Contains(known, row.Is) {
			t.Errorf("attributes.json: %s goes by %s, which is not there", name, row.Is)
		}
	}
	for name, row := range table.PHPExtensions {
		if err := row.check(); err != nil || row.Is+row.Tool != "" {
			t.Errorf("attributes.json: the PHP extension %s: %v", name, err)
		}
	}
}

// check says what is wrong with a row: it is one of four kinds, and an exception has a reason.
func (r Row) check() error {
	kinds := 0
	for _, is := range []bool{len(r.Debian) > 0, r.Is != "", r.Tool != "", r.Absent != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 || r.Absent != "" && len(strings.Fields(r.Absent)) < 4 {
		return fmt.Errorf("it is made of one thing, or absent for a reason: %+v", r)
	}
	return nil
}
