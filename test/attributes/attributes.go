// Package attributes lists the expressions of nixpkgs that plans can name, read from what names them: the catalogue, the tables of the
// providers and the plans that test/providers records.
package attributes

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/org/npx-action/internal/catalogue"
)

const module = "github.com/org/npx-action/"

// Expressions lists what plans can name, each with a place that names it. The directory is that of the checkout.
func Expressions(checkout string) (map[string]string, error) {
	all := map[string]string{}
	for _, read := range []func(string) (map[string]string, error){inCatalogue, inProviders, inArchives} {
		found, err := read(checkout)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, found)
	}
	return all, nil
}

// inCatalogue are the attributes of the versions that have the hash of an archive, so that a plan can take them.
func inCatalogue(string) (map[string]string, error) {
	c, err := catalogue.Open(catalogue.Options{})
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, name := range c.Tools() {
		tool, err := c.Tool(name)
		if err != nil {
			return nil, err
		}
		for _, version := range tool.Versions("linux/amd64") {
			for _, p := range tool.Packages(version) {
				if p.NAR != "" {
					found[p.Attribute] = "the catalogue has " + name + " " + version
				}
			}
		}
	}
	return found, nil
}

// fields are those of the structs of plans and of providers' tables that hold expressions.
// The last is the parameter of a function.
var fields = []string{
	"plan.Phase.NixPkgs", "plan.Phase.NixLibs",
	"providers.systemPackages.nix", "providers.systemPackages.libs", "providers.systemPackages.programs",
	"providers.NodeManager.pkg", "providers.NodeManager.nix", "providers.nodeManagerVersion.pkg", "providers.nodeNative.pkgs", "providers.nodeNative.libs",
	"providers.choice.pkg", "providers.cppTool.packages", "providers.elixirVersion.pkg", "providers.goRelease.pkg", "providers.javaTool.pkg",
	"providers.jdk.pkg", "providers.phpRelease.pkg", "providers.pythonRelease.pkg", "providers.pythonTool.pkg", "providers.rubyLibrary.nix",
	"add.pkg",
}

// variables are those that hold expressions, with what plans write before each word of them.
var variables = map[string]string{
	"clojureJDKs": "", "gradlePackages": "", "phpPackaged": "php85Extensions.", "pythonLibraries": "", "rubyRust": "", "rubyTools": "", "rustLinkers": "",
	"shellPrograms": "", "swiftPackages": "",
}

// inProviders are the texts in those fields and variables, wherever the source of the providers and the rules gives them a value.
func inProviders(checkout string) (map[string]string, error) {
	all, err := packages.Load(&packages.Config{
		Dir:  checkout,
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedImports,
	}, module+"providers", module+"internal/rules")
	if err != nil {
		return nil, err
	}
	found, used := map[string]string{}, map[string]bool{}
	for _, pkg := range all {
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("reading %s: %w", pkg.PkgPath, pkg.Errors[0])
		}
		holds := func(name string, value ast.Expr) {
			before, isVariable := variables[name]
			if !isVariable && !slices.Contains(fields, name) {
				return
			}
			used[name] = true
			for _, text := range texts(pkg.TypesInfo, value) {
				list := []string{text}
				if before != "" {
					list = strings.Fields(text)
				}
				for _, text := range list {
					found[before+text] = name
				}
			}
		}
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				gives(pkg.TypesInfo, n, holds)
				return true
			})
		}
	}
	for _, name := range slices.Concat(fields, slices.Sorted(maps.Keys(variables))) {
		if !used[name] {
			return nil, fmt.Errorf("the source gives no value to %s: a list of test/attributes is out of date", name)
		}
	}
	return found, nil
}

// gives tells of each name that a node of the source gives a value.
func gives(info *types.Info, n ast.Node, holds func(name string, value ast.Expr)) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for i, element := range n.Elts {
			if name, value := field(info.TypeOf(n), i, element); name != "" {
				holds(name, value)
			}
		}
	case *ast.ValueSpec:
		for i, value := range n.Values {
			holds(n.Names[i].Name, value)
		}
	case *ast.CallExpr:
		function, isName := n.Fun.(*ast.Ident)
		called, ok := info.TypeOf(n.Fun).(*types.Signature)
		if !isName || !ok {
			return
		}
		for i, value := range n.Args[:min(len(n.Args), called.Params().Len())] {
			holds(function.Name+"."+called.Params().At(i).Name(), value)
		}
	}
}

// field is what an element of a composite literal gives a value, as PACKAGE.TYPE.FIELD, and the value; "" if the literal is no struct.
func field(of types.Type, i int, element ast.Expr) (string, ast.Expr) {
	if p, ok := of.Underlying().(*types.Pointer); ok {
		of = p.Elem()
	}
	named, ok := of.(*types.Named)
	if !ok {
		return "", nil
	}
	fields, ok := named.Underlying().(*types.Struct)
	if !ok {
		return "", nil
	}
	owner := named.Obj().Pkg().Name() + "." + named.Obj().Name() + "."
	if pair, ok := element.(*ast.KeyValueExpr); ok {
		return owner + pair.Key.(*ast.Ident).Name, pair.Value
	}
	return owner + fields.Field(i).Name(), element
}

// texts are the constants in an expression that are texts, but for the keys of a map.
func texts(info *types.Info, e ast.Expr) []string {
	var list []string
	ast.Inspect(e, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			list = append(list, texts(info, pair.Value)...)
			return false
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		value := info.Types[e].Value
		if value == nil || value.Kind() != constant.String {
			_, parts := e.(*ast.BinaryExpr)
			return !parts // a part of a text is no expression
		}
		if text := constant.StringVal(value); text != "" {
			list = append(list, text)
		}
		return false
	})
	return list
}

// recorded is a line of a plan in an archive.
var recorded = regexp.MustCompile(`(?m)^phase \S+: nix(?:-lib)? (.+)$`)

// inArchives are the expressions of all recorded plans: what the providers put together, too.
func inArchives(checkout string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(checkout, "test/providers/*.txtar"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("finding the archives of plans: %d files, %w", len(files), err)
	}
	found := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range recorded.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = filepath.Base(file)
		}
	}
	return found, nil
}

var (
	text      = regexp.MustCompile(`"[^"]*"`)
	bound     = regexp.MustCompile(`([A-Za-z_][\w-]*)\s*(?::|=[^=])`) // a parameter, or an attribute of a set
	attribute = regexp.MustCompile(`[A-Za-z_][\w-]*(?:\.+(?:[A-Za-z_][\w-]*|""))*`)
)

// Names lists the top-level attributes that an expression takes, for its other words are those of the language or its own.
func Names(expression string) []string {
	expression = text.ReplaceAllString(expression, `""`)
	own := []string{"or"}
	for _, m := range bound.FindAllStringSubmatch(expression, -1) {
		own = append(own, m[1])
	}
	var names []string
	for _, path := range attribute.FindAllString(expression, -1) {
		name, _, _ := strings.Cut(strings.TrimPrefix(path, "pkgs."), ".")
		if !slices.Contains(own, name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
