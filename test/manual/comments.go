package manual

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Comments reads the comments of all Go files below the root of the repository, a page a file, in the order of their names. Comments that do
// not touch each other are paragraphs. Code in a comment is left out.
func Comments(root string) ([]Page, error) {
	return goFiles(root, func(name string) (string, error) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return "", err
		}
		return comments(file), nil
	})
}

func comments(file *ast.File) string {
	var b strings.Builder
	for _, group := range file.Comments {
		for line := range strings.Lines(group.Text()) { // without directives such as //go:embed
			if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "  ") {
				b.WriteString(line)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// goFiles makes a page of each Go file below the root of the repository, in the order of their names. Files below testdata and test/apps are
// left out: they are data.
func goFiles(root string, read func(file string) (string, error)) ([]Page, error) {
	var all []Page
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || name == "test/apps" || name == "bin"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		text, err := read(filepath.Join(root, name))
		if err != nil {
			return err
		}
		all = append(all, Page{name, text})
		return nil
	})
	return all, err
}
