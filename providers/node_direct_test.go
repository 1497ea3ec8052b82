package providers

import "testing"

func TestTheProgramOfAScriptIsStarted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string // "" for the script
	}{
		{"a program", repo{"package.json": `{"scripts": {"start": " node server.js "}}`}, "node server.js"},
		{"variables", repo{"package.json": `{"scripts": {"start": "NODE_ENV=production node server.js -p $PORT"}}`}, "NODE_ENV=production node server.js -p $PORT"},
		{"two programs", repo{"package.json": `{"scripts": {"start": "prisma migrate deploy && node server.js"}}`}, "prisma migrate deploy && node server.js"},
		{"a script of a script", repo{"package.json": `{"scripts": {"start": "npm run serve", "serve": "yarn run go", "go": "node go.js"}}`}, "node go.js"},
		{"a script without its name printed", repo{"package.json": `{"scripts": {"start": "npm run -s serve", "serve": "node a.js"}}`}, "node a.js"},
		{"a script with arguments", repo{"package.json": `{"scripts": {"start": "npm run serve -- --port 3", "serve": "node a.js"}}`}, ""},
		{"a script after a command", repo{"package.json": `{"scripts": {"start": "node m.js && NODE_ENV=x yarn serve", "serve": "node a.js"}}`}, ""},
		{"a script before the program", repo{"package.json": `{"scripts": {"start": "npm run migrate && node a.js", "migrate": "x"}}`}, "npm run migrate && node a.js"},
		{"Bun", repo{"package.json": `{"scripts": {"start": "bun run a.ts"}}`}, "bun run a.ts"},
		{"nothing but operators", repo{"package.json": `{"scripts": {"start": "&&"}}`}, ""},
		{"a script before it", repo{"package.json": `{"scripts": {"prestart": "x", "start": "node a.js"}}`}, ""},
		{"a script after it", repo{"package.json": `{"scripts": {"start": "node a.js", "poststart": "x"}}`}, ""},
		{"a script before the script of a script", repo{"package.json": `{"scripts": {"start": "npm run a", "prea": "x", "a": "node a.js"}}`}, ""},
		{"scripts in a circle", repo{"package.json": `{"scripts": {"start": "npm run a", "a": "npm run start"}}`}, ""},
		{"variables of npm", repo{"package.json": `{"scripts": {"start": "node a.js $npm_package_version"}}`}, ""},
		{"variables of npm in a source", repo{"package.json": `{"scripts": {"build": "tsc", "start": "node dist/a.js"}}`, "src/a.ts": "process.env.npm_package_version"}, ""},
		{"variables of npm by another name of the environment", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "a.js": "const {npm_package_name: name} = process.env"}, ""},
		{"variables of npm in a script of a shell", repo{"package.json": `{"scripts": {"start": "sh a.sh"}}`, "a.sh": "exec node a.js $npm_package_version"}, ""},
		{"the folder in which npm was called", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "a.js": "process.chdir(process.env['INIT_CWD'])"}, ""},
		{"a shell", repo{"package.json": `{"scripts": {"start": "sh a.sh"}}`, "a.sh": "exec node a.js"}, "sh a.sh"},
		{"variables of npm in Yarn itself", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, ".yarn/releases/yarn.cjs": "process.env.npm_config_x"}, "node a.js"},
		{"a pipe", repo{"package.json": `{"scripts": {"start": "node a.js | pino-pretty"}}`}, ""},
		{"both at once", repo{"package.json": `{"scripts": {"start": "node a.js & node b.js"}}`}, "node a.js & node b.js"},
		{"Windows", repo{"package.json": `{"scripts": {"start": "set NODE_ENV=production&& node a.js"}}`}, "set NODE_ENV=production&& node a.js"},
		{"no end", repo{"package.json": `{"scripts": {"start": "node 'a.js"}}`}, ""},
		{"Yarn without node_modules", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "yarn.lock": "", ".yarnrc.yml": ""}, ""},
		{"Yarn 2 without settings", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "yarn.lock": "\n__metadata:\n  version: 8\n"}, ""},
		{"Yarn 2 by name", repo{"package.json": `{"scripts": {"start": "node a.js"}, "packageManager": "yarn@4.5.3"}`, "yarn.lock": ""}, ""},
		{"Yarn 1", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "yarn.lock": "# yarn lockfile v1\n"}, "node a.js"},
		{"Yarn with node_modules", repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n"}, "node a.js"},
		{"a file", repo{"package.json": `{"main": "a.js"}`, "a.js": ""}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, f := range mustPlan(t, nodeProvider, newest(t, tt.files, nil)).Fixes {
				if f.Rule == "direct-start" {
					got = *f.Over.Start.Cmd
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
