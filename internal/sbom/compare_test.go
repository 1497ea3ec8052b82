package sbom

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferencesOfLockfiles(t *testing.T) {
	const npmLock = `{"packages": {%s}}`
	locks := func(packages ...string) string {
		var list []string
		for _, p := range packages {
			name, version, _ := strings.Cut(p, " ")
			list = append(list, fmt.Sprintf(`"node_modules/%s": {"version": %q}`, name, version))
		}
		return fmt.Sprintf(npmLock, strings.Join(list, ","))
	}
	manifest := `{"dependencies": {"react": "*", "zod": "*", "@a/b": "*"}, "devDependencies": {"left": "*"}}`
	for _, tt := range []struct {
		name       string
		base, head map[string]string
		want       string
		alone      string
	}{
		{"nothing", map[string]string{"package-lock.json": locks("react 18.2.0")}, map[string]string{"package-lock.json": locks("react 18.2.0")}, "", ""},
		{"versions, added and removed",
			map[string]string{"package.json": manifest, "package-lock.json": locks("react 18.2.0", "scheduler 0.23.0", "left 1.0.0", "tiny 1.0.0")},
			map[string]string{"package.json": manifest, "package-lock.json": locks("react 19.0.0", "scheduler 0.25.0", "zod 3.1.0", "tiny 1.0.1", "@a/b 1.0.0")},
			"@a/b: →1.0.0 direct; left: 1.0.0→ direct; react: 18.2.0→19.0.0 major direct; scheduler: 0.23.0→0.25.0 major; tiny: 1.0.0→1.0.1; zod: →3.1.0 direct", ""},
		{"another version beside", map[string]string{"package-lock.json": locks("a 4.17.0")}, map[string]string{"package-lock.json": locks("a 4.17.0", "x/node_modules/a 10.0.0", "y/node_modules/a 3.9.0")},
			"a: 4.17.0→3.9.0, 4.17.0, 10.0.0 major", ""},
		{"another package manager", map[string]string{"package-lock.json": locks("a 1.0.0")}, map[string]string{"yarn.lock": "a@^1.0.0:\n  version \"1.0.0\"\n"}, "", ""},
		{"a first lockfile", map[string]string{"package.json": manifest}, map[string]string{"package-lock.json": locks("a 1.0.0")}, "", "package-lock.json"},
		{"the last one", map[string]string{"package-lock.json": locks("a 1.0.0")}, nil, "", "package-lock.json"},
		{"Go", map[string]string{"go.mod": "module m\nrequire (\n\tx.y/a v1.2.3\n\tx.y/b/v2 v2.0.0\n)\n"},
			map[string]string{"go.mod": "module m\nrequire (\n\tx.y/a v1.3.0\n\tx.y/b/v3 v3.0.1\n\tx.y/c v0.1.0 // indirect\n)\n"},
			"x.y/a: v1.2.3→v1.3.0 direct; x.y/b/v3: v2.0.0→v3.0.1 major direct; x.y/c: →v0.1.0", ""},
		{"Python", map[string]string{"requirements.txt": "Django==4.2\nasgiref==3.1\n", "requirements.in": "django\n"},
			map[string]string{"requirements.txt": "Django==5.0\nasgiref==3.2\n", "requirements.in": "django\n"}, "asgiref: 3.1→3.2; django: 4.2→5.0 major direct", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, alone, warnings := Compare(Side{Tree: tree(t, tt.base)}, Side{Tree: tree(t, tt.head)})
			var got []string
			for _, d := range list {
				text := d.Name + ": " + d.Base + "→" + d.Head
				if d.Major {
					text += " major"
				}
				if d.Direct {
					text += " direct"
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" || strings.Join(alone, " ") != tt.alone || warnings != nil {
				t.Errorf("alone %q, warnings %q, (-want +got)\n%s", alone, warnings, diff)
			}
		})
	}
}

func TestALockfileThatCannotBeReadIsNotGuessed(t *testing.T) {
	base := map[string]string{"package-lock.json": `{"packages": {"node_modules/a": {"version": "1.0.0"}}}`, "go.mod": "module m\nrequire x.y/a v1.2.3\n"}
	head := map[string]string{"package-lock.json": "{", "go.mod": "module m\nrequire x.y/a v1.2.4\n"}
	list, alone, warnings := Compare(Side{Tree: tree(t, base)}, Side{Tree: tree(t, head)})
	if len(list) != 1 || list[0].Name != "x.y/a" || alone != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "package-lock.json") {
		t.Errorf("%+v, %q, %q", list, alone, warnings)
	}
}

func TestWhatAManifestAsksFor(t *testing.T) {
	for lock, tt := range map[string]struct {
		file, text, ecosystem string
		want                  []string
	}{
		"Cargo.lock": {"Cargo.toml", "[dependencies]\nserde = \"1\"\nold = { package = \"new\" }\n[target.'cfg(unix)'.dependencies]\nnix = \"1\"\n[workspace.dependencies]\na = \"1\"\n", "cargo",
			[]string{"serde", "new", "nix", "a"}},
		"uv.lock": {"pyproject.toml", "[project]\ndependencies = [\"Foo_Bar>=1\", \"b[x]; python_version > '3'\"]\noptional-dependencies.x = [\"c\"]\n[dependency-groups]\ndev = [\"d\", {include-group = \"x\"}]\n", "pypi",
			[]string{"foo-bar", "b", "c", "d"}},
		"poetry.lock":    {"pyproject.toml", "[tool.poetry.dependencies]\na = \"1\"\n[tool.poetry.group.dev.dependencies]\nb = \"1\"\n", "pypi", []string{"a", "b"}},
		"composer.lock":  {"composer.json", `{"require": {"a/b": "1"}, "require-dev": {"c/d": "1"}}`, "composer", []string{"a/b", "c/d"}},
		"mix.lock":       {"mix.exs", "defp deps do\n [{:phoenix, \"~> 1\"}, {:ecto, path: 1}]", "hex", []string{"phoenix", "ecto"}},
		"Pipfile.lock":   {"Pipfile", "[packages]\na = \"*\"\n[dev-packages]\nb = \"*\"\n", "pypi", []string{"a", "b"}},
		"pnpm-lock.yaml": {"pnpm-lock.yaml", "importers:\n  web:\n    dependencies:\n      a: {version: 1}\n", "npm", []string{"a"}},
	} {
		got := wants(tree(t, map[string]string{tt.file: tt.text}), lock, tt.ecosystem)
		want := map[string]bool{}
		for _, name := range tt.want {
			want[tt.ecosystem+" "+name] = true
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", lock, d)
		}
	}
}

func TestMajorVersions(t *testing.T) {
	for version, want := range map[string]string{"1.2.3": "1", "v2.0.0": "2", "0.3.1": "0.3", "0.0.1": "0.0", "2024.1": "2024", "": "", "next": ""} {
		if got := major(version); got != want {
			t.Errorf("%q: %q, want %q", version, got, want)
		}
	}
}
