package providers

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/store"
)

// newest is an app of the newest edition, as of the first day of the catalogue.
func newest(t *testing.T, files repo, vars plan.Vars) App {
	t.Helper()
	app := appOf(t, files, vars)
	c, err := catalogue.Open(catalogue.Options{Date: catalogue.Began})
	if err != nil {
		t.Fatal(err)
	}
	app.Edition, app.Catalogue = rules.Newest, c
	return app
}

func TestTheVersionOfAnApp(t *testing.T) {
	engines := func(text string) string { return `{"engines": {"node": "` + text + `"}}` }
	lock := func(engine string) string {
		return `{"packages": {"": {"dependencies": {"next": "1"}}, "node_modules/next": {"version": "16.0.1", "engines": {"node": "` + engine + `"}}}}`
	}
	dead := "node 20 ended on 2026-04-30 and gets no fixes; the newest that is advised is 26.7.0"
	for _, tt := range []struct {
		name     string
		tool     string
		files    repo
		vars     plan.Vars
		want     string // version and place
		why      string
		warnings []string
	}{
		{"nothing", "node", repo{"package.json": "{}"}, nil, "26.7.0 nodejs.org/dist/v26.7.0/node-v26.7.0-linux-x64.tar.gz", "no version is asked for, which gives 26.7.0", nil},
		{"what the packages allow", "node", repo{"package-lock.json": lock("^20.19.0 || ^22.12.0 || ^24")}, nil, "24.19.0 nodejs.org/dist/v24.19.0/node-v24.19.0-linux-x64.tar.gz",
			"no version is asked for, which gives 24.19.0", nil},
		{"packages that ask for what has ended", "node", repo{"package-lock.json": lock("^18")}, nil, "26.7.0 nodejs.org/dist/v26.7.0/node-v26.7.0-linux-x64.tar.gz",
			"no version is asked for, which gives 26.7.0", []string{"next 16.0.1 (package-lock.json) asks for node ^18, which 26.7.0 is not"}},
		{"an exact version", "node", repo{".nvmrc": "v22.14.0"}, nil, "22.14.0 nodejs.org/dist/v22.14.0/node-v22.14.0-linux-x64.tar.gz", `it asks for "v22.14.0", which gives 22.14.0`, nil},
		{"a range", "node", repo{"package.json": engines("^20.19.0 || >=22.12.0")}, nil, "26.7.0 nodejs.org/dist/v26.7.0/node-v26.7.0-linux-x64.tar.gz",
			`engines.node is "^20.19.0 || >=22.12.0", which gives 26.7.0`, nil},
		{"an ended line that another place asks for", "node", repo{"package.json": engines(">=20"), "mise.toml": "[tools]\nnode = '20'\n"}, nil,
			"20.20.2 nodejs.org/dist/v20.20.2/node-v20.20.2-linux-x64.tar.gz", `engines.node is ">=20", which gives 20.20.2; it goes before mise.toml (tools.node), "20"`, []string{dead}},
		{"a line, narrowed elsewhere", "node", repo{".nvmrc": "24", "package.json": engines("<24.10")}, nil, "24.9.0 nodejs.org/dist/v24.9.0/node-v24.9.0-linux-x64.tar.gz",
			`it asks for "24", which gives 24.9.0; it goes before package.json (engines.node), "<24.10"`, nil},
		{"contradiction", "node", repo{".nvmrc": "20", "package.json": engines(">=22")}, nil, "20.20.2 nodejs.org/dist/v20.20.2/node-v20.20.2-linux-x64.tar.gz",
			`it asks for "20", which gives 20.20.2; it goes before package.json (engines.node), ">=22"`,
			[]string{dead, "package.json (engines.node) asks for node >=22, which 20.20.2 is not"}},
		{"a name", "node", repo{".nvmrc": "lts/krypton"}, nil, "24.19.0 nodejs.org/dist/v24.19.0/node-v24.19.0-linux-x64.tar.gz", `it asks for "lts/krypton", which gives 24.19.0`, nil},
		{"what nixpkgs lacks", "node", repo{".nvmrc": "24.17.0"}, nil, "24.17.0 nodejs.org/dist/v24.17.0/node-v24.17.0-linux-x64.tar.gz",
			`it asks for "24.17.0", which gives 24.17.0`, nil},
		{"a newer patch", "python", repo{".python-version": "3.11.2"}, nil,
			"3.11.16 github.com/astral-sh/python-build-standalone/releases/download/20260814/cpython-3.11.16%2B20260814-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz",
			`it asks for "3.11.2", which gives 3.11.16`,
			[]string{"python 3.11.2 was asked for and 3.11.16 is given: the catalogue of 2026-11-28 lacks that version, and this one is newer in the same line"}},
		{"the least", "go", repo{"go.mod": "module x\ngo 1.24.3\n"}, nil, "1.26.7 go.dev/dl/go1.26.7.linux-amd64.tar.gz", `go is "1.24.3", which gives 1.26.7`, nil},
		{"the least that is new", "go", repo{"go.mod": "module x\ngo 1.27\n"}, nil, "1.27.0 go.dev/dl/go1.27.0.linux-amd64.tar.gz", `go is "1.27", which gives 1.27.0`, nil},
		{"a toolchain", "go", repo{"go.mod": "module x\ngo 1.24.3\ntoolchain go1.26.4\n"}, nil, "1.26.4 go.dev/dl/go1.26.4.linux-amd64.tar.gz",
			`toolchain is "go1.26.4", which gives 1.26.4; it goes before go.mod (go), "1.24.3"`, nil},
		{"a variable", "go", repo{"go.mod": "module x\ngo 1.24.3\n"}, plan.Vars{"NIXPACKS_GO_VERSION": "1.27"}, "1.27.0 go.dev/dl/go1.27.0.linux-amd64.tar.gz",
			`the variable NIXPACKS_GO_VERSION is "1.27", which gives 1.27.0; it goes before go.mod (go), "1.24.3"`, nil},
		{"an exact version of a tool manager", "go", repo{"go.mod": "module x\ngo 1.24\n", "mise.toml": "[tools]\ngo = '1.26.1'\n"}, nil, "1.26.1 go.dev/dl/go1.26.1.linux-amd64.tar.gz",
			`tools.go is "1.26.1", which gives 1.26.1; it goes before go.mod (go), "1.24"`, nil},
		{"one that is too old", "go", repo{"go.mod": "module x\ngo 1.26\n", "mise.toml": "[tools]\ngo = '1.25.3'\n"}, nil, "1.26.7 go.dev/dl/go1.26.7.linux-amd64.tar.gz",
			`go is "1.26", which gives 1.26.7; it goes before mise.toml (tools.go), "1.25.3"`, []string{"mise.toml (tools.go) asks for go 1.25.3, which 1.26.7 is not"}},
		{"one that cannot be had", "go", repo{"go.mod": "module x\ngo 1.24\n", "mise.toml": "[tools]\ngo = '1.27.1'\n"}, nil, "1.26.7 go.dev/dl/go1.26.7.linux-amd64.tar.gz",
			`go is "1.24", which gives 1.26.7; it goes before mise.toml (tools.go), "1.27.1"`, []string{"mise.toml (tools.go) asks for go 1.27.1, which 1.26.7 is not"}},
		{"no module", "go", repo{"main.go": ""}, nil, "1.26.7 go.dev/dl/go1.26.7.linux-amd64.tar.gz", "no version is asked for, which gives 1.26.7", nil},
	} {
		got, err := choose(newest(t, tt.files, tt.vars), tt.tool)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		r, err := store.ParseRelease(got.release)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if place := r.Version + " " + strings.TrimPrefix(r.URL, "https://"); place != tt.want || got.version != r.Version || got.why.why != tt.why {
			t.Errorf("%s: %s by %q, want %s by %q", tt.name, place, got.why.why, tt.want, tt.why)
		}
		if diff := cmp.Diff(tt.warnings, got.warnings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestAVersionThatCannotBeHad(t *testing.T) {
	for _, tt := range []struct {
		tool   string
		files  repo
		vars   plan.Vars
		strict bool
		want   string
	}{
		{"node", repo{".nvmrc": "\n20.99.0"}, nil, false, "reading .nvmrc:2: choosing node: 20.99.0 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 21.0.0, 20.20.2, 26.7.0, 24.19.0, 22.23.2"},
		{"python", repo{".python-version": "3.11.2"}, nil, true, "reading .python-version:1: choosing python: 3.11.2 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 3.11.3, 3.11.1, 3.14.7, 3.13.15, 3.12.14, 3.11.16"},
		{"node", repo{"package.json": `{"engines": {"node": ">=40"}}`}, nil, false, "reading package.json:1: choosing node: >=40 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"node", repo{}, plan.Vars{"NIXPACKS_NODE_VERSION": "40"}, false, "reading the variable NIXPACKS_NODE_VERSION: choosing node: 40 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"go", repo{"go.mod": "module x\ngo 1.99\n"}, nil, false, "reading go.mod:2: choosing go: 1.99 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 1.27.0, 1.26.7"},
	} {
		app := newest(t, tt.files, tt.vars)
		app.Strict = tt.strict
		if _, err := choose(app, tt.tool); err == nil || err.Error() != tt.want {
			t.Errorf("%v: %v\nwant %s", tt.files, err, tt.want)
		}
	}
}

// TestChoicesAreNeverOlderNorDeadNorPrereleases makes manifests by chance.
func TestChoicesAreNeverOlderNorDeadNorPrereleases(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 600 {
		major, minor := 12+r.IntN(16), r.IntN(25)
		asked := fmt.Sprintf("%d.%d.0", major, minor)
		form := []string{"%s", "^%s", "~%s", ">=%s", "%s || >=22"}[r.IntN(5)]
		files := repo{".nvmrc": fmt.Sprint(major), "package.json": `{"engines": {"node": "` + fmt.Sprintf(form, asked) + `"}}`}
		if r.IntN(2) == 0 {
			delete(files, ".nvmrc")
		}
		got, err := choose(newest(t, files, nil), "node")
		if err != nil {
			continue // says what can be had
		}
		least := asked
		if files[".nvmrc"] != "" {
			least = files[".nvmrc"]
		} else if strings.Contains(form, "||") && major > 22 {
			least = "22"
		}
		if ranges.Compare(got.version, least) < 0 || ranges.Prerelease(got.version) {
			t.Errorf("%v gives %s", files, got.version)
		}
		line := ranges.Leading(got.version, 1)
		dead := !slices.Contains([]string{"22", "24", "26"}, line)
		if told := slices.ContainsFunc(got.warnings, func(w string) bool { return strings.Contains(w, " ended on ") }); told != dead {
			t.Errorf("%v gives %s, with %q", files, got.version, got.warnings)
		}
		if dead && files[".nvmrc"] == "" && (form == ">=%s" || strings.Contains(form, "||")) && ranges.Compare("26.7.0", asked) >= 0 {
			t.Errorf("%v gives %s, which nobody asked for", files, got.version)
		}
	}
}

// packedPackage is what a command fetches, checks and installs.
var packedPackage = regexp.MustCompile(`^cd /tmp && npm pack --silent (\S+) && .*sum --check && `)

func TestPackageManagersOfTheNewestEdition(t *testing.T) {
	manager := func(text string) string { return `{"packageManager": "` + text + `"}` }
	const install, beside = "npm install -g --prefix /usr ", "npm install -g --prefix /opt/npm "
	for _, tt := range []struct {
		name  string
		files repo
		cmds  []string
		pkgs  []string
	}{
		{"npm", repo{"package.json": "{}", "package-lock.json": `{"lockfileVersion": 1}`}, []string{"npm ci"}, nil},
		{"npm by name", repo{"package.json": manager("npm@10.1.0")}, []string{beside + "npm@10.1.0", "npm i"}, nil},
		{"pnpm", repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, []string{install + "pnpm@9.15.9", "pnpm i --frozen-lockfile"}, nil},
		{"an old pnpm", repo{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, []string{install + "pnpm@7.33.7", "pnpm i --frozen-lockfile"}, nil},
		{"pnpm by name", repo{"package.json": manager("pnpm@10.1.0+sha1.0000000000000000000000000000000000000000"), "pnpm-lock.yaml": ""}, []string{install + "pnpm@10.1.0", "pnpm i --frozen-lockfile"}, nil},
		{"yarn", repo{"package.json": "{}", "yarn.lock": ""}, []string{install + "yarn@1.22.22", "yarn install --frozen-lockfile"}, nil},
		{"yarn 1 by name", repo{"package.json": manager("yarn@1.22.19"), "yarn.lock": ""}, []string{install + "yarn@1.22.19", "yarn install --frozen-lockfile"}, nil},
		{"yarn 4 by name", repo{"package.json": manager("yarn@4.9.2"), "yarn.lock": "", ".yarnrc.yml": ""}, []string{install + "@yarnpkg/cli-dist@4.9.2", "yarn install --immutable"}, nil},
		{"yarn 4 without settings", repo{"package.json": manager("yarn@4.9.2"), "yarn.lock": ""}, []string{install + "@yarnpkg/cli-dist@4.9.2", "yarn install --immutable"}, nil},
		{"yarn without a lockfile", repo{"package.json": manager("yarn@4.9.2")}, []string{install + "@yarnpkg/cli-dist@4.9.2", "YARN_ENABLE_IMMUTABLE_INSTALLS=false yarn install"}, nil},
		{"pnpm without a lockfile", repo{"package.json": manager("pnpm@10.1.0")}, []string{install + "pnpm@10.1.0", "pnpm i"}, nil},
		{"npm's other lockfile", repo{"package.json": "{}", "npm-shrinkwrap.json": "{}"}, []string{"npm ci"}, nil},
		{"another's lockfile", repo{"package.json": manager("npm@10.1.0"), "yarn.lock": ""}, []string{beside + "npm@10.1.0", "npm i"}, nil},
		{"bun", repo{"package.json": "{}", "bun.lock": ""}, []string{"bun install --frozen-lockfile"}, []string{"bun"}},
		{"bun's binary lockfile", repo{"package.json": "{}", "bun.lockb": ""}, []string{"bun install --frozen-lockfile"}, []string{"bun"}},
		{"bun without a lockfile", repo{"package.json": `{"packageManager": "bun@1.3.13", "dependencies": {"hono": "4"}}`}, []string{"bun install"}, []string{"bun"}},
		{"bun that nixpkgs lacks", repo{"package.json": "{}", "bun.lock": "", ".bun-version": "1.3.14"}, []string{install + "@oven/bun-linux-x64@1.3.14", "bun install --frozen-lockfile"}, nil},
		{"the newest bun", repo{"package.json": "{}", "mise.toml": "[tools]\nbun = 'latest'\n", "bun.lock": ""}, []string{install + "@oven/bun-linux-x64@1.4.5", "bun install --frozen-lockfile"}, nil},
		{"bun that nobody knows", repo{"package.json": manager("bun@1.99.0")}, []string{install + "bun@1.99.0", "bun install"}, nil},
		{"bun that is not run", repo{"package.json": "{}", "mise.toml": "[tools]\nbun = 'latest'\n"}, []string{"npm i"}, nil},
		{"bun beside npm's lock", repo{"package.json": "{}", "bun.lock": "", "package-lock.json": ""}, []string{"bun install --frozen-lockfile"}, []string{"bun"}},
		{"bun in engines", repo{"package.json": `{"engines": {"bun": "1"}, "dependencies": {"hono": "4"}}`}, []string{"bun install"}, []string{"bun"}},
		{"bun beside node in engines", repo{"package.json": `{"engines": {"node": ">=22", "bun": "1"}}`}, []string{"npm i"}, []string{"bun"}},
		{"pnpm in engines", repo{"package.json": `{"engines": {"node": "26", "npm": "please-use-pnpm", "pnpm": "8.15.9"}}`}, []string{install + "pnpm@8.15.9", "pnpm i"}, nil},
		{"two in engines", repo{"package.json": `{"engines": {"npm": ">=9", "pnpm": ">=8"}}`}, []string{"npm i"}, nil},
		{"pnpm in devEngines", repo{"package.json": `{"devEngines": {"packageManager": {"name": "pnpm", "version": "10.1.0"}}}`}, []string{install + "pnpm@10.1.0", "pnpm i"}, nil},
		{"yarn in volta", repo{"package.json": `{"volta": {"node": "26.7.0", "yarn": "1.22.19"}}`}, []string{install + "yarn@1.22.19", "YARN_ENABLE_IMMUTABLE_INSTALLS=false yarn install"}, nil},
		{"engines beside a lockfile", repo{"package.json": `{"engines": {"pnpm": "8.15.9"}}`, "package-lock.json": "{}"}, []string{"npm ci"}, nil},
		{"bun's version", repo{"package.json": "{}", ".bun-version": "1.2"}, []string{install + "@oven/bun-linux-x64@1.2.23", "npm i"}, nil},
		{"bun's settings", repo{"package.json": "{}", "bunfig.toml": "", "package-lock.json": ""}, []string{"npm ci"}, []string{"bun"}},
		{"a script on bun", repo{"package.json": `{"scripts": {"start": "cross-env A=1 bun run a.ts"}}`}, []string{"npm i"}, []string{"bun"}},
		{"a script in a script", repo{"package.json": `{"scripts": {"build": "concurrently 'bunx vite build'"}}`}, []string{"npm i"}, []string{"bun"}},
		{"a file called bun", repo{"package.json": `{"scripts": {"build": "esbuild --outfile=dist/bun && cp a ./bun"}}`}, []string{"npm i"}, nil},
	} {
		out := mustPlan(t, nodeProvider, newest(t, tt.files, nil))
		cmds := out.Plan.Phases["install"].Cmds
		if packed := packedPackage.FindStringSubmatch(cmds[0]); packed != nil {
			to := install
			if strings.Contains(cmds[0], beside) {
				to = beside
			}
			cmds[0] = to + packed[1]
		}
		diffOf(t, tt.name, tt.cmds, cmds)
		diffOf(t, tt.name, tt.pkgs, out.Plan.Phases["setup"].NixPkgs)
		if releases := out.Plan.Phases["setup"].Releases; len(releases) != 1 || !strings.HasPrefix(releases[0], "node@26.7.0 ") {
			t.Errorf("%s: releases %q", tt.name, releases)
		}
	}
}

func TestBunAloneNeedsNoNode(t *testing.T) {
	const bun = `"engines": {"bun": ">=1.0.0"}`
	for _, tt := range []struct {
		name  string
		files repo
		alone bool
	}{
		{"nothing of Node", repo{"package.json": `{` + bun + `, "scripts": {"start": "bun app.js"}}`}, true},
		{"a script of Node", repo{"package.json": `{` + bun + `, "scripts": {"start": "bun app.js", "build": "node build.js"}}`}, false},
		{"a version of Node", repo{"package.json": `{` + bun + `}`, ".nvmrc": "22"}, false},
		{"packages", repo{"package.json": `{` + bun + `, "dependencies": {"hono": "4"}}`}, false},
		{"another Bun", repo{"package.json": `{"engines": {"bun": ">=1.4"}}`}, false},
		{"workspaces", repo{"package.json": `{` + bun + `, "workspaces": ["a"]}`}, false},
		{"a lockfile", repo{"package.json": `{` + bun + `}`, "bun.lock": ""}, false},
		{"npm", repo{"package.json": `{"scripts": {"start": "bun app.js"}}`}, false},
	} {
		out := mustPlan(t, nodeProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		if alone := len(setup.Releases) == 0; alone != tt.alone || alone && (!slices.Equal(setup.NixPkgs, []string{"bun"}) || setup.NixpkgsArchive == nil) {
			t.Errorf("%s: %q and %q", tt.name, setup.Releases, setup.NixPkgs)
		}
	}
	testWeb(t, []webCase{{name: "explained", files: repo{"package.json": `{` + bun + `, "scripts": {"start": "bun app.js"}}`}, start: "bun run start"}})
}

func TestAReleaseOfNodeHasTheLibrariesThatItLoads(t *testing.T) {
	for version, want := range map[string][]string{"26": {"libatomic1"}, "24": nil, "22": nil} {
		p := mustPlan(t, nodeProvider, newest(t, repo{"package.json": `{"engines": {"node": "` + version + `"}}`}, nil)).Plan.Phases["setup"]
		if len(p.Releases) != 1 || !slices.Equal(p.AptPkgs, want) {
			t.Errorf("Node %s: %q with %q, want %q", version, p.Releases, p.AptPkgs, want)
		}
	}
}

// TestTheArchiveOfAnEditionIsInTheCatalogue holds the hash that stands beside the commit to the catalogue's.
func TestTheArchiveOfAnEditionIsInTheCatalogue(t *testing.T) {
	all, err := ownCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range nixpkgs {
		if hash, err := all.Hash(row.data.Commit); err != nil || hash != row.data.NAR {
			t.Errorf("%s has %q in the catalogue: %v", row.data.Commit, hash, err)
		}
	}
}
