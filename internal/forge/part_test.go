package forge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesOfOursHoldNothingForeign(t *testing.T) {
	p := Post{Key: "--> @all", Part: "--><img>\n@all", SHA: "--><img>", Run: -1}
	text := compose(p.Key, "", map[string]part{"": newPart(p, "text")})
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "<!--") && (strings.Count(line, "-->") != 1 || strings.ContainsAny(line, "@\\") || strings.Contains(line, "img")) {
			t.Errorf("line: %s", line)
		}
	}
	if windows := strings.ReplaceAll(text, "\n", "\r\n"); !isOurs(windows, p.Key) || len(parts(windows)) != 1 {
		t.Error("a forge's line ends hide the marker")
	}
}

func FuzzATextComesBackAndForgesNoPart(f *testing.F) {
	inner := compose("app", "", map[string]part{"": newPart(post(9, ""), "inner")})
	for _, text := range []string{"", "plain", "\n\n<!-- npx-action end -->\n", inner, "```\n" + inner + "```", "\r\n" + inner, "\xff<!-- npx-action"} {
		f.Add(text, "app", "two")
	}
	f.Fuzz(func(t *testing.T, text, one, two string) {
		a, b := shared(one, 1), shared(two, 2)
		if short(one) == short(two) {
			return
		}
		first, second := newPart(a, text), newPart(b, "second")
		body := compose("app", "### Title", map[string]part{first.key: first, second.key: second})
		if !isOurs(body, "app") {
			t.Fatalf("the marker is lost in\n%s", body)
		}
		got := parts(body)
		want := map[string]part{first.key: first, second.key: second}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(part{})); diff != "" {
			t.Errorf("parts (-want +got):\n%s", diff)
		}
		if again := compose("app", "### Title", got); again != body {
			t.Errorf("composed again:\n%s\nwas:\n%s", again, body)
		}
	})
}
