package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestExpressionsOfPackages compiles the constant regular expressions of all packages, which the program compiles when it uses them. At its start it
// must compile none: they took longer than to plan an app.
func TestExpressionsOfPackages(t *testing.T) {
	compiled := 0
	for dir, files := range packageFiles(t) {
		constants := constantsOf(files)
		for _, v := range packageVariables(files) {
			ast.Inspect(v, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if isCall(call, "regexp", "MustCompile") {
					t.Errorf("%s compiles %s when the program starts; use lazyregexp.New", dir, types.ExprString(call.Args[0]))
				}
				if !isCall(call, "lazyregexp", "New") {
					return true
				}
				text, ok := constants.text(call.Args[0])
				if !ok {
					return true // one that is put together by calls
				}
				if _, err := regexp.Compile(text); err != nil {
					t.Errorf("%s: %v", dir, err)
				}
				compiled++
				return true
			})
		}
	}
	if compiled < 200 {
		t.Errorf("only %d expressions were found", compiled)
	}
}

// packageFiles are the parsed files of the packages that the program is made of, by directory.
func packageFiles(t *testing.T) map[string][]*ast.File {
	t.Helper()
	found := map[string][]*ast.File{}
	for _, top := range []string{"cache", "cmd", "internal", "providers"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/refresh/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			found[filepath.Dir(name)] = append(found[filepath.Dir(name)], file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// specsOf are the constants or the variables of a package.
func specsOf(files []*ast.File, kind token.Token) []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, file := range files {
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == kind {
				for _, s := range g.Specs {
					specs = append(specs, s.(*ast.ValueSpec))
				}
			}
		}
	}
	return specs
}

func packageVariables(files []*ast.File) []*ast.ValueSpec { return specsOf(files, token.VAR) }

// constants are the values of a package's constants, by name.
type constants map[string]ast.Expr

func constantsOf(files []*ast.File) constants {
	c := constants{}
	for _, s := range specsOf(files, token.CONST) {
		for i, name := range s.Names {
			if i < len(s.Values) {
				c[name.Name] = s.Values[i]
			}
		}
	}
	return c
}

// text is the value of a text that is made of literals, constants and strings.Join.
func (c constants) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.ParenExpr:
		return c.text(e.X)
	case *ast.Ident:
		return c.text(c[e.Name])
	case *ast.BinaryExpr:
		left, ok := c.text(e.X)
		right, both := c.text(e.Y)
		return left + right, ok && both && e.Op == token.ADD
	case *ast.CallExpr:
		list, ok := e.Args[0].(*ast.CompositeLit)
		if !ok || !isCall(e, "strings", "Join") {
			return "", false
		}
		var parts []string
		for _, element := range append(slices.Clone(list.Elts), e.Args[1]) {
			part, known := c.text(element)
			parts, ok = append(parts, part), ok && known
		}
		return strings.Join(parts[:len(list.Elts)], parts[len(list.Elts)]), ok
	}
	return "", false
}

func isCall(call *ast.CallExpr, pkg, name string) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := f.X.(*ast.Ident)
	return ok && x.Name == pkg && f.Sel.Name == name
}
