package providers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOldHashesAreAllowed(t *testing.T) {
	npm := func(version string) repo {
		return repo{"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/webpack": {"version": "` + version + `"}}}`}
	}
	for _, tt := range []struct {
		name, engine string
		files        repo
		want         bool
	}{
		{"webpack 4", "", npm("4.44.2"), true},
		{"webpack 4 that hashes by itself", "", npm("4.47.0"), false},
		{"an early webpack 5", "", npm("5.53.0"), true},
		{"webpack 5", "", npm("5.90.0"), false},
		{"an older Node", "16", npm("4.44.2"), false},
		{"another lockfile of npm", "", repo{"package-lock.json": `{"dependencies": {"webpack": {"version": "4.44.2"}}}`}, true},
		{"Yarn 1", "", repo{"yarn.lock": "webpack-cli@^4:\n  version \"4.1.0\"\n\n\"webpack@^4.1.0\", webpack@4:\n  version \"4.44.2\"\n"}, true},
		{"Yarn", "", repo{"yarn.lock": "__metadata:\n  version: 8\n\n\"webpack@npm:^5\":\n  version: 5.53.0\n"}, true},
		{"pnpm", "", repo{"pnpm-lock.yaml": "lockfileVersion: '9.0'\n\npackages:\n\n  webpack@4.44.2:\n    resolution: {}\n"}, true},
		{"pnpm of long ago", "", repo{"pnpm-lock.yaml": "lockfileVersion: 5.4\n\npackages:\n\n  /webpack/4.44.2_webpack-cli@3:\n    resolution: {}\n"}, true},
		{"Next.js 11", "", repo{"yarn.lock": "next@11:\n  version \"11.1.4\"\n"}, true},
		{"Next.js 14", "", repo{"yarn.lock": "next@14:\n  version \"14.2.35\"\n"}, false},
		{"no lockfile", "", repo{}, false},
		{"of another tool", "", npm("4.44.2"), false},
	} {
		files := repo{"package.json": `{"engines": {"node": "` + tt.engine + `"}, "scripts": {"build": "webpack", "start": "node a.js"}, "dependencies": {"react-scripts": "4"}}`}
		if tt.name == "of another tool" {
			files["package.json"] = `{"scripts": {"build": "vite build", "start": "node a.js"}, "dependencies": {"vite": "5", "storybook": "6"}}`
		}
		for name, text := range tt.files {
			files[name] = text
		}
		out := mustPlan(t, nodeProvider, newest(t, files, nil))
		cmd, _ := strings.CutPrefix(out.Plan.Phases["build"].Cmds[0], opensslLegacy)
		told := strings.Contains(strings.Join(out.Warnings, ""), "OpenSSL is told to allow it")
		if told != tt.want || (cmd != out.Plan.Phases["build"].Cmds[0]) != tt.want || !strings.HasSuffix(cmd, "run build") {
			t.Errorf("%s: %q, %q", tt.name, out.Plan.Phases["build"].Cmds, out.Warnings)
		}
	}
}

func TestLockedVersions(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"a@1, a@^1.2:\n  version \"1.2.3\"\n\na@2:\n  version \"2.0.0\"\n\nba@1:\n  version \"9\"\n", []string{"1.2.3", "2.0.0"}},
		{"packages:\n\n  'a@1.2.3(b@2)':\n    x: {}\n\n  '@s/a@3.0.0':\n", []string{"1.2.3"}},
		{"", nil},
	} {
		if diff := cmp.Diff(tt.want, lockedVersions(tt.text, "a")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}
