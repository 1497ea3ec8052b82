package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/org/npx-action/internal/plan"
)

func nodePlan(archive string) plan.Plan {
	return plan.Pin(plan.Plan{
		Variables: map[string]string{"CI": "true"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"nodejs_" + archive, "npm-9_x"}, AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}},
		},
		Start: &plan.Start{Cmd: new("npm run start"), RunImage: new("ubuntu:noble")},
	}, false)
}

func sample() Report {
	return Report{
		App: "services/api", SHA: "0123456789abcdef", RunURL: "https://forge.example/run/1",
		Plan: nodePlan("22"), Detected: []Detection{{"node", "package.json"}},
		Origins: []Origin{
			{plan.Fact{Phase: "setup", Field: "nix", Value: "nodejs_22"}, "package.json:5: engines.node is 22"},
			{plan.Fact{Phase: "install", Field: "after", Value: "setup"}, "provider node"},
		},
		Base:  &Base{SHA: "fedcba9876543210", Plan: nodePlan("20")},
		Notes: []string{"install-files: install sees package.json, package-lock.json only"},
		Build: &Build{Digest: "sha256:abc", Tags: []string{"r.io/app:main"}, Pushed: true, Cache: "partial",
			CacheWhy: "changed since the last cache: package-lock.json", Steps: 12, Cached: 7, Duration: 12340 * time.Millisecond},
	}
}

func TestMarkdownSaysWhatIsBuiltAndWhatChanged(t *testing.T) {
	got := sample().Markdown(Limit)
	for _, want := range []string{
		"### Build plan of `services/api`", "**node** because of `package.json`", "**The plan changes** since `fedcba9`",
		"| `setup` | `nix` | `nodejs_20` | `nodejs_22` | `package.json:5: engines.node is 22` |", "| `install` |  | `npm ci` |", "| start | on `ubuntu:noble` | `npm run start` |",
		"**Built** in 12.3s, 7 of 12 steps cached; dependency cache: **partial**", "Pushed `r.io/app:main` as `sha256:abc`",
		"install sees package.json", "<details><summary>Full plan</summary>",
		"<details><summary>Where each part comes from</summary>", "| `setup` | `nix` | `nodejs_22` | `package.json:5: engines.node is 22` |", "commit `0123456` · [run](https://forge.example/run/1)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}

func TestMarkdownOfOtherOutcomes(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Report)
		want   string
	}{
		{"same plan", func(r *Report) { r.Base.Plan = r.Plan }, "**No change** to the plan since `fedcba9`"},
		{"no base", func(r *Report) { r.Base, r.BaseError = nil, "the app is new" }, "No comparison with the base: `the app is new`"},
		{"failed", func(r *Report) { r.Build = &Build{Failure: "npm ci: exit 1\n\nlast line"} }, "**The build failed**"},
		{"not pushed", func(r *Report) { r.Build.Pushed, r.Build.NotPush = false, "push is false" }, "Not pushed: `push is false`"},
		{"not built", func(r *Report) { r.Build, r.NotBuilt = nil, "mode is plan" }, "Not built: `mode is plan`"},
		{"nothing detected", func(r *Report) { r.Detected = nil }, "**No provider matched**"},
		{"warning", func(r *Report) { r.Warnings = []string{"node 12 is old"} }, "`node 12 is old`"},
		{"cycle", func(r *Report) {
			r.Plan.Phases = map[string]plan.Phase{"a": {DependsOn: []string{"a"}}}
		}, "circular"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sample()
			tt.change(&r)
			if got := r.Markdown(Limit); !strings.Contains(got, tt.want) {
				t.Errorf("%q is missing in:\n%s", tt.want, got)
			}
		})
	}
}

func TestChanged(t *testing.T) {
	r := sample()
	if !r.Changed() {
		t.Error("another version is no change")
	}
	r.Base.Plan = r.Plan
	if r.Changed() {
		t.Error("the same plan is a change")
	}
	r.Base = nil
	if !r.Changed() {
		t.Error("without a base there is nothing to be equal to")
	}
}

func TestMarkdownStaysBelowItsLimitAndSaysWhatItLeavesOut(t *testing.T) {
	r := sample()
	setup := r.Plan.Phases["setup"]
	for range 3000 {
		setup.AptPkgs = append(setup.AptPkgs, "a-package-with-a-long-name")
	}
	r.Plan.Phases["setup"] = setup
	r.Origins = nil
	for _, limit := range []int{Limit, 20_000, 1000} {
		got := r.Markdown(limit)
		if len(got) > limit {
			t.Errorf("%d bytes are over the limit of %d", len(got), limit)
		}
		if !strings.Contains(got, "left out") && !strings.Contains(got, "too long") {
			t.Errorf("limit %d: nothing says that something is missing", limit)
		}
	}
}

func TestTheFullPlanOutlivesTheOriginsInAShortComment(t *testing.T) {
	r := sample()
	for range 400 {
		r.Origins = append(r.Origins, r.Origins[0])
	}
	got := r.Markdown(20_000)
	if strings.Contains(got, "Where each part") || !strings.Contains(got, "Full plan") {
		t.Errorf("%d bytes: %s", len(got), got[:2000])
	}
}

// hostile is what somebody could name a package, a command or a branch.
var hostile = []string{
	"@all please", "#1", `a\|@b|c`, "`code`", "``` \n# heading\n```", "</details><img src=x>", "a|b|c", "/merge\n/approve", "<!-- npx-action v=1 -->",
	"![x](https://evil.example/x.png)", "[x](javascript:1)", "\u202eevil\u2066", "\x1b[31mred\x00", "-->\n::error::x", "~~~\nx", "````````", "",
}

func TestMarkdownKeepsForeignTextInCode(t *testing.T) {
	for _, evil := range hostile {
		p := nodePlan("22")
		p.Variables = map[string]string{evil: evil}
		p.Phases[evil+"x"] = plan.Phase{Cmds: []string{evil}, NixPkgs: []string{evil}}
		p.Start.Cmd = &evil
		r := Report{App: evil, SHA: "abc", Plan: p, Detected: []Detection{{"node", evil}}, Notes: []string{evil}, Warnings: []string{evil},
			Origins: []Origin{{plan.Fact{Phase: evil, Field: evil, Value: evil}, evil}},
			Base:    &Base{SHA: "def", Plan: nodePlan("20")}, BaseError: evil,
			Build: &Build{Failure: evil + "\nmore", CacheWhy: evil, Groups: []Group{{Name: evil}}}}
		check(t, evil, r.Markdown(Limit))
		r.Build = &Build{Tags: []string{evil}, Digest: evil, Pushed: true, Cache: "none", CacheWhy: evil}
		check(t, evil, r.Markdown(Limit))
	}
}

// check parses a comment as a forge does and looks for anything outside code that is not ours.
func check(t *testing.T, evil, markdown string) {
	t.Helper()
	src := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(src))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock, *ast.CodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Image, *ast.AutoLink:
			t.Errorf("%q becomes a %s", evil, n.Kind())
		case *ast.Link:
			t.Errorf("%q becomes a link to %s", evil, n.Destination)
		case *ast.Text:
			if got := n.Segment.Value(src); bytes.ContainsAny(got, "@#\x1b\x00") || bytes.Contains(got, []byte("/merge")) {
				t.Errorf("%q is outside code: %q", evil, got)
			}
		case *ast.Heading:
			if n.Level != 3 {
				t.Errorf("%q becomes a heading", evil)
			}
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				seg := n.Segments.At(i)
				html(t, evil, string(seg.Value(src)))
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				seg := n.Lines().At(i)
				html(t, evil, string(seg.Value(src)))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(markdown, "\x00\x1b\u202e\u2066") {
		t.Errorf("%q keeps control characters", evil)
	}
}

// ours are the only tags that a comment holds.
var ours = strings.NewReplacer("<details>", "", "</details>", "", "<summary>", "", "</summary>", "", "Full plan", "", "Where each part comes from", "", "Timeline", "",
	"<br>", "", "<sub>", "", "</sub>", "", "commit `abc`", "")

func html(t *testing.T, evil, raw string) {
	t.Helper()
	if rest := strings.TrimSpace(ours.Replace(raw)); rest != "" {
		t.Errorf("%q becomes HTML: %q", evil, rest)
	}
}

func TestAPromotedImageIsNotCalledBuilt(t *testing.T) {
	r := Report{Build: &Build{
		Promoted: "ghcr.io/acme/shop:npx1-c-linux-amd64-0", Digest: "sha256:1", Tags: []string{"ghcr.io/acme/shop:v1"}, Pushed: true,
		Duration: 400 * time.Millisecond, Cache: "exact",
	}}
	got := r.build()
	for _, want := range []string{"**Promoted** in 400ms", "`ghcr.io/acme/shop:npx1-c-linux-amd64-0`", "Pushed `ghcr.io/acme/shop:v1` as `sha256:1`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Contains(got, "**Built**") || strings.Contains(got, "steps cached") {
		t.Errorf("it tells of a build:\n%s", got)
	}
}
