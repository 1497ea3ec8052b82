package providers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/ranges"
)

// places are manifests that ask for at least VERSION, or for it alone; the other files are what the language needs.
var places = []struct{ tool, file, text string }{
	{"node", ".nvmrc", "vVERSION"},
	{"node", ".node-version", "VERSION"},
	{"node", "package.json", `{"engines": {"node": "^VERSION"}}`},
	{"node", "package.json", `{"engines": {"node": "~VERSION"}}`},
	{"node", "package.json", `{"engines": {"node": ">=VERSION"}}`},
	{"node", "package.json", `{"volta": {"node": "VERSION"}}`},
	{"node", "package.json", `{"devEngines": {"runtime": {"name": "node", "version": ">=VERSION"}}}`},
	{"node", "mise.toml", "[tools]\nnode = \"VERSION\"\n"},
	{"node", ".tool-versions", "nodejs VERSION\n"},
	{"node", "devbox.json", `{"packages": ["nodejs@VERSION"]}`},
	{"go", "go.mod", "module x\n\ngo VERSION\n"},
	{"go", "go.mod", "module x\n\ngo 1.18\n\ntoolchain goVERSION\n"},
	{"go", ".go-version", "VERSION\n"},
	{"go", ".tool-versions", "golang VERSION\n"},
	{"python", ".python-version", "VERSION\n"},
	{"python", "runtime.txt", "python-VERSION\n"},
	{"python", "pyproject.toml", "[project]\nrequires-python = \">=VERSION\"\n"},
	{"python", "pyproject.toml", "[project]\nrequires-python = \"~=VERSION\"\n"},
	{"python", "pyproject.toml", "[tool.poetry.dependencies]\npython = \"^VERSION\"\n"},
	{"python", "Pipfile", "[requires]\npython_version = \"VERSION\"\n"},
	{"php", "composer.json", `{"require": {"php": "^VERSION"}}`},
	{"php", "composer.json", `{"require": {"php": ">=VERSION"}}`},
	{"php", "composer.json", `{"require": {"php": "~VERSION"}}`},
	{"php", "composer.json", `{"config": {"platform": {"php": "VERSION"}}}`},
	{"php", ".php-version", "VERSION\n"},
	{"ruby", ".ruby-version", "ruby-VERSION\n"},
	{"ruby", "Gemfile", "ruby \"VERSION\"\n"},
	{"ruby", "Gemfile", "ruby \"~> VERSION\"\n"},
	{"ruby", "Gemfile", "ruby \">= VERSION\"\n"},
	{"java", ".java-version", "VERSION\n"},
	{"java", ".sdkmanrc", "java=VERSION-tem\n"},
	{"java", "system.properties", "java.runtime.version=VERSION\n"},
	{"gradle", ".sdkmanrc", "gradle=VERSION\n"},
	{"maven", ".sdkmanrc", "maven=VERSION\n"},
	{"pnpm", "package.json", `{"engines": {"pnpm": ">=VERSION"}}`},
	{"pnpm", "package.json", `{"packageManager": "pnpm@VERSION"}`},
	{"yarn", "package.json", `{"engines": {"yarn": "^VERSION"}}`},
}

// TestChoicesOfEveryLanguage makes manifests by chance, of versions that are known, and of some that are not. What is chosen is never older than
// what is asked, never a prerelease, and of a line that has ended only where no other is allowed; that is told.
func TestChoicesOfEveryLanguage(t *testing.T) {
	chance := rand.New(rand.NewPCG(12, 4))
	made, dead := map[string]int{}, 0
	for _, p := range places {
		for range 20 {
			app := newest(t, repo{}, nil)
			tool, err := app.Catalogue.Tool(p.tool)
			if err != nil {
				t.Fatal(err)
			}
			known := slices.DeleteFunc(tool.Versions("linux/amd64"), ranges.Prerelease)
			asked := ranges.Leading(known[chance.IntN(len(known))], 1+chance.IntN(3))
			if chance.IntN(6) == 0 {
				asked += fmt.Sprint(chance.IntN(10)) // perhaps of no version
			}
			text := strings.ReplaceAll(p.text, "VERSION", asked)
			files := repo{p.file: text}
			app = newest(t, files, nil)
			found, err := app.asks(p.tool)
			if err != nil || len(found.Asks) == 0 {
				continue // the form does not take so many numbers
			}
			got, err := choose(app, p.tool)
			if err != nil {
				continue // says what can be had
			}
			made[p.tool]++
			if checkChoice(t, tool, app, found.Asks[0].Range, asked, got, fmt.Sprint(files)) {
				dead++
			}
		}
	}
	for _, tool := range []string{"node", "go", "python", "php", "ruby", "java", "gradle", "maven", "pnpm", "yarn"} {
		if made[tool] < 8 {
			t.Errorf("only %d manifests of %s gave a version", made[tool], tool)
		}
	}
	if dead == 0 {
		t.Error("no manifest asked for a line that has ended")
	}
	t.Logf("%v, %d of lines that have ended", made, dead)
}

// checkChoice reports whether the line of the choice has ended.
func checkChoice(t *testing.T, tool *catalogue.Tool, app App, r ranges.Range, asked string, got choice, at string) bool {
	t.Helper()
	if ranges.Compare(got.version, asked) < 0 {
		t.Errorf("%s gives %s, which is older", at, got.version)
	}
	if ranges.Prerelease(got.version) {
		t.Errorf("%s gives the prerelease %s", at, got.version)
	}
	today := app.Catalogue.Date()
	line := tool.Line(got.version)
	told := slices.ContainsFunc(got.warnings, func(w string) bool { return strings.Contains(w, "ended on "+string(line.End)) })
	if line.Dead(today) != (told && line.End != "") {
		t.Errorf("%s gives %s, whose line ends on %q; warnings %q", at, got.version, line.End, got.warnings)
	}
	if !line.Dead(today) || r.Exact() != "" || r.Word() != "" {
		return line.Dead(today)
	}
	for _, v := range tool.Versions("linux/amd64") {
		hashed := slices.ContainsFunc(tool.Packages(v), func(p catalogue.Package) bool { return p.NAR != "" })
		release, own := tool.Release(v, "linux/amd64")
		if own = own && strings.HasPrefix(release.Address, "https:"); !own && !hashed {
			continue
		}
		if r.Allows(v) && !ranges.Prerelease(v) && !tool.Line(v).Dead(today) {
			t.Errorf("%s gives %s, which has ended, and %s is allowed", at, got.version, v)
			break
		}
	}
	return true
}
