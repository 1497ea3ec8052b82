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
// not touch each other are paragraphs. Files below testdata and test/apps are left out: they are data.
func Comments(root string) ([]Page, error) {
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
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, Page{name, comments(file)})
		return nil
	})
	return all, err
}

func comments(file *ast.File) string {
	var b strings.Builder
	for _, group := range file.Comments {
		for line := range strings.Lines(group.Text()) { // without directives such as //go:embed
			if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "  ") { // code
				b.WriteString(line)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
