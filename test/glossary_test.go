package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/org/npx-action/test/manual"
)

var codeWord = regexp.MustCompile("`([a-z]+)\\.([A-Za-z]+)`")

// TestTheWordsOfTheGlossaryStandInTheCode holds the second column of the glossary against the code: a renamed type is found there, and a new
// word for an old thing is not.
func TestTheWordsOfTheGlossaryStandInTheCode(t *testing.T) {
	text, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(manual.Page{Text: string(text)}.Section("words")) {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 {
			continue
		}
		for _, m := range codeWord.FindAllStringSubmatch(cells[1], -1) {
			n++
			if !declares(t, m[1], m[2]) {
				t.Errorf("the glossary names %s.%s, and the code has no such name", m[1], m[2])
			}
		}
	}
	if n < 30 {
		t.Errorf("the glossary has %d names", n)
	}
}

// declares reports whether a package of ours has a type or a constant of that name.
func declares(t *testing.T, pkg, name string) bool {
	t.Helper()
	for _, dir := range []string{"../" + pkg, "../internal/" + pkg} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range parsed.Decls {
				if g, ok := d.(*ast.GenDecl); ok && names(g, name) {
					return true
				}
			}
		}
	}
	return false
}

func names(d *ast.GenDecl, name string) bool {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Name.Name == name {
				return true
			}
		case *ast.ValueSpec:
			for _, id := range s.Names {
				if id.Name == name {
					return true
				}
			}
		}
	}
	return false
}
