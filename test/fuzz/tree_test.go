// Package fuzz plans apps that nobody would write.
package fuzz

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/test/manifests"
)

// An app is what a generator makes of fuzzed bytes.
type app struct {
	files fstest.MapFS
	vars  plan.Vars
}

// tree returns the app's files anew, so that nothing is left of an earlier plan.
func (a app) tree(t *testing.T) *source.Tree {
	t.Helper()
	tree, err := source.New(a.files, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// String shows the app as an archive.
func (a app) String() string {
	var b strings.Builder
	for name, value := range plan.Sorted(a.vars) {
		b.WriteString(name + "=" + value + "\n")
	}
	for name, f := range plan.Sorted(a.files) {
		b.WriteString("-- " + name + " --\n" + string(f.Data) + "\n")
	}
	return b.String()
}

// maxFiles bounds the files of an app beside those that a file needs.
const maxFiles = 6

// A generator takes decisions from bytes. When they are used up, all decisions are 0.
type generator struct{ rest []byte }

func (g *generator) byte() byte {
	if len(g.rest) == 0 {
		return 0
	}
	b := g.rest[0]
	g.rest = g.rest[1:]
	return b
}

func (g *generator) below(n int) int { return (int(g.byte())<<8 | int(g.byte())) % n }

// bytes takes up to 255 bytes as they are.
func (g *generator) bytes() []byte {
	n := min(int(g.byte()), len(g.rest))
	b := g.rest[:n]
	g.rest = g.rest[n:]
	return b
}

func pick[T any](g *generator, list []T) T { return list[g.below(len(list))] }

// makeApp makes an app: files that planning looks at, with contents that are valid, broken or anything.
func makeApp(data []byte) app {
	g := &generator{data}
	a := app{files: fstest.MapFS{}, vars: plan.Vars{}}
	list := manifests.All()
	for range 1 + g.below(maxFiles) {
		m := pick(g, list)
		name := m.Name
		switch g.byte() % 8 {
		case 0:
			name = pick(g, folders) + name
		case 1:
			name = pick(g, names)
		}
		a.add(name, g.content(m))
		if g.byte()%4 > 0 {
			for _, f := range m.Beside {
				a.add(f.Name, []byte(f.Content))
			}
		}
	}
	for range g.below(4) {
		a.vars["NIXPACKS_"+pick(g, variables)] = strings.ToValidUTF8(string(g.value()), "?")
	}
	return a
}

// add adds a file unless a folder has its name, or a file that of one of its folders.
func (a app) add(name string, content []byte) {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if f := a.files[dir]; f != nil && !f.Mode.IsDir() {
			return
		}
		a.files[dir] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
	}
	if f := a.files[name]; f == nil || !f.Mode.IsDir() {
		a.files[name] = &fstest.MapFile{Data: content, Mode: 0o644}
	}
}

// content is that of the manifest, or something made of it, or anything.
func (g *generator) content(m manifests.Manifest) []byte {
	content := []byte(m.Content)
	switch g.byte() % 6 {
	case 0:
		return g.bytes()
	case 1:
		return content[:g.below(len(content)+1)]
	case 2, 3:
		from := g.below(len(content) + 1)
		to := min(from+int(g.byte()%16), len(content))
		return []byte(string(content[:from]) + string(g.value()) + string(content[to:]))
	case 4:
		return []byte(m.Content + string(g.value()) + pick(g, snippets))
	}
	return content
}

// value is a word or anything.
func (g *generator) value() []byte {
	if g.byte()%2 == 0 {
		return []byte(pick(g, snippets))
	}
	return g.bytes()
}

var folders = []string{"a/", "packages/b/", "apps/shop/", "node_modules/c/", "cmd/x/", "src/", "public/", ".git/", "..a/"}

// names are further ones that planning may look at.
var names = []string{
	"config.ru", "Rakefile", "manage.py", "setup.py", "index.js", "index.ts", "server.js", "bun.lockb", "rails", "script/server",
	"config/environment.rb", "artisan", "nginx.conf", "gradlew", "mvnw", "a.go", "b.rs", "src/main.rs", "src/lib.rs", "index.html",
	"public/index.html", "cmd/x", "angular.json", "astro.config.mjs", "next.config.js", "pom.rb", "x y.csproj", "$(id).csproj", "-x.cbl",
}

// snippets are words that decide something, or that hurt where they are pasted.
var snippets = []string{
	"", "\n", "\ufeff", "\r\n", "\x00", "\xff", "é", "'", `"`, "{", "}", "[", "]", ":", "#", "...", "null", "true", "0", "-1", "1e999", "*", "latest",
	"18", ">=18 <21", "^14 || ~x", "=*", "3.11", "~> 3.2", "1.70.0", "nightly", "21", "lts/*",
	"$(id)", "`id`", "; id", "&& id", "|| id", "\nid\n", "${HOME}", "../../etc/passwd", "/etc/passwd", "a b", "-rf",
	"pg mysql magick vips charlock_holmes execjs local", "prisma puppeteer canvas sharp next remix cypress", "django psycopg2 mysqlclient",
	"openssl", "workspace = true", "<groupId>org.wildfly.swarm", `"extends": "./tsconfig.json"`, `"workspaces": ["**", "../*"]`,
	`import a from "https://deno.land/a.ts"`, "-r requirements.txt", "-e .", "&a [*a]", "<<: *a", "path: '.'",
}

var variables = []string{
	"NODE_VERSION", "PYTHON_VERSION", "RUBY_VERSION", "RUST_VERSION", "JDK_VERSION", "GRADLE_VERSION", "ELIXIR_VERSION", "CSHARP_SDK_VERSION",
	"GO_BIN", "RUST_BIN", "CARGO_WORKSPACE", "NO_MUSL", "PYTHON_PACKAGE_MANAGER", "NX_APP_NAME", "TURBO_APP_NAME", "MOON_APP_NAME",
	"SPA_OUT_DIR", "STATICFILE_ROOT", "COBOL_APP_NAME", "COBOL_COMPILE_ARGS", "DEBIAN", "PKGS", "APT_PKGS", "LIBS", "INSTALL_CMD",
	"INSTALL_CACHE_DIRS", "BUILD_CMD", "START_CMD", "CONFIG_FILE",
}
