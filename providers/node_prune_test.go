package providers

import (
	"strings"
	"testing"
)

func TestNodePrune(t *testing.T) {
	const (
		manifest = `{"scripts": {"start": "npm run serve", "serve": "node dist/a.js"}, "dependencies": {"express": "4"}, "devDependencies": {"tsx": "4", "@types/node": "22"}}`
		lock     = `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/express": {}, "node_modules/tsx": {"dev": true, "bin": {"tsx": "x"}},
			"node_modules/@types/node": {"dev": true}, "node_modules/x/node_modules/y": {"dev": true}, "node_modules/one": {"dev": true, "bin": "x"}}}`
	)
	files := func(more ...string) map[string]string {
		all := map[string]string{"package.json": manifest, "package-lock.json": lock}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	vite := []string{
		"package-lock.json", strings.Replace(lock, `"": {},`, `"": {}, "node_modules/vite": {"dev": true},`, 1),
		"index.html", `<body><script type="module" src="/src/web/main.tsx"></script>`,
		"src/web/main.tsx", "import 'tsx'; import x from './part.js'; import './missing'",
		"src/web/part.ts", "import { y } from 'one'; import 'virtual:pages'; import '.'",
		"src/web/index.ts", "import '/src/web/main'",
	}
	for _, tt := range []struct {
		name, blocker string
		prunes        bool
		files         map[string]string
	}{
		{"an app that runs what it built", "", true, files("src/a.ts", "import x from 'express'")},
		{"tools may import tools", "", true, files("vite.config.ts", "import 'tsx'", "vitest.config.e2e.ts", "import 'tsx'", "test/a.js", "require('tsx')", "a.spec.ts", "import 'tsx'", "types.d.ts", "import '@types/node'")},
		{"an import", "src/a.ts imports @types/node, one of them", false, files("src/a.ts", `import type {x} from "@types/node/fs"`)},
		{"a call", "a.js imports tsx, one of them", false, files("a.js", "const x = require( 'tsx' )")},
		{"a lazy import", "a.js imports one, one of them", false, files("a.js", "await import(`one`)")},
		{"a program at the start", "the start script runs tsx, one of them", false,
			files("package.json", `{"scripts": {"start": "npm run a", "prea": "tsx b.ts", "a": "node ."}, "devDependencies": {"tsx": "4"}}`)},
		{"a program by its path", "the start script runs tsx, one of them", false,
			files("package.json", `{"scripts": {"start": "node node_modules/.bin/tsx b"}, "devDependencies": {"tsx": "4"}}`)},
		{"a hook at the start", "the start script names tsx, one of them", false,
			files("package.json", `{"scripts": {"start": "node --import tsx/esm b.ts"}, "devDependencies": {"tsx": "4"}}`)},
		{"a bundle", "", true, files(vite...)},
		{"a bundle of scripts and a server", "", true, files(append(vite, "src/server/main.ts", "import e from 'express'; import fs from 'fs'; import './a.css'; import 'node:path'")...)},
		{"code of the bundle that a server imports", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "src/server/main.ts", "import '../web/main.js'")...)},
		{"code of the bundle that a file beside it imports", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "src/a.ts", "import './web/part'")...)},
		{"another name for a file", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "src/server/main.ts", "import '@/web/main'")...)},
		{"code of the bundle at the start", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "package.json",
			`{"scripts": {"start": "node ./src/web/main.tsx"}, "devDependencies": {"tsx": "4"}}`)...)},
		{"a page without a bundler", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "package-lock.json", lock)...)},
		{"a script that is no module", "src/web/main.tsx imports tsx, one of them", false, files(append(vite, "index.html", `<script src="/src/web/main.tsx"></script>`)...)},
		{"a page without quotes", "", true, files(append(vite, "index.html", `<SCRIPT src='src/web/main.tsx' async type=module></SCRIPT>`)...)},
		{"packages of the app", "package-lock.json links packages of the app", false,
			files("package-lock.json", `{"lockfileVersion": 3, "packages": {"node_modules/a": {"link": true}}}`)},
		{"an old lockfile", "package-lock.json does not tell them", false, files("package-lock.json", `{"lockfileVersion": 1}`)},
		{"another manager", "", false, files("yarn.lock", "")},
		{"no development dependencies", "", false, files("package.json", `{"dependencies": {"a": "1"}}`)},
		{"none in the lockfile", "", false, files("package-lock.json", `{"lockfileVersion": 3, "packages": {}}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd, blocker, err := nodePrune(appOf(t, tt.files, nil))
			if err != nil || blocker != tt.blocker || (cmd != "") != tt.prunes {
				t.Errorf("got %q, %q, %v", cmd, blocker, err)
			}
		})
	}
}
