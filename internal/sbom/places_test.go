package sbom

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewPlacesOfLockfiles(t *testing.T) {
	npmLock := func(resolved string) string {
		return `{"packages": {"": {}, "node_modules/left": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/left/-/left-1.0.0.tgz"},` +
			`"node_modules/pad": {"version": "1.0.0", "resolved": "` + resolved + `"}, "node_modules/own": {"resolved": "packages/own", "link": true}}}`
	}
	yarn := "left@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/left/-/left-1.0.0.tgz#abc\"\n  integrity sha512-x\n\n" +
		"pad@^1.0.0:\n  version \"1.0.0\"\n  resolved \"HOST/pad/-/pad-1.0.0.tgz#abc\"\n"
	for _, tt := range []struct {
		name, file, base, head string
		want                   string // places, with packages
	}{
		{"npm, the same", "package-lock.json", npmLock("https://registry.npmjs.org/pad.tgz"), npmLock("https://registry.npmjs.org/pad/-/pad.tgz"), ""},
		{"npm, another host", "package-lock.json", npmLock("https://registry.npmjs.org/pad.tgz"), npmLock("https://evil.example/pad.tgz"), "evil.example: pad"},
		{"npm, as before", "package-lock.json", npmLock("https://npm.corp.example/pad.tgz"), npmLock("https://npm.corp.example/x/pad.tgz"), ""},
		{"npm, with a user and a port", "package-lock.json", npmLock(""), npmLock("https://registry.npmjs.org@evil.example:8443/pad.tgz"), "evil.example:8443: pad"},
		{"npm, as browsers read it", "package-lock.json", npmLock(""), npmLock(`HTTPS:\\\\Evil.example\\pad.tgz`), "evil.example: pad"},
		{"npm, without slashes", "package-lock.json", npmLock(""), npmLock(`https:evil.example/pad.tgz`), "evil.example: pad"},
		{"npm, a repository", "package-lock.json", npmLock("git+ssh://git@github.com/good/pad.git#1"), npmLock("git+ssh://git@github.com/evil/pad.git#2"), "github.com/evil: pad"},
		{"npm, a file", "package-lock.json", npmLock(""), npmLock("file:../pad.tgz"), ""},
		{"npm, the first lockfile", "package-lock.json", "", npmLock("https://evil.example/pad.tgz"), "evil.example: pad"},
		{"npm 1", "package-lock.json", `{"dependencies": {"pad": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/pad.tgz"}}}`,
			`{"dependencies": {"pad": {"version": "1.0.0", "resolved": "https://evil.example/pad.tgz", "dependencies": {"in": {"version": "https://deep.example/in.tgz"}}}}}`,
			"deep.example: ; evil.example: pad"},
		{"npm that cannot be read", "package-lock.json", npmLock(""), "{", ""},
		{"yarn 1", "yarn.lock", strings.ReplaceAll(yarn, "HOST", "https://registry.yarnpkg.com"), strings.ReplaceAll(yarn, "HOST", "https://evil.example"), "evil.example: pad"},
		{"yarn 4", "yarn.lock", "", "\"pad@https://evil.example/pad.tgz\":\n  version: 1.0.0\n  resolution: \"pad@https://evil.example/pad.tgz\"\n\n" +
			"\"@a/left@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"@a/left@npm:1.0.0\"\n", "evil.example: pad"},
		{"pnpm", "pnpm-lock.yaml", "packages:\n  left@1.0.0:\n    resolution: {integrity: x}\n",
			"packages:\n  left@1.0.0:\n    resolution: {integrity: x, tarball: https://evil.example/left.tgz}\n" +
				"  pad@https://codeload.github.com/bad/pad/tar.gz/1:\n    resolution: {tarball: https://codeload.github.com/bad/pad/tar.gz/1}\n    version: 1.0.0\n",
			"evil.example: left; github.com/bad: pad"},
		{"bun", "bun.lock", "", `{"packages": {"left": ["left@1.0.0", "", {}, "sha512-x"], "pad": ["pad@1.0.0", "https://evil.example/pad.tgz", {}, "sha512-x"], "git": ["git@github:bad/git#1", {}, "1"]}}`,
			"evil.example: pad; github.com/bad: "},
		{"deno", "deno.lock", `{"version": "3", "remote": {"https://deno.land/x/a.ts": "1"}}`, `{"version": "3", "remote": {"https://deno.land/x/b.ts": "1", "https://evil.example/b.ts": "1"}}`,
			"evil.example: "},
		{"requirements", "requirements.txt", "a==1\n", "--extra-index-url https://me:word@evil.example/simple\na==1\nb @ git+https://github.com/bad/b@1\n# https://comment.example\nhttps://files.example/c.whl\n",
			"evil.example: ; files.example: ; github.com/bad: "},
		{"Poetry", "poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\n",
			"[[package]]\nname = \"a\"\nversion = \"1\"\nfiles = [{file = \"a.whl\", hash = \"sha256:x\"}]\n[package.source]\ntype = \"legacy\"\nurl = \"https://evil.example/simple\"\nreference = \"mine\"\n",
			"evil.example: a"},
		{"uv", "uv.lock", "", "[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\nsdist = { url = \"https://files.pythonhosted.org/a.tar.gz\" }\n" +
			"wheels = [{ url = \"https://evil.example/a.whl\" }]\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { git = \"https://gitlab.com/bad/b?rev=1#1\" }\n", "evil.example: a; gitlab.com/bad: b"},
		{"PDM", "pdm.lock", "", "[[package]]\nname = \"a\"\nversion = \"1\"\nurl = \"https://evil.example/a.whl\"\n", "evil.example: a"},
		{"Pipenv", "Pipfile.lock", `{}`, `{"_meta": {"sources": [{"url": "https://evil.example/simple"}]}, "default": {"a": {"git": "https://bitbucket.org/bad/a"}}}`, "bitbucket.org/bad: ; evil.example: "},
		{"Cargo", "Cargo.lock", "", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n" +
			"[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"sparse+https://evil.example/index/\"\n", "evil.example: b"},
		{"Bundler", "Gemfile.lock", "", "GIT\n  remote: https://github.com/bad/b\n  specs:\n    b (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  remote: https://evil.example/\n  specs:\n    a (1.0)\n",
			"evil.example: ; github.com/bad: "},
		{"settings of npm", ".npmrc", "registry=https://registry.npmjs.org/\n", "# https://comment.example\nregistry = https://me@evil.example/npm\n@a:registry=https://registry.yarnpkg.com\n//b.example/:_authToken=x\n", "evil.example: "},
		{"the first settings of npm", ".npmrc", "", "registry=https://evil.example\n", "evil.example: "},
		{"settings of npm, as before", ".npmrc", "registry=https://npm.corp.example/a\n", "registry=https://npm.corp.example/b\n", ""},
		{"settings of Yarn", ".yarnrc.yml", "", "npmRegistryServer: \"https://evil.example\"\n", "evil.example: "},
		{"settings of Bun", "bunfig.toml", "", "[install]\nregistry = { url = \"https://evil.example/\", token = \"x\" }\n", "evil.example: "},
		{"settings of pip", "pip.conf", "", "[global]\nindex-url = https://pypi.org/simple\nextra-index-url = https://evil.example/simple\n", "evil.example: "},
		{"settings of Cargo", ".cargo/config.toml", "", "[source.mine]\nregistry = \"sparse+https://evil.example/index/\"\n", "evil.example: "},
		{"a Gemfile", "Gemfile", "", "source 'https://rubygems.org'\ngem 'a', git: 'https://github.com/bad/a'\n", "github.com/bad: "},
		{"settings of NuGet", "nuget.config", "", "<add key=\"a\" value=\"https://evil.example/v3\" /><add key=\"b\" value=\"https://api.nuget.org/v3\" />", "evil.example: "},
		{"the wrapper of Gradle", "gradle/wrapper/gradle-wrapper.properties", "distributionUrl=https\\://services.gradle.org/distributions/gradle-8-bin.zip\n",
			"distributionUrl=https\\://evil.example/gradle-8-bin.zip\n", "evil.example: "},
		{"pub", "pubspec.lock", "", "packages:\n  a:\n    source: hosted\n    version: 1.0.0\n    description: {name: a, url: \"https://evil.example\"}\n  b:\n    source: hosted\n    version: 1.0.0\n    description: {name: b, url: \"https://pub.dev\"}\n",
			"evil.example: a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			side := func(text string) Side {
				if text == "" {
					return Side{Tree: tree(t, nil)}
				}
				return Side{Tree: tree(t, map[string]string{tt.file: text})}
			}
			var got []string
			for _, p := range NewPlaces(side(tt.base), side(tt.head)) {
				got = append(got, p.Name+": "+strings.Join(p.Packages, ", "))
				if diff := cmp.Diff([]string{tt.file}, p.Files); diff != "" {
					t.Errorf("files (-want +got):\n%s", diff)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := NewPlaces(side(tt.head), side(tt.head)); again != nil {
				t.Errorf("without a change: %+v", again)
			}
		})
	}
}

func TestTheBillSaysWhereAPackageIsDownloadedFrom(t *testing.T) {
	lock := `{"packages": {"node_modules/a": {"version": "1.0.0", "resolved": "https://me:the-word@npm.example/a.tgz"}, "node_modules/b": {"version": "1.0.0", "resolved": "file:b.tgz"}}}`
	text, _, err := Document(Inputs{Name: "app", Tool: "npx-action-1", Tree: tree(t, map[string]string{"package-lock.json": lock})})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.Contains(got, `"downloadLocation":"https://npm.example/a.tgz"`) || strings.Contains(got, "the-word") || strings.Contains(got, "b.tgz") {
		t.Errorf("%s", got)
	}
}
