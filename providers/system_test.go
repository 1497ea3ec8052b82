package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestEveryRowOfTheSystemNeedsSomething(t *testing.T) {
	seen := map[string]bool{}
	for _, need := range systemNeeds {
		if need.what == "" || seen[need.what] || len(need.packages) == 0 {
			t.Errorf("%+v has no name of its own, or no packages", need)
		}
		seen[need.what] = true
		for _, name := range need.packages[pypi] {
			if name != pythonName(name) {
				t.Errorf("%s: %s is written %s", need.what, name, pythonName(name))
			}
		}
		for _, deb := range slices.Concat(need.build.apt, need.run.apt, need.run.debs) {
			if strings.ToLower(deb) != deb || strings.ContainsAny(deb, " ()") {
				t.Errorf("%s: %q is no Debian package", need.what, deb)
			}
		}
		if len(need.build.apt) > 0 && len(need.run.apt) == 0 || len(need.build.nix) > 0 && len(need.run.libs) == 0 {
			t.Errorf("%s is compiled against what is not there when it runs", need.what)
		}
	}
}

// systemOf is what the packages of an app add: apt with a minus before what only builds, then Nix packages and libraries.
func systemOf(t *testing.T, p Provider, app App) string {
	t.Helper()
	out := mustPlan(t, p, app)
	setup := out.Plan.Phases["setup"]
	var list []string
	for _, pkg := range setup.AptPkgs {
		if slices.Contains(out.BuildOnly, pkg) {
			pkg = "-" + pkg
		}
		list = append(list, pkg)
	}
	for _, pkg := range setup.NixPkgs {
		if !slices.Contains(rubyTools, pkg) && !strings.HasPrefix(pkg, "ruby") && pkg != "gcc" {
			list = append(list, "nix:"+pkg)
		}
	}
	for _, lib := range setup.NixLibs {
		list = append(list, "lib:"+lib)
	}
	for _, field := range []string{"apt", "nix", "nix-lib"} {
		for _, f := range plan.Facts(out.Plan) {
			if f.Phase == "setup" && f.Field == field && !slices.ContainsFunc(out.Reasons, func(r Reason) bool { return r.Fact == f || r.Fact == plan.Fact{Phase: "setup", Field: field} }) {
				t.Errorf("%v has no reason", f)
			}
		}
	}
	return strings.Join(list, " ")
}

func TestPythonPackagesNeedTheSystem(t *testing.T) {
	needs := func(lines ...string) repo {
		return repo{"requirements.txt": strings.Join(lines, "\n") + "\n", "main.py": script}
	}
	const uv = "version = 1\n[[package]]\nname = 'shop'\nsource = { virtual = '.' }\ndependencies = [{ name = 'yolo' }]\n[[package]]\nname = 'yolo'\ndependencies = [{ name = \"opencv-python\" }]\n" +
		"[[package]]\nname = \"opencv-python\"\n[[package]]\nname = 'mysqlclient'\n"
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"psycopg2", needs("psycopg2==2.9"), "-build-essential -libpq-dev libpq5"},
		{"psycopg2 that is built", needs("psycopg2-binary==2.9"), ""},
		{"psycopg in C", needs("psycopg[c]==3"), "-build-essential -libpq-dev libpq5"},
		{"psycopg that is built", needs("psycopg[binary,pool]==3"), ""},
		{"psycopg", needs("Psycopg==3"), "libpq5"},
		{"MySQL", needs("mysqlclient==2"), "-build-essential -default-libmysqlclient-dev -pkg-config libmysqlclient21"},
		{"OpenCV", needs("opencv_python==4"), "libgl1 libglib2.0-0t64"},
		{"OpenCV without windows", needs("opencv-python-headless==4"), ""},
		{"WeasyPrint", needs("WeasyPrint==60"), "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"},
		{"Cairo", needs("pycairo==1"), "-build-essential -libcairo2-dev -pkg-config libcairo2"},
		{"Cairo that is loaded", needs("CairoSVG==2"), "libcairo2"},
		{"lxml", needs("lxml==5"), "-build-essential -libxml2-dev -libxslt1-dev -zlib1g-dev libxml2 libxslt1.1"},
		{"magic", needs("python-magic==1"), "libmagic1t64"},
		{"LDAP", needs("python-ldap==3"), "-build-essential -libldap-dev -libsasl2-dev libldap2 libsasl2-2"},
		{"ODBC", needs("pyodbc==5"), "-build-essential -unixodbc-dev unixodbc"},
		{"programs", needs("pydub==1", "pdf2image==1", "pytesseract==1"), "tesseract-ocr nix:ffmpeg-headless nix:(pkgs.poppler-utils or poppler_utils)"},
		{"an included file", repo{"requirements.txt": "-r web.txt\n", "web.txt": "mysqlclient==2\n", "main.py": script}, "-build-essential -default-libmysqlclient-dev -pkg-config libmysqlclient21"},
		{"a word", needs("flask==1 # not psycopg2"), ""},
		{"a lockfile", repo{"pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['yolo']\n", "uv.lock": uv}, "libgl1 libglib2.0-0t64"},
		{"a lockfile of Poetry", repo{"pyproject.toml": "[tool.poetry.dependencies]\nyolo = '*'\n", "poetry.lock": "[[package]]\nname = 'yolo'\n[package.dependencies]\nPyODBC = '*'\n[[package]]\nname = 'pyodbc'\n"}, "-build-essential -unixodbc-dev unixodbc"},
		{"a lockfile of PDM", repo{"pyproject.toml": "[project]\ndependencies = ['yolo']\n", "pdm.lock": "[[package]]\nname = 'yolo'\ndependencies = ['pyodbc>=5; python_version > \"3\"']\n[[package]]\nname = 'pyodbc'\n"}, "-build-essential -unixodbc-dev unixodbc"},
		{"a lockfile of Pipenv", repo{"Pipfile": "[packages]\nyolo = '*'\n", "Pipfile.lock": `{"default": {"pyodbc": {}}, "develop": {"mysqlclient": {}}}`}, "-build-essential -unixodbc-dev unixodbc nix:pipenv"},
		{"a lockfile that is broken", repo{"pyproject.toml": "[project]\ndependencies = ['yolo']\n", "uv.lock": "[[["}, ""},
		{"several of a kind", needs("psycopg2==2", "mysqlclient==1", "xmlsec==1"), "-build-essential -libpq-dev libpq5 -default-libmysqlclient-dev -pkg-config libmysqlclient21 -libxmlsec1-dev libxmlsec1t64-openssl"},
	} {
		if got := systemOf(t, pythonProvider, newest(t, tt.files, nil)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDebianHasOlderNames(t *testing.T) {
	app := newest(t, repo{"requirements.txt": "opencv-python==4\nmysqlclient==2\n"}, plan.Vars{"NIXPACKS_DEBIAN": "1"})
	if got, want := systemOf(t, pythonProvider, app), "-build-essential -default-libmysqlclient-dev -pkg-config libmariadb3 libgl1 libglib2.0-0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPlaywrightBringsItsBrowser(t *testing.T) {
	for _, tt := range []struct {
		name  string
		p     Provider
		files repo
		want  bool
	}{
		{"Python", pythonProvider, repo{"requirements.txt": "playwright==1.49.0\n", "main.py": script}, true},
		{"tests of Python", pythonProvider, repo{"requirements.txt": "pytest-playwright==0.6.0\n", "main.py": script}, false},
		{"Node", nodeProvider, repo{"package.json": `{"dependencies": {"playwright": "1.49.0"}}`}, true},
		{"tests of Node", nodeProvider, repo{"package.json": `{"devDependencies": {"@playwright/test": "1.49.0"}}`, "package-lock.json": `{"packages": {"node_modules/playwright": {}}}`}, false},
	} {
		out := mustPlan(t, tt.p, newest(t, tt.files, nil))
		cmds := strings.Join(out.Plan.Phases["install"].Cmds, "\n")
		got := slices.Contains(out.Plan.Phases["setup"].AptPkgs, "libnss3") && strings.Contains(cmds, "playwright install chromium") &&
			out.Plan.Variables["PLAYWRIGHT_BROWSERS_PATH"] == "/opt/playwright"
		if got != tt.want {
			t.Errorf("%s: %q, %q, %q", tt.name, out.Plan.Phases["setup"].AptPkgs, cmds, out.Plan.Variables)
		}
	}
}

func TestNodePackagesNeedTheSystem(t *testing.T) {
	const prisma = `{"dependencies": {"@prisma/client": "6"}}`
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"Prisma", repo{"package.json": prisma}, "libatomic1 openssl libssl3t64"},
		{"Prisma under Bun", repo{"package.json": prisma, "bun.lock": "{}"}, "libatomic1 openssl libssl3t64 nix:bun nix:openssl lib:openssl"},
		{"PostgreSQL in a member", repo{"package.json": `{"workspaces": ["a"]}`, "a/package.json": `{"dependencies": {"pg-native": "3"}}`}, "libatomic1 -build-essential -python3 -libpq-dev libpq5"},
		{"a folder that is no member", repo{"package.json": `{}`, "a/package.json": `{"dependencies": {"pg-native": "3"}}`}, "libatomic1"},
		{"FFmpeg", repo{"package.json": `{"dependencies": {"fluent-ffmpeg": "2"}}`}, "libatomic1 nix:ffmpeg-headless"},
	} {
		if got := systemOf(t, nodeProvider, newest(t, tt.files, nil)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	out := mustPlan(t, nodeProvider, newest(t, repo{"package.json": `{"dependencies": {"puppeteer": "24"}}`}, nil))
	if apt := out.Plan.Phases["setup"].AptPkgs; slices.Contains(apt, "chromium") || !slices.Contains(apt, "libatk1.0-0t64") {
		t.Errorf("Puppeteer has %q", apt)
	}
}

func TestGemsNeedTheSystem(t *testing.T) {
	const lock = "GEM\n  specs:\n    pgp (1.0)\n    charlock_holmes (0.7.9)\n"
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"PostgreSQL", repo{"Gemfile": "gem 'pg'\n"}, "procps nix:(postgresql.pg_config or postgresql) lib:(pkgs.libpq or postgresql.lib)"},
		{"a lock", repo{"Gemfile": "gem \"x\"\n", "Gemfile.lock": lock}, "procps nix:(icu.dev or icu) lib:icu"},
		{"a Ruby that is compiled", repo{"Gemfile": "gem 'pg'\n", ".ruby-version": "2.0.1\n"}, "-libpq-dev libpq5"},
	} {
		got := systemOf(t, rubyProvider, newest(t, tt.files, nil))
		if tt.name == "a Ruby that is compiled" {
			got = strings.Join(slices.DeleteFunc(strings.Fields(got), func(pkg string) bool { return !strings.Contains(pkg, "libpq") }), " ")
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestComposerPackagesNeedTheSystem(t *testing.T) {
	for _, files := range []repo{
		{"composer.json": `{"require": {"spatie/pdf-to-text": "1"}}`},
		{"composer.json": `{}`, "composer.lock": `{"packages": [{"name": "spatie/pdf-to-text"}]}`},
	} {
		out := mustPlan(t, phpProvider, newest(t, files, nil))
		if pkgs := out.Plan.Phases["setup"].NixPkgs; !slices.Contains(pkgs, "(pkgs.poppler-utils or poppler_utils)") {
			t.Errorf("%v: %q", files, pkgs)
		}
	}
}
