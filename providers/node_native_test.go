package providers

import (
	"slices"
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestNativePackagesAreThoseThatAreInstalled(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  bool // the libraries of canvas
	}{
		{"a dependency", repo{"package.json": `{"dependencies": {"canvas": "3"}}`}, true},
		{"another package of that word", repo{"package.json": `{"dependencies": {"html2canvas": "1"}}`}, false},
		{"a script of that word", repo{"package.json": `{"scripts": {"build": "render canvas"}}`}, false},
		{"of a dependency, by npm", repo{"package.json": "{}", "package-lock.json": `{"packages": {"node_modules/x/node_modules/canvas": {"version": "3.0.0"}}}`}, true},
		{"expected by another, by npm", repo{"package.json": "{}", "package-lock.json": `{"packages": {"node_modules/jsdom": {"peerDependencies": {"canvas": "^3.0.0"},
			"peerDependenciesMeta": {"canvas": {"optional": true}}}, "node_modules/x-canvas": {}}}`}, false},
		{"by Yarn", repo{"package.json": "{}", "yarn.lock": "# a\n\ncanvas@^3.0.0:\n  version 3.0.0\n"}, true},
		{"by Yarn 4", repo{"package.json": "{}", "yarn.lock": "# a\n\n\"canvas@npm:^3.0.0\":\n  version: 3.0.0\n"}, true},
		{"expected by another, by Yarn 4", repo{"package.json": "{}", "yarn.lock": "\"jsdom@npm:26\":\n  peerDependencies:\n    canvas: ^3.0.0\n"}, false},
		{"by pnpm 9", repo{"package.json": "{}", "pnpm-lock.yaml": "packages:\n\n  canvas@3.0.0:\n"}, true},
		{"by pnpm 8", repo{"package.json": "{}", "pnpm-lock.yaml": "packages:\n\n  /canvas@3.0.0:\n"}, true},
		{"by pnpm 6", repo{"package.json": "{}", "pnpm-lock.yaml": "packages:\n\n  /canvas/3.0.0:\n"}, true},
		{"expected by another, by pnpm", repo{"package.json": "{}", "pnpm-lock.yaml": "packages:\n\n  jsdom@26.0.0:\n    peerDependencies:\n      canvas: ^3.0.0\n"}, false},
		{"by Bun", repo{"package.json": "{}", "bun.lock": `{"packages": {"canvas": ["canvas@3.0.0", ""]}}`}, true},
		{"by a lockfile that is not used", repo{"package.json": `{"packageManager": "npm@11.0.0"}`, "yarn.lock": "\ncanvas@^3.0.0:\n"}, false},
	} {
		app := appOf(t, tt.files, nil)
		app.Edition = rules.Newest
		setup := mustPlan(t, nodeProvider, app).Plan.Phases["setup"]
		if packages := slices.Concat(setup.AptPkgs, setup.NixLibs); (slices.Contains(packages, "libuuid1") || slices.Contains(packages, "libuuid")) != tt.want {
			t.Errorf("%s: %q", tt.name, packages)
		}
	}
}
