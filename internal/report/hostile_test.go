package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/org/npx-action/internal/plan"
)

// hostile is what somebody could name a package, a command or a branch.
var hostile = []string{
	"@all please", "#1", `a\|@b|c`, "`code`", "``` \n# heading\n```", "</details><img src=x>", "a|b|c", "/merge\n/approve", "<!-- npx-action v=1 -->",
	"![x](https://evil.example/x.png)", "[x](javascript:1)", "\u202eevil\u2066", "\x1b[31mred\x00", "-->\n::error::x", "~~~\nx", "````````", "",
	`say "hello @all" twice`, `a "b`, `"`, "www.evil.example", "GH-1 and ABC-12", "0123456789abcdef", "mailto:x@evil.example", "https://evil.example", ":tada:",
	"a\u00a0@all", "- [ ] x", "1. x", "+ x", "> x", "***x***", "__x__", "&#64;all", "\\@all", "x\u2028@all", "!1 ~bug %1 $1 &1", "\u200b@all", "=== x", "\x85::error::x",
	"`\n\n</details>\n\n@all `", "**a** `@b", "a`` @all ``b`", "</b>\n/approve\n</b>\n/merge",
}

// hostileReports are all shapes of a report, with the text wherever one can be.
func hostileReports(evil string) []Report {
	p := nodePlan("22")
	p.Variables = map[string]string{evil: evil}
	p.StaticAssets = map[string]string{evil: evil}
	p.Phases[evil+"x"] = plan.Phase{Cmds: []string{evil}, NixPkgs: []string{evil}, AptPkgs: []string{evil}, Secrets: []string{evil}, CacheDirectories: []string{evil},
		NixOverlays: []string{"https://" + evil + ".example"}}
	p.Start.Cmd, p.Start.RunImage, p.BuildImage, p.Start.User = &evil, &evil, &evil, &evil
	step := Step{Part: evil, Name: evil, Counts: true, Duration: 1e9}
	r := Report{App: evil, SHA: "abc", Files: "https://forge.example/f", Plan: p, Detected: []Detection{{evil, evil}}, Notes: []string{evil}, Warnings: []string{evil},
		Name: evil, Base: &Base{SHA: "def", Branch: evil, Plan: nodePlan("20"), Detected: []Detection{{evil + "x", evil}}},
		Build: &Build{Tags: []string{evil}, Digest: evil, Pushed: true, Cache: evil, CacheWhy: evil, CacheFrom: []string{evil}, CacheTo: evil, CacheKey: evil,
			CacheChanged: []string{evil, "base image"}, Steps: []Step{step, step}, Image: &Image{Layers: []Layer{{evil, 1, evil}}}, Before: &Image{}}}
	r.Scripts = []Script{{"start", evil, evil, evil, evil, 2}, {evil + "x", evil, evil, evil, evil, 0}}
	r.Dependencies = []Dependency{{evil, evil, evil + "1", true, true}, {evil, "", evil, false, true}, {evil, evil, "", false, false}}
	r.NewLocks, r.NewKey = []string{evil}, &[]string{evil}
	for _, f := range plan.Facts(p) {
		r.Origins = append(r.Origins, Origin{Fact: f, By: evil, File: evil, Line: 3, Why: evil})
	}
	failed, first, waits, swapped := r, r, r, r
	failed.Build = &Build{Failure: evil + "\nmore", Failed: evil}
	first.Base, first.BaseError, first.Detected = nil, evil, nil
	first.Build = &Build{NotPush: evil, Promoted: evil}
	waits.Build, waits.NotBuilt = nil, evil
	swapped.Plan, swapped.Base, swapped.Origins = nodePlan("20"), &Base{SHA: evil, Branch: evil, Plan: p, Origins: r.Origins}, nil
	broken := r
	broken.Problem = &Problem{Text: evil, File: evil, Line: 2, Hint: evil}
	older := r
	older.Base = &Base{SHA: evil, Plan: p, Warnings: []string{evil}, Origins: r.Origins}
	older.NoAlerts = true
	return []Report{r, failed, first, waits, swapped, broken, older}
}

func checkAll(t *testing.T, evil string) {
	t.Helper()
	for _, r := range hostileReports(evil) {
		checkMarkdown(t, evil, r.Comment(Limit))
		checkMarkdown(t, evil, r.Part(Limit))
		checkMarkdown(t, evil, r.AtLevel(Levels-1))
		checkMarkdown(t, evil, r.Summary(SummaryLimit))
	}
}

func TestForeignTextIsShownAndDoesNothing(t *testing.T) {
	for _, evil := range hostile {
		checkAll(t, evil)
	}
}

func FuzzForeignTextDoesNothing(f *testing.F) {
	for _, evil := range hostile {
		f.Add(evil)
	}
	f.Fuzz(func(t *testing.T, evil string) {
		if len(evil) < 2000 {
			checkAll(t, evil)
		}
	})
}

func FuzzProse(f *testing.F) {
	for _, evil := range hostile {
		f.Add(evil)
	}
	f.Fuzz(func(t *testing.T, evil string) {
		checkMarkdown(t, evil, "See "+prose(evil)+".\n")
		checkMarkdown(t, evil, table([]string{"a"}, []string{row(prose(evil), code(evil))}))
		checkMarkdown(t, evil, fence("", evil))
	})
}

var active = regexp.MustCompile(`[@#~!$%&<>\x1b\x00]|(?:^|\s)/|://|(?i)www\.|\bGH-\d|\b[0-9a-f]{7,}\b`)

// checkMarkdown parses a comment as a forge does and looks for anything outside code that is not ours.
func checkMarkdown(t *testing.T, evil, markdown string) {
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
			if !bytes.HasPrefix(n.Destination, []byte("https://forge.example/f/")) || bytes.ContainsAny(n.Destination, "<>()\" \n") {
				t.Errorf("%q becomes a link to %s", evil, n.Destination)
			}
		case *ast.Text:
			if got := n.Segment.Value(src); active.Match(bytes.ReplaceAll(got, []byte("!WARNING"), nil)) {
				t.Errorf("%q is outside code: %q", evil, got)
			}
		case *ast.Heading:
			if n.Level != 3 && n.Level != 4 {
				t.Errorf("%q becomes a heading", evil)
			}
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				seg := n.Segments.At(i)
				checkHTML(t, evil, string(seg.Value(src)))
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				seg := n.Lines().At(i)
				checkHTML(t, evil, string(seg.Value(src)))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(markdown, func(r rune) bool {
		return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
	}); i >= 0 {
		t.Errorf("%q keeps control characters: %q", evil, markdown[i:min(len(markdown), i+20)])
	}
	for line := range strings.Lines(markdown) {
		// Older GitLabs look for quick actions in fences too, see [quickAction].
		if strings.HasPrefix(line, "/") {
			t.Errorf("%q begins a line like a quick action: %q", evil, line)
		}
		if strings.HasPrefix(line, "::") && !strings.Contains(markdown, "```") {
			t.Errorf("%q begins a line: %q", evil, line)
		}
	}
}

// ourTags are the only ones that a comment holds.
var (
	ourTags    = regexp.MustCompile(`</?details>|</?summary>|<w?br>|</?sub>`)
	ourSummary = regexp.MustCompile(`<summary>[A-Za-z0-9,: ]*</summary>`)
)

func checkHTML(t *testing.T, evil, raw string) {
	t.Helper()
	rest := ourTags.ReplaceAllString(ourSummary.ReplaceAllString(raw, ""), "")
	if strings.TrimSpace(rest) != "" {
		t.Errorf("%q becomes HTML: %q", evil, rest)
	}
}
