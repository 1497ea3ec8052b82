package test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/org/npx-action/"

// allowed holds which packages of ours a package may import. It is the list of .github/ARCHITECTURE.md.
var allowed = map[string][]string{
	"internal/plan":       {},
	"internal/source":     {},
	"internal/git":        {},
	"internal/registry":   {},
	"internal/filetree":   {},
	"internal/forge":      {},
	"internal/workflow":   {},
	"internal/tags":       {},
	"internal/ci":         {},
	"internal/sbom":       {"internal/plan", "internal/source"},
	"internal/nix":        {"internal/plan"},
	"internal/builder":    {},
	"internal/secret":     {},
	"cache":               {"internal/plan"},
	"providers":           {"internal/plan", "internal/source"},
	"internal/config":     {"internal/plan", "internal/source"},
	"internal/rules":      {"internal/plan", "internal/source"},
	"internal/planner":    {"internal/plan", "internal/source", "internal/config", "internal/rules", "providers"},
	"internal/discover":   {"internal/source", "internal/config"},
	"internal/graph":      {"internal/plan", "internal/nix"},
	"internal/report":     {"internal/plan"},
	"internal/lower":      {"internal/graph"},
	"internal/dockerfile": {"internal/graph"},
	"cmd/npx-action":      {"internal/cli"},
}

// unrestricted packages bind the others together.
var unrestricted = []string{"internal/cli", "test"}

// foreign holds which packages of ours may import a library, and those below it, that shapes what imports it.
var foreign = map[string][]string{
	"github.com/caarlos0/env":                {"internal/ci", "internal/cli"},
	"github.com/go-git/go-git":               {"internal/git"},
	"github.com/google/go-containerregistry": {"internal/registry"},
	// Parsing a reference reaches no network.
	"github.com/google/go-containerregistry/pkg/name": {"cache", "internal/cli", "internal/registry", "internal/tags"},

	"github.com/google/go-github":           {"internal/forge"},
	"github.com/moby/buildkit":              {"internal/lower", "internal/builder"},
	"github.com/moby/buildkit/client/llb":   {"internal/lower", "internal/builder"},
	"github.com/sethvargo/go-githubactions": {"internal/ci"},
	"github.com/spf13/cobra":                {"internal/cli"},
	"github.com/xanzy/go-gitlab":            {"internal/forge"},
	// Jobs that write the same comment wait for times that differ; nothing that is built may.
	"math/rand": {"internal/forge"},

	"net/http": {"internal/builder", "internal/ci", "internal/cli", "internal/forge", "internal/registry"},
	"os/exec":  {"internal/builder"},
}

func TestImportsGoOneWay(t *testing.T) {
	for pkg, imports := range sourceImports(t) {
		if slices.ContainsFunc(unrestricted, func(dir string) bool { return within(pkg, dir) }) {
			continue
		}
		may, listed := allowed[pkg]
		if !listed {
			t.Errorf("%s is not in the list: add it there and to .github/ARCHITECTURE.md", pkg)
		}
		for _, name := range imports {
			if ours, ok := strings.CutPrefix(name, module); ok && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which is not among %q", pkg, ours, may)
			}
		}
	}
}

func TestForeignLibrariesStayWhereTheyBelong(t *testing.T) {
	for pkg, imports := range sourceImports(t) {
		for _, name := range imports {
			library := owner(name)
			if library == "" || within(pkg, "test") {
				continue
			}
			if !slices.Contains(foreign[library], pkg) {
				t.Errorf("%s imports %s, which is for %q", pkg, name, foreign[library])
			}
		}
	}
}

func TestImportRulesNameExistingPackages(t *testing.T) {
	imports := sourceImports(t)
	for pkg, may := range allowed {
		for _, name := range append(slices.Clone(may), pkg) {
			if _, ok := imports[name]; !ok {
				t.Errorf("the rules name %s, which is not there", name)
			}
		}
	}
}

// owner returns the longest key of foreign that name lies within, "" if there is none.
func owner(name string) string {
	longest := ""
	for library := range foreign {
		if within(name, library) && len(library) > len(longest) {
			longest = library
		}
	}
	return longest
}

func within(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

// sourceImports reads which packages each package of the module uses, its tests aside.
func sourceImports(t *testing.T) map[string][]string {
	t.Helper()
	root := os.DirFS("..")
	imports := map[string][]string{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		imports[pkg] = append(imports[pkg], []string{}...)
		for _, spec := range file.Imports {
			if spec.Name != nil && spec.Name.Name == "_" {
				continue
			}
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg, names := range imports {
		slices.Sort(names)
		imports[pkg] = slices.Compact(names)
	}
	return imports
}
