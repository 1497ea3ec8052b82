package test

import (
	"go/ast"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/org/npx-action/internal/option"
)

// TestEveryOptionIsUsed looks for the code that reads the value of each option: an input that nothing reads would be taken and have no
// effect.
func TestEveryOptionIsUsed(t *testing.T) {
	read := fieldsRead(t, module+"internal/option", "../internal/...")
	for _, o := range option.All() {
		field := string(o.Group) + "." + o.Field()
		if !read[field] {
			t.Errorf("nothing reads option.%s, the value of %s", field, o.Name)
		}
	}
}

// fieldsRead are the fields of the structs of a package, TYPE.FIELD each, that other packages read by their names.
func fieldsRead(t *testing.T, declaring string, patterns ...string) map[string]bool {
	t.Helper()
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedImports}, patterns...)
	if err != nil || packages.PrintErrors(all) > 0 {
		t.Fatalf("loading the packages: %v", err)
	}
	read := map[string]bool{}
	for _, pkg := range all {
		if pkg.PkgPath == declaring || strings.HasPrefix(pkg.PkgPath, declaring+"/") {
			continue
		}
		for _, file := range pkg.Syntax {
			written := map[ast.Expr]bool{}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, left := range n.Lhs {
						written[left] = true
					}
				case *ast.SelectorExpr:
					if name := fieldOf(pkg.TypesInfo.Selections[n], declaring); name != "" && !written[n] {
						read[name] = true
					}
				}
				return true
			})
		}
	}
	return read
}

// fieldOf is the field that a selection chooses, TYPE.FIELD, "" if it is none of a struct of the package.
func fieldOf(s *types.Selection, declaring string) string {
	if s == nil || s.Kind() != types.FieldVal || s.Obj().Pkg() == nil || s.Obj().Pkg().Path() != declaring {
		return ""
	}
	owner := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		owner = structOf(owner).Field(i).Type()
	}
	if p, ok := owner.(*types.Pointer); ok {
		owner = p.Elem()
	}
	return owner.(*types.Named).Obj().Name() + "." + s.Obj().Name()
}

func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct)
}
