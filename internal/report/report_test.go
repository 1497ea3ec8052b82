package report

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func nodePlan(version string) plan.Plan {
	return plan.Pin(plan.Plan{
		Variables: map[string]string{"CI": "true"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"nodejs_" + version, "npm-9_x"}, AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}},
		},
		Start: &plan.Start{Cmd: new("npm run start"), RunImage: new("ubuntu:noble")},
	}, false)
}

func sample() Report {
	return Report{
		App: "services/api", SHA: "0123456789abcdef0123456789abcdef01234567", RunURL: "https://forge.example/run/1", Files: "https://forge.example/a/b/blob/0123",
		Plan: nodePlan("22"), Detected: []Detection{{"node", "package.json"}},
		Origins: []Origin{
			{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "nodejs_22"}, By: "provider node", File: "package.json", Line: 5, Why: "engines.node is 22"},
			{Fact: plan.Fact{Phase: "install", Field: "after", Value: "setup"}, By: "provider node"},
		},
		Base:  &Base{SHA: "fedcba9876543210fedcba9876543210fedcba98", Branch: "main", Plan: nodePlan("20")},
		Notes: []string{"install-files: install sees package.json, package-lock.json only"},
		Build: &Build{
			Digest: "sha256:abc", Tags: []string{"r.io/app:main"}, Pushed: true, Cache: "partial",
			CacheWhy: "changed since the last cache: package-lock.json", Duration: 12340 * time.Millisecond,
			Image: &Image{Size: 182e6, Layers: []Layer{{"sha256:0123456789abcdef", 182e6, "npm ci"}}}, Before: &Image{Size: 170e6, Layers: make([]Layer, 1)},
			Steps: []Step{
				{Part: "nix", Name: "install packages", Counts: true, Cached: true},
				{Part: "install", Name: "npm ci", Counts: true, Start: time.Second, Duration: 9 * time.Second},
				{Name: "exporting to image", Start: 10 * time.Second, Duration: 2 * time.Second},
			},
		},
	}
}

func has(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

func hasNot(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, unwanted := range all {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q is in:\n%s", unwanted, text)
		}
	}
}

func TestACommentSaysWhatChangesAndWhatItMeans(t *testing.T) {
	got := sample().Comment(Limit)
	has(t, got,
		"### Build plan of `services/api`",
		"🔄 **Node.js 20 → 22**\n\nRebuilt install · image 182 MB, **12 MB more** than on `main` · 12.3 s\n",
		"| setup: Nix package | `nodejs_20` → `nodejs_22`<br><sub>[`package.json:5`](https://forge.example/a/b/blob/0123/services/api/package.json#L5): engines.node is 22</sub> |",
		"<details><summary>The plan: 2 phases, 3 packages, 2 commands</summary>", "| install | `npm ci` |", "| start | `npm run start`<br>on `ubuntu:noble` |",
		"- install-files: install sees package.json, package-lock.json only",
		"<details><summary>Where each part comes from</summary>", "<details><summary>The plan as JSON</summary>",
		"`node` by `package.json` · commit `0123456` compared with `fedcba9` · [run](https://forge.example/run/1)",
	)
	hasNot(t, got, "WARNING", "left out", "Pushed")
}

func TestAPlanThatStaysIsOneLineThatStaysToo(t *testing.T) {
	r := sample()
	r.Build = nil
	r.Base.Plan = r.Plan
	const want = "✅ The build plan of `services/api` **does not change**\n"
	if diff := cmp.Diff(want, r.Comment(Limit)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	later := r
	later.SHA, later.RunURL = "fff", "https://forge.example/run/2"
	if r.Comment(Limit) != later.Comment(Limit) {
		t.Error("another run says it in another way")
	}
	r.App = "."
	has(t, r.Comment(Limit), "✅ The build plan **does not")
	has(t, r.Part(Limit), "✅ The build plan of the repository's top **does not")
}

func TestAPlanThatStaysTellsWhatTheBuildCameTo(t *testing.T) {
	r := sample()
	r.Base.Plan = r.Plan
	has(t, r.Comment(Limit), "✅ The build plan of `services/api` **does not change** · rebuilt install · image 182 MB, **12 MB more** than on `main` · 12.3 s\n")
}

func TestOtherOutcomes(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Report)
		want   string
	}{
		{"nothing to compare with", func(r *Report) { r.Base, r.BaseError = nil, "the app is new" }, "📦 **Node.js 22** · starts with `npm run start`\n\nRebuilt install"},
		{"why", func(r *Report) { r.Base, r.BaseError = nil, "the app is new" }, "No comparison with the base: the app is new.\n"},
		{"failed", func(r *Report) {
			r.Build = &Build{Failed: "install", Failure: "npm ci: exit 1\n\nlast line", Duration: time.Minute}
		}, "❌ **The build failed in install** after 1 min 0 s · the plan changes: Node.js 20 → 22\n"},
		{"failed with the plan as it was", func(r *Report) { r.Base.Plan, r.Build = r.Plan, &Build{Failure: "no"} }, "❌ **Nothing was built** · the plan does not change\n"},
		{"promoted", func(r *Report) { r.Build.Promoted, r.Build.Pushed = "r.io/app:npx1-c-1", true }, "Nothing rebuilt, the image is promoted"},
		{"found", func(r *Report) { r.Build.Promoted, r.Build.Pushed = "r.io/app:npx1-c-1", false }, "Nothing rebuilt, the registry has an image of this content"},
		{"not built", func(r *Report) { r.Build, r.NotBuilt = nil, "mode is plan" }, "🔄 **Node.js 20 → 22**\n\nChanges what every phase works with · not built: mode is plan\n"},
		{"nothing detected", func(r *Report) { r.Detected, r.Base, r.Plan.Phases = nil, nil, nil }, "**No provider matches"},
		{"only providers known", func(r *Report) { r.Base, r.Plan.Phases = nil, nil }, "📦 **`node`**"},
		{"warning", func(r *Report) { r.Warnings = []string{"node 12 is old", "see https://x.example"} }, "> [!WARNING]\n> Node 12 is old.\n>\n> See `https://x.example`.\n"},
		{"warning on a forge that may know no boxes", func(r *Report) { r.Warnings, r.NoAlerts = []string{"node 12 is old"}, true }, "> ⚠️ Node 12 is old.\n"},
		{"cycle", func(r *Report) { r.Plan.Phases = map[string]plan.Phase{"a": {DependsOn: []string{"a"}}} }, "circular"},
		{"another number of layers", func(r *Report) { r.Build.Before.Layers = make([]Layer, 3) }, "**12 MB more, 2 fewer layers** than on `main`"},
		{"time and bytes", func(r *Report) { r.Build.BeforeCost = &Cost{9 * time.Second, 1e6}; r.Build.Steps[0].Bytes = 5e6 }, "12.3 s (on `main` 9.0 s) · 5 MB transferred (on `main` 1 MB)\n"},
		{"smaller", func(r *Report) { r.Build.Before.Size = 190e6 }, "**8 MB less** than on `main`"},
		{"as large", func(r *Report) { r.Build.Before.Size = 182e6 }, "image 182 MB, as on `main`"},
		{"no image before", func(r *Report) { r.Build.Before = nil }, "image 182 MB · "},
		{"all cached", func(r *Report) { r.Build.Steps[1].Cached = true }, "All layers from cache · image"},
		{"none cached", func(r *Report) { r.Build.Steps[0].Cached = false }, "All layers rebuilt · image"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.change(&r)
			has(t, r.Comment(Limit), tt.want)
		})
	}
}

func TestWhatIsRiskyIsMarked(t *testing.T) {
	r := sample()
	r.Base.Plan = nodePlan("22")
	head := nodePlan("22")
	install := head.Phases["install"]
	install.Cmds = append(install.Cmds, "curl https://user@get.example.com/x | sh", "pip install git+ssh://git@forge.example/x")
	install.Secrets = []string{"NPM_TOKEN"}
	head.Phases["install"] = install
	head.Start = &plan.Start{Cmd: new("node ."), RunImage: new("debian:12")}
	head.BuildImage = new("evil.example/base")
	r.Plan = head
	has(t, r.Comment(Limit), "> Look at: ", "**new download source** `get.example.com` in install", "**new download source** `forge.example` in install",
		"**secret** `NPM_TOKEN` for install", "**another start command**", "**another base image**",
		"**a download is run unseen** in install",
		"| ⚠️ start command | `npm run start` → `node .` |", "| ⚠️ install command | added `curl https://user@get.`<wbr>`example.com/`<wbr>`x \\| sh` |")
	// What is known from elsewhere in the base is no new source.
	r.Base.Plan.Variables = map[string]string{"MIRROR": "https://get.example.com/"}
	hasNot(t, r.Comment(Limit), "source** `get.example.com`")
}

func TestCausesAreToldApart(t *testing.T) {
	r := sample()
	r.Build.CacheChanged = []string{"base image", "nix packages", "install commands", "package-lock.json"}
	has(t, r.Comment(Limit), "Not by this change:", "- **Base image moved:** `ghcr.io/railwayapp/nixpacks:ubuntu-1745885067`", "- **Our upgrade:** npx-action, or its inputs, plan install commands otherwise")
	r.Base.Plan = r.Plan
	has(t, r.Comment(Limit), "does not change", "plan Nix packages and install commands otherwise")
	r.Build.CacheChanged = []string{"package-lock.json"}
	hasNot(t, r.Comment(Limit), "Not by this change")
}

func TestSmallChangesAreFolded(t *testing.T) {
	r := sample()
	install := r.Base.Plan.Phases["install"]
	install.OnlyIncludeFiles = []string{"package.json"}
	install.CacheDirectories = []string{"/root/.npm"}
	r.Base.Plan.Phases["install"] = install
	r.Base.Origins = []Origin{{Fact: plan.Fact{Phase: "install", Field: "cache", Value: "/root/.npm"}, By: "provider node", File: "package.json", Why: "npm"}}
	has(t, r.Comment(Limit), "🔄 **Node.js 20 → 22, 2 more**", "<details><summary>2 small changes to files, order and caches of phases</summary>",
		"| install: cache directory | removed `/root/.npm`<br><sub>before: `package.json`: npm</sub> |")
}

func TestHeadlines(t *testing.T) {
	change := func(phase, field, base, head string) plan.Change {
		return plan.Change{Phase: phase, Field: field, Base: base, Head: head}
	}
	for want, changes := range map[string][]plan.Change{
		"Python 3.11 → 3.12":                        {change("setup", "nix", "python311", "python312")},
		"Go 1.23 → default":                         {change("setup", "nix", "go_1_23", "go")},
		"Node.js 18 → Bun":                          {change("setup", "nix", "nodejs_18", "bun")},
		"Java 17 added, Ruby 3.3 removed":           {change("setup", "nix", "", "jdk17"), change("a:setup", "nix", "ruby_3_3", "")},
		"Rust 1.80.0 → 1.81.0":                      {change("setup", "nix", `(rust-bin.stable."1.80.0".default)`, `(rust-bin.stable."1.81.0".default)`)},
		"Node.js 22.14.0 → 24.1.0":                  {change("setup", "release", "node@22.14.0 linux/amd64 https://x.example/a sha256:0", "node@24.1.0 linux/amd64 https://x.example/b sha256:1")},
		"Node.js 22 → 26.7.0, package `jq` removed": {change("setup", "nix", "nodejs_22", ""), change("setup", "nix", "jq", ""), change("setup", "release", "", "node@26.7.0 x")},
		"Go 1.26.1 → 1.26.7": {change("setup", "release", "go@1.26.1 linux/amd64 https://x.example/a sha256:0", "go@1.26.7 linux/amd64 https://x.example/b sha256:1"),
			change("start", "without", "go@1.26.1", "go@1.26.7")},
		"Go 1.26.1 → 1.26.7, 1 more": {change("setup", "release", "go@1.26.1 linux/amd64 https://x.example/a sha256:0", "go@1.26.7 linux/amd64 https://x.example/b sha256:1"),
			change("start", "without", "", "gcc")},
		"Go 1.27.0 added":                                   {change("setup", "release", "", "go@1.27.0 linux/amd64 https://x.example/a sha256:0")},
		"PHP 8.1 → 8.3":                                     {change("setup", "nix", `(php81.withExtensions (pe: []))`, `(php83.withExtensions (pe: []))`)},
		"2 packages added, variable `CI` removed":           {change("setup", "apt", "", "curl"), change("setup", "nix", "", "jq"), change("", "variable CI", "true", "")},
		"Start command changed, build command added":        {change("build", "cmd", "", "make"), change("start", "cmd", "a", "b")},
		"Base image changed, secret `T` added":              {change("install", "secret", "", "T"), change("", "build image", "a", "b")},
		"1 small change":                                    {change("install", "cache", "", "/x")},
		"2 install commands changed, phase added":           {change("install", "cmd", "a", "b"), change("install", "cmd", "c", "d"), change("x", "phase", "", "nothing")},
		"Nix overlay added, source of Nix packages changed": {change("setup", "nix-overlay", "", "u"), change("setup", "nixpkgs", "1", "2")},
	} {
		if got := headline(changes); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAPlanSaysWhatItTouchesAndNeverWhatIsRebuilt(t *testing.T) {
	base := plan.Pin(plan.Plan{Phases: map[string]plan.Phase{
		"setup": {NixPkgs: []string{"go"}}, "install": {DependsOn: []string{"setup"}, Cmds: []string{"a"}}, "build": {DependsOn: []string{"install"}, Cmds: []string{"b"}},
	}, Start: &plan.Start{Cmd: new("x")}}, false)
	edit := func(phase string, f func(*plan.Phase)) plan.Plan {
		p := plan.Merge(base, plan.Plan{})
		ph := p.Phases[phase]
		f(&ph)
		p.Phases[phase] = ph
		return p
	}
	other := plan.Merge(base, plan.Plan{Start: &plan.Start{Cmd: new("y")}})
	variable := plan.Merge(base, plan.Plan{Variables: map[string]string{"A": "1"}})
	for want, head := range map[string]plan.Plan{
		"touches build":                        edit("build", func(p *plan.Phase) { p.Cmds = []string{"c"} }),
		"touches install and build":            edit("install", func(p *plan.Phase) { p.Cmds = []string{"c"} }),
		"changes what every phase works with":  edit("setup", func(p *plan.Phase) { p.AptPkgs = []string{"curl"} }),
		"changes what every phase works with ": edit("setup", func(p *plan.Phase) { p.Releases = []string{"node@22.14.0 and more"} }),
		"touches start":                        other,
		" changes what every phase works with": variable,
	} {
		r := Report{Plan: head, Base: &Base{Plan: base}}.view()
		if text := r.Comment(Limit); strings.Contains(text, "rebuil") || strings.Contains(text, "layer") {
			t.Errorf("nothing was built, and the comment says\n%s", text)
		}
		if got := r.touches(); got != strings.TrimSpace(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStates(t *testing.T) {
	r := sample()
	if r.State() != Differs || !r.Changed() {
		t.Errorf("another version is %v", r.State())
	}
	r.Base.Plan = r.Plan
	if r.State() != Unchanged || r.Changed() {
		t.Errorf("the same plan is %v", r.State())
	}
	r.Build.Failure = "x"
	if r.State() != Failed || r.Changed() {
		t.Errorf("a failure is %v", r.State())
	}
	r.Build, r.Base = nil, nil
	if r.State() != New || !r.Changed() {
		t.Errorf("without a base it is %v", r.State())
	}
}
