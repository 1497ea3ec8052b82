package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestALockfileThatNPMWillRefuseIsToldOf(t *testing.T) {
	lock := func(packages string) string { return `{"lockfileVersion": 3, "packages": {"": {}, ` + packages + `}}` }
	const a1 = `"node_modules/a": {"version": "1.4.0"}`
	for _, tt := range []struct {
		name, manifest, lock string
		want                 string // "" for no warning
	}{
		{"it agrees", `{"dependencies": {"a": "^1.2.0"}}`, lock(a1), ""},
		{"another major", `{"dependencies": {"a": "^2"}}`, lock(a1), "package-lock.json has a 1.4.0 and not ^2, which package.json asks for"},
		{"missing", `{"devDependencies": {"b": "1"}}`, lock(a1), "package-lock.json lacks b, which"},
		{"only below another", `{"dependencies": {"b": "1"}}`, lock(`"node_modules/a/node_modules/b": {"version": "1.0.0"}`), "lacks b"},
		{"many", `{"dependencies": {"b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}}`, lock(a1), "lacks b, lacks c, lacks d, differs in 2 more, which"},
		{"an alias", `{"dependencies": {"a": "npm:@x/z@^2"}}`, lock(a1), "has a 1.4.0 and not npm:@x/z@^2"},
		{"an alias without a version", `{"dependencies": {"a": "npm:@x/z"}}`, lock(a1), ""},
		{"a tag, an address, a folder", `{"dependencies": {"a": "latest", "b": "git+https://x/y", "c": "file:c"}}`,
			lock(a1 + `, "node_modules/b": {"version": "9.0.0"}, "node_modules/c": {"resolved": "c", "link": true}`), ""},
		{"a member of the workspace", `{"dependencies": {"a": "2"}}`, lock(`"node_modules/a": {"resolved": "packages/a", "link": true}`), ""},
		{"any version", `{"dependencies": {"a": "*"}}`, lock(`"node_modules/a": {"version": "2.0.0-rc.1"}`), ""},
		{"an optional package that is lost", `{"dependencies": {"a": "1"}}`, lock(`"node_modules/a": {"version": "1.4.0", "optionalDependencies": {"@x/os": "~2", "fsevents": "~2"}}, "node_modules/a/node_modules/@x/os": {}`),
			"package-lock.json lacks fsevents, on which a package in it depends"},
		{"an optional package", `{"dependencies": {"a": "1"}}`, lock(a1[:len(a1)-1] + `, "optionalDependencies": {"fsevents": "~2"}}, "node_modules/fsevents": {"optional": true}`), ""},
		{"a lost package for an older npm that is asked for", `{"packageManager": "npm@10.9.2", "dependencies": {"a": "1"}}`, lock(a1[:len(a1)-1] + `, "optionalDependencies": {"fsevents": "~2"}}`), ""},
		{"a lost package for an older npm", `{"engines": {"node": "22"}, "dependencies": {"a": "1"}}`, lock(a1[:len(a1)-1] + `, "optionalDependencies": {"fsevents": "~2"}}`), ""},
		{"version 1, another major", `{"dependencies": {"a": "^2"}}`, `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.4.0"}}}`, "has a 1.4.0"},
		{"no lockfile of npm", `{"dependencies": {"a": "^2"}}`, `<<<<<<< HEAD`, ""},
		{"an empty one", `{"dependencies": {"a": "^2"}}`, `{}`, ""},
		{"another package manager", `{"packageManager": "yarn@1.22.22", "dependencies": {"a": "^2"}}`, lock(a1), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := appOf(t, repo{"package.json": tt.manifest, "package-lock.json": tt.lock}, nil)
			for _, edition := range []rules.Edition{rules.Newest, rules.Nixpacks} {
				app.Edition = edition
				told := ""
				for _, w := range mustPlan(t, nodeProvider, app).Warnings {
					if strings.Contains(w, "npm ci refuses it") {
						told += w
					}
				}
				want := tt.want
				if edition == rules.Nixpacks {
					want = ""
				}
				if (want == "") != (told == "") || !strings.Contains(told, want) {
					t.Errorf("%s: %q, want %q", edition, told, want)
				}
			}
		})
	}
}
