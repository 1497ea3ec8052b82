package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestNodeManager(t *testing.T) {
	manifest := func(pm string) string { return `{"packageManager": "` + pm + `"}` }
	const corepack = "npm install -g corepack@0.24.1 && corepack enable"
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		pkg   string
		cmds  []string
	}{
		{name: "none", files: repo{"package.json": "{}"}, pkg: "npm-9_x", cmds: []string{"npm i"}},
		{name: "null", files: repo{"package.json": `{"packageManager": null}`, "yarn.lock": ""}, pkg: "yarn-1_x", cmds: []string{"yarn install --frozen-lockfile"}},
		{name: "npm 6", files: repo{"package.json": "{}", "package-lock.json": `{"lockfileVersion": 1}`}, pkg: "npm-6_x", cmds: []string{"npm ci"}},
		{name: "npm 8", files: repo{"package.json": "{}", "package-lock.json": `{"lockfileVersion": 2}`}, pkg: "npm-8_x", cmds: []string{"npm ci"}},
		{name: "npm 9", files: repo{"package.json": "{}", "package-lock.json": `{"lockfileVersion": 3}`}, pkg: "npm-9_x", cmds: []string{"npm ci"}},
		{name: "a lockfile in one line", files: repo{"package.json": "{}", "package-lock.json": `{"lockfileVersion":1}`}, pkg: "npm-9_x", cmds: []string{"npm ci"}},
		{name: "pnpm 6", files: repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: 5.3\n"}, pkg: "pnpm-6_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "pnpm 7", files: repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, pkg: "pnpm-7_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "pnpm 8", files: repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '6.0'\n"}, pkg: "pnpm-8_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "pnpm 9", files: repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, pkg: "pnpm-9_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "a mark behind the beginning", files: repo{"package.json": "{}", "pnpm-lock.yaml": "\nlockfileVersion: 5.3\n"}, pkg: "pnpm-9_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "yarn", files: repo{"package.json": "{}", "yarn.lock": ""}, pkg: "yarn-1_x", cmds: []string{"yarn install --frozen-lockfile"}},
		{name: "yarn berry", files: repo{"package.json": "{}", "yarn.lock": "", ".yarnrc.yml": ""}, pkg: "yarn-1_x", cmds: []string{"yarn install --check-cache"}},
		{name: "bun", files: repo{"package.json": "{}", "bun.lockb": ""}, pkg: "bun", cmds: []string{"bun i --no-save"}},
		{name: "bun's text", files: repo{"package.json": "{}", "bun.lock": ""}, pkg: "bun", cmds: []string{"bun i --no-save"}},
		{name: "all locks", files: repo{"package.json": "{}", "bun.lock": "", "yarn.lock": "", "pnpm-lock.yaml": "", "package-lock.json": ""}, pkg: "pnpm-9_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "two locks", files: repo{"package.json": "{}", "bun.lock": "", "yarn.lock": ""}, pkg: "yarn-1_x", cmds: []string{"yarn install --frozen-lockfile"}},
		{name: "bun beside npm's lock", files: repo{"package.json": "{}", "bun.lock": "", "package-lock.json": ""}, pkg: "bun", cmds: []string{"npm ci"}},
		{name: "a lock below", files: repo{"package.json": "{}", "a/yarn.lock": ""}, pkg: "npm-9_x", cmds: []string{"npm i"}},
		{name: "named, against the lock", files: repo{"package.json": manifest("npm@10.1.0"), "yarn.lock": ""}, pkg: "npm-9_x", cmds: []string{"npm i"}},
		{name: "npm named with bun's lock", files: repo{"package.json": manifest("npm"), "bun.lock": ""}, pkg: "npm-9_x", cmds: []string{"bun i --no-save"}},
		{name: "pnpm by corepack", files: repo{"package.json": manifest("pnpm@8.1.0+sha256.x")}, pkg: "pnpm-9_x", cmds: []string{corepack, "pnpm i --frozen-lockfile"}},
		{name: "yarn by corepack", files: repo{"package.json": manifest("yarn@4")}, pkg: "yarn-1_x", cmds: []string{corepack, "yarn install --frozen-lockfile"}},
		{name: "bun by corepack, no lock", files: repo{"package.json": manifest("bun@1")}, pkg: "bun", cmds: []string{corepack, "npm i"}},
		{name: "unknown", files: repo{"package.json": manifest("deno@1")}, pkg: "npm-9_x", cmds: []string{corepack, "npm i"}},
		{name: "npm's name in front", files: repo{"package.json": manifest("npmx@1")}, pkg: "npm-9_x", cmds: []string{"npm i"}},
		{name: "Node 14 has no corepack", files: repo{"package.json": manifest("pnpm@7")}, vars: plan.Vars{"NIXPACKS_NODE_VERSION": "14"}, pkg: "pnpm-9_x", cmds: []string{"pnpm i --frozen-lockfile"}},
		{name: "a lockfile that is no text", files: repo{"package.json": "{}", "package-lock.json": "\xff"}, pkg: "npm-9_x", cmds: []string{"npm ci"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars)).Plan
			diffOf(t, "package", tt.pkg, p.Phases["setup"].NixPkgs[1])
			diffOf(t, "commands", tt.cmds, p.Phases["install"].Cmds)
		})
	}
}

// A row that leaves something out may plan what does not work, or what nobody finds.
func TestNodeManagersAreComplete(t *testing.T) {
	for _, m := range nodeManagers {
		last := nodeInstall{}
		if len(m.install) > 0 {
			last = m.install[len(m.install)-1]
		}
		for what, missing := range map[string]bool{
			"a name":                            m.name == "",
			"lockfiles":                         len(m.lockfiles) == 0,
			"the usual one among its lockfiles": !slices.ContainsFunc(m.lockfiles, func(l Lockfile) bool { return l.File == m.lock }),
			"an install command for all apps":   last.cmd == "" || last.file != "",
			"one without a lockfile":            m.unlocked == "",
			"one that is frozen":                len(m.frozen) == 0 || m.frozen[len(m.frozen)-1].file != "",
			"what runs packages and files":      m.dlx == "" || m.executor == "",
			"a script of a workspace":           m.Run("web", "build") == "" || strings.Contains(m.Run("web", "build"), "%!"),
			"the start of a workspace":          strings.Count(m.startWorkspace, "%s") != 1,
			"a cache":                           m.cache == "",
			"a Nix package":                     m.pkg == "",
		} {
			if missing {
				t.Errorf("%s lacks %s", m.name, what)
			}
		}
	}
}
