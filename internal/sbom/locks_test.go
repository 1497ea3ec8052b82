package sbom

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

func tree(t *testing.T, files map[string]string) *source.Tree {
	t.Helper()
	fsys := fstest.MapFS{"README.md": {}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	app, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func purls(list []Package) []string {
	var urls []string
	for _, p := range list {
		url := p.purl.String()
		if p.dev {
			url += " dev"
		}
		urls = append(urls, url)
	}
	return urls
}

func TestLockfilesAreRead(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []string
	}{
		"npm 3": {"package-lock.json", `{"lockfileVersion":3,"packages":{
			"":{"name":"app","version":"1.0.0"},
			"node_modules/@a/b":{"version":"2.0.0"},
			"node_modules/c":{"version":"1.0.0","dev":true},
			"node_modules/c/node_modules/d":{"version":"4.0.0"},
			"node_modules/alias":{"name":"real","version":"5.0.0"},
			"node_modules/own":{"resolved":"libs/own","link":true},
			"libs/own":{"version":"0.0.1"}}}`,
			[]string{"pkg:npm/%40a/b@2.0.0", "pkg:npm/real@5.0.0", "pkg:npm/c@1.0.0 dev", "pkg:npm/d@4.0.0"}},
		"npm 1": {"npm-shrinkwrap.json", `{"lockfileVersion":1,"dependencies":{
			"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0","dev":true}}},"c":{"version":"file:libs/c"}}}`,
			[]string{"pkg:npm/a@1.0.0", "pkg:npm/b@2.0.0 dev"}},
		"pnpm 9": {"pnpm-lock.yaml", "packages:\n  '@a/b@1.2.3':\n    resolution: {}\n  c@4.0.0-rc.1:\n    resolution: {}\n  'd@file:libs/d':\n    resolution: {}\n",
			[]string{"pkg:npm/%40a/b@1.2.3", "pkg:npm/c@4.0.0-rc.1"}},
		"pnpm 6": {"pnpm-lock.yaml", "packages:\n  /@a/b@1.2.3(react@18.0.0):\n    dev: true\n", []string{"pkg:npm/%40a/b@1.2.3 dev"}},
		"pnpm 5": {"pnpm-lock.yaml", "packages:\n  /@a/b/1.2.3_react@18.0.0:\n    dev: false\n  /c/2.0.0:\n    dev: false\n",
			[]string{"pkg:npm/%40a/b@1.2.3", "pkg:npm/c@2.0.0"}},
		"yarn 1": {"yarn.lock", "# yarn lockfile v1\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"x\"\n  dependencies:\n    c \"^2.0.0\"\n\nc@^2.0.0:\n  version \"2.0.1\"\n",
			[]string{"pkg:npm/%40a/b@1.2.0", "pkg:npm/c@2.0.1"}},
		"yarn 4": {"yarn.lock", "__metadata:\n  version: 8\n\n\"@a/b@npm:^1.0.0\":\n  version: 1.2.0\n  resolution: \"@a/b@npm:1.2.0\"\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n",
			[]string{"pkg:npm/%40a/b@1.2.0"}},
		"bun": {"bun.lock", "{\"packages\": {\n\"@a/b\": [\"@a/b@1.0.0\", \"\", {}, \"sha512-x\"],\n\"own\": [\"own@workspace:libs/own\"],\n},}",
			[]string{"pkg:npm/%40a/b@1.0.0"}},
		"deno": {"deno.lock", `{"version":"5","npm":{"@a/b@1.0.0_c@2.0.0":{},"c@2.0.0":{}},"jsr":{"@std/fs@1.0.0":{}}}`,
			[]string{"pkg:npm/%40a/b@1.0.0", "pkg:npm/c@2.0.0", "pkg:jsr/%40std/fs@1.0.0"}},
		"requirements": {"requirements.txt", "# comment\nFlask_Login==0.6.3\nrequests[socks] == 2.32.3 ; python_version > '3.8'\nany>=1\nwild==1.*\n-r more.txt\ngit+https://x/y@z\na==1 --hash=sha256:0\n",
			[]string{"pkg:pypi/flask-login@0.6.3", "pkg:pypi/requests@2.32.3", "pkg:pypi/a@1"}},
		"poetry": {"poetry.lock", "[[package]]\nname = \"bottle\"\nversion = \"0.13.4\"\n\n[[package]]\nname = \"pytest\"\nversion = \"8.0.0\"\ncategory = \"dev\"\n",
			[]string{"pkg:pypi/bottle@0.13.4", "pkg:pypi/pytest@8.0.0 dev"}},
		"uv": {"uv.lock", "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }\n\n[[package]]\nname = \"bottle\"\nversion = \"0.13.4\"\nsource = { registry = \"x\" }\n",
			[]string{"pkg:pypi/bottle@0.13.4"}},
		"pdm": {"pdm.lock", "[[package]]\nname = \"bottle\"\nversion = \"0.13.4\"\n", []string{"pkg:pypi/bottle@0.13.4"}},
		"pipenv": {"Pipfile.lock", `{"default":{"a":{"version":"==1.0"},"b":{"git":"x"}},"develop":{"c":{"version":"==2.0"}}}`,
			[]string{"pkg:pypi/a@1.0", "pkg:pypi/c@2.0 dev"}},
		"go": {"go.mod", "module x\n\ngo 1.22\n\nrequire (\n\tgithub.com/A/b v1.0.0\n\texample.com/c/v2 v2.1.0 // indirect\n\texample.com/own v0.0.0\n\texample.com/d v1.0.0\n)\n\nreplace example.com/own => ./own\nreplace example.com/d v1.0.0 => example.com/fork v1.1.0\n",
			[]string{"pkg:golang/github.com/A/b@v1.0.0", "pkg:golang/example.com/c/v2@v2.1.0", "pkg:golang/example.com/fork@v1.1.0"}},
		"cargo": {"Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n",
			[]string{"pkg:cargo/serde@1.0.0"}},
		"composer": {"composer.lock", `{"packages":[{"name":"monolog/monolog","version":"3.0.0"}],"packages-dev":[{"name":"p/q","version":"v1"}]}`,
			[]string{"pkg:composer/monolog/monolog@3.0.0", "pkg:composer/p/q@v1 dev"}},
		"bundler": {"Gemfile.lock", "PATH\n  remote: .\n  specs:\n    own (0.1.0)\n\nGEM\n  remote: x\n  specs:\n    nokogiri (1.16.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.8.0)\n\nDEPENDENCIES\n  nokogiri\n",
			[]string{"pkg:gem/nokogiri@1.16.0-x86_64-linux", "pkg:gem/racc@1.8.0"}},
		"mix": {"mix.lock", "%{\n  \"plug\": {:hex, :plug, \"1.16.0\", \"abc\", [:mix], [{:mime, \"~> 1.0\"}], \"hexpm\", \"def\"},\n  \"g\": {:git, \"x\", \"abc\", []},\n}\n",
			[]string{"pkg:hex/plug@1.16.0"}},
		"pub": {"pubspec.lock", "packages:\n  args:\n    dependency: \"direct main\"\n    source: hosted\n    version: \"2.5.0\"\n  own:\n    source: path\n    version: \"0.0.1\"\n  test:\n    dependency: \"direct dev\"\n    source: hosted\n    version: \"1.0.0\"\n",
			[]string{"pkg:pub/args@2.5.0", "pkg:pub/test@1.0.0 dev"}},
		"nuget": {"packages.lock.json", `{"version":1,"dependencies":{"net8.0":{"Newtonsoft.Json":{"type":"Direct","resolved":"13.0.3"},"own":{"type":"Project"}}}}`,
			[]string{"pkg:nuget/Newtonsoft.Json@13.0.3"}},
		"gradle": {"gradle.lockfile", "# comment\norg.slf4j:slf4j-api:2.0.0=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n",
			[]string{"pkg:maven/org.slf4j/slf4j-api@2.0.0"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, warnings := lockedPackages(tree(t, map[string]string{tt.file: tt.text}), nil)
			if warnings != nil {
				t.Fatal(warnings)
			}
			if diff := cmp.Diff(tt.want, purls(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, p := range list {
				if p.from != tt.file {
					t.Errorf("%s is said to be from %q", p.purl, p.from)
				}
			}
		})
	}
}

func TestAnyContentHasAnAnswer(t *testing.T) {
	for _, r := range lockfiles {
		for _, text := range []string{"", "\x00", "[", "{", "null", "\xff", "packages: 3\n", "{\"packages\": 3}", "[[package]]\nname = 1\n"} {
			// Whatever is in it, there is an answer.
			list, warnings := lockedPackages(tree(t, map[string]string{r.file: text}), nil)
			if len(list) > 0 || len(warnings) > 1 {
				t.Errorf("%s %q: %v %v", r.file, text, purls(list), warnings)
			}
		}
	}
}

func TestEveryFormatHasAReader(t *testing.T) {
	for _, p := range providers.All() {
		for _, l := range p.Lockfiles {
			read := slices.ContainsFunc(lockfiles, func(k lockfile) bool { return k.file == l.File })
			if read == (l.Format == providers.Unread) {
				t.Errorf("%s of %s has the format %q; it is read: %t", l.File, p.Name, l.Format, read)
			}
		}
	}
	for _, f := range formats {
		if len(providers.LockfilesOf(f.name)) == 0 {
			t.Errorf("no lockfile has the format %q", f.name)
		}
	}
}

func TestABrokenLockfileIsLeftOutWithAWord(t *testing.T) {
	list, warnings := lockedPackages(tree(t, map[string]string{"package-lock.json": "{", "go.mod": "module x\nrequire a.b/c v1.0.0\n"}), nil)
	if len(warnings) != 1 || len(list) != 1 {
		t.Errorf("%v %v", purls(list), warnings)
	}
}

func TestLockfilesBelowTheRootAreReadIfTheyAreNamed(t *testing.T) {
	app := tree(t, map[string]string{"api/Cargo.lock": "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\n"})
	if list, _ := lockedPackages(app, nil); len(list) > 0 {
		t.Error(purls(list))
	}
	if list, _ := lockedPackages(app, []string{"api/Cargo.lock", "api/other.lock"}); len(list) != 1 || list[0].from != "api/Cargo.lock" {
		t.Error(purls(list))
	}
}
