package test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/org/npx-action/test/manual"
)

const module = "github.com/org/npx-action/"

// allowed holds which packages of ours a package may import. It is the list of .github/ARCHITECTURE.md.
var allowed = map[string][]string{
	"internal/plan":       {},
	"internal/source":     {},
	"internal/git":        {},
	"internal/registry":   {"internal/retry"},
	"internal/retry":      {},
	"internal/filetree":   {},
	"internal/forge":      {"internal/retry"},
	"internal/workflow":   {},
	"internal/fault":      {},
	"internal/reserved":   {},
	"internal/tags":       {"internal/reserved"},
	"internal/option":     {"internal/fault"},
	"internal/ci":         {"internal/option", "internal/reserved"},
	"internal/ranges":     {},
	"internal/shell":      {},
	"internal/wheel":      {"internal/ranges"},
	"internal/store":      {},
	"internal/catalogue":  {"internal/ranges"},
	"internal/versions":   {"internal/plan", "internal/ranges", "internal/source", "internal/wheel"},
	"internal/sbom":       {"internal/plan", "internal/source", "internal/store", "providers"},
	"internal/nar":        {},
	"internal/columns":    {},
	"internal/nix":        {"internal/plan"},
	"internal/builder":    {},
	"internal/secret":     {},
	"internal/egress":     {"internal/builder", "internal/ci", "internal/forge", "internal/secret"},
	"cache":               {"internal/plan", "providers"},
	"providers":           {"internal/catalogue", "internal/plan", "internal/ranges", "internal/source", "internal/rules", "internal/shell", "internal/store", "internal/versions", "internal/wheel"},
	"internal/config":     {"internal/plan", "internal/source"},
	"internal/rules":      {"internal/plan", "internal/source"},
	"internal/planner":    {"internal/catalogue", "internal/plan", "internal/source", "internal/config", "internal/rules", "internal/fault", "internal/shell", "internal/store", "internal/versions", "providers"},
	"internal/discover":   {"internal/source", "internal/config", "internal/reserved", "providers"},
	"internal/graph":      {"internal/plan", "internal/source", "internal/nix", "internal/shell", "internal/store"},
	"internal/report":     {"internal/plan", "internal/secret", "providers"},
	"internal/lower":      {"internal/graph"},
	"internal/dockerfile": {"internal/graph", "internal/shell"},
	"internal/build": {"cache", "internal/builder", "internal/checkout", "internal/dockerfile", "internal/egress", "internal/fault", "internal/filetree", "internal/git", "internal/graph",
		"internal/lower", "internal/nix", "internal/option", "internal/plan", "internal/planner", "internal/registry", "internal/report", "internal/rules", "internal/sbom",
		"internal/secret", "internal/source"},
	"internal/project": {"cache", "internal/catalogue", "internal/checkout", "internal/columns", "internal/config", "internal/discover", "internal/fault", "internal/git", "internal/option", "internal/plan",
		"internal/planner", "internal/report", "internal/rules", "internal/sbom", "internal/secret", "internal/source"},
	"internal/job": {"cache", "internal/build", "internal/builder", "internal/checkout", "internal/ci", "internal/discover", "internal/egress", "internal/fault", "internal/forge",
		"internal/git", "internal/nix", "internal/option", "internal/plan", "internal/planner", "internal/project", "internal/registry", "internal/report", "internal/reserved",
		"internal/rules", "internal/secret", "internal/tags"},
	"internal/prune":    {"cache", "internal/build", "internal/fault", "internal/registry"},
	"internal/checkout": {"internal/fault"},
	// The command layer: no cache, graph, LLB or registry.
	"internal/cli": {"internal/build", "internal/builder", "internal/catalogue", "internal/checkout", "internal/ci", "internal/columns", "internal/discover", "internal/fault",
		"internal/filetree", "internal/git", "internal/job", "internal/option", "internal/plan", "internal/planner", "internal/project", "internal/prune", "internal/report", "internal/rules",
		"internal/secret", "internal/tags", "internal/workflow", "providers"},
	"internal/apptest":      {"internal/plan", "internal/planner", "internal/source"},
	"internal/registrytest": {},
	"cmd/npx-action":        {"internal/cli"},
	"internal/static":       {"internal/fault"},
	"cmd/npx-static":        {"internal/static"},
	"internal/compress":     {"internal/fault", "internal/static"},
	"cmd/npx-compress":      {"internal/compress"},

	"internal/catalogue/refresh": {"internal/catalogue", "internal/nar", "internal/ranges", "internal/retry"},
	"internal/option/generate":   {"internal/option"},
}

// everywhere is what any package may import.
var everywhere = []string{"internal/lazyregexp", "internal/nearest"}

// unrestricted packages bind the others together.
var unrestricted = []string{"test"}

// foreign holds which packages of ours may import a library, and those below it, that shapes what imports it.
var foreign = map[string][]string{
	"github.com/caarlos0/env":                {"internal/ci"},
	"github.com/go-git/go-git":               {"internal/git"},
	"github.com/google/go-containerregistry": {"internal/registry", "internal/registrytest"},
	// Parsing a reference reaches no network.
	"github.com/google/go-containerregistry/pkg/name": {"cache", "internal/build", "internal/registry", "internal/registrytest", "internal/tags"},

	"github.com/google/go-github":           {"internal/forge"},
	"github.com/moby/buildkit":              {"internal/lower", "internal/builder"},
	"github.com/moby/buildkit/client/llb":   {"internal/lower", "internal/builder"},
	"github.com/moby/moby":                  {"internal/builder"},
	"github.com/sethvargo/go-githubactions": {"internal/ci"},
	"github.com/spf13/cobra":                {"internal/cli"},
	"github.com/xanzy/go-gitlab":            {"internal/forge"},
	// A program that may run a template keeps every method of every type: the released one would be 11 MB larger.
	"html/template": {},
	"text/template": {},
	// Jobs that write the same comment wait for times that differ; nothing that is built may.
	"math/rand": {"internal/forge"},

	"net/http": {"internal/builder", "internal/catalogue/refresh", "internal/ci", "internal/forge", "internal/job", "internal/registry", "internal/registrytest", "internal/retry", "internal/static"},
	"os/exec":  {"internal/apptest", "internal/builder", "internal/catalogue/refresh"},
}

func TestImportsGoOneWay(t *testing.T) {
	for pkg, imports := range sourceImports(t) {
		if slices.ContainsFunc(unrestricted, func(dir string) bool { return within(pkg, dir) }) {
			continue
		}
		may, listed := allowed[pkg]
		if !listed && !slices.Contains(everywhere, pkg) {
			t.Errorf("%s is not in the list: add it there and to .github/ARCHITECTURE.md", pkg)
		}
		for _, name := range imports {
			if ours, ok := strings.CutPrefix(name, module); ok && !slices.Contains(may, ours) && !slices.Contains(everywhere, ours) {
				t.Errorf("%s imports %s, which is not among %q", pkg, ours, may)
			}
		}
	}
}

// TestTheLayoutListsEveryPackage holds the list of directories in ARCHITECTURE against the packages.
func TestTheLayoutListsEveryPackage(t *testing.T) {
	text, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	layout := manual.Page{Text: string(text)}.Section("layout")
	for pkg := range sourceImports(t) {
		parts := strings.Split(pkg, "/")
		dir := strings.Join(parts[:min(2, len(parts))], "/")
		if !within(pkg, "test") && !strings.Contains(layout, "\n"+dir+"/") && !strings.Contains(layout, " "+dir+"/ ") {
			t.Errorf("the layout in %s does not list %s/", architecture, dir)
		}
	}
}

// The same is true of the libraries: of cobra's templates, and of gRPC's traces, which a build tag leaves out.
func TestNoLibraryRunsTemplates(t *testing.T) {
	for _, file := range []string{"../Makefile", "../Dockerfile"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`go build -trimpath -tags (grpcnotrace|\$\(TAGS\)) `).Match(text) {
			t.Errorf("%s builds with gRPC's traces", file)
		}
	}
	files, err := filepath.Glob("../internal/cli/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`\.Set(Version|Help|Usage)Template\(`).Find(text); m != nil {
			t.Errorf("%s: %s", file, m)
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
