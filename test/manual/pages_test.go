package manual

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = "# The page\n\nIt has `code`, a [link](other.md#there) and a [place](#here-it-is). A second\nsentence.\n\n" +
	"```yaml\n# .github/workflows/a.yml\non: push\n```\n\n## Here it is\n\n<img src=\"p.png\">\n\n### Deeper\n\n* an item. Two\n  lines\n* `x`\n\n" +
	"| a | b \\| c |\n| --- | --- |\n| one | two |\n\n## Next\n\n```\n# no heading\n[no](link.md)\n```\n"

func TestAPageIsRead(t *testing.T) {
	p := Page{"a.md", page}
	if diff := cmp.Diff([]Listing{{"a.md", 7, "yaml", "# .github/workflows/a.yml\non: push\n"}}, p.Listings("yaml")); diff != "" {
		t.Errorf("listings (-want +got):\n%s", diff)
	}
	if all := p.Listings(); len(all) != 2 || all[0].File() != ".github/workflows/a.yml" || all[1].File() != "" {
		t.Errorf("all listings: %+v", all)
	}
	if diff := cmp.Diff(map[string]bool{"the-page": true, "here-it-is": true, "deeper": true, "next": true}, p.Anchors()); diff != "" {
		t.Errorf("anchors (-want +got):\n%s", diff)
	}
	if got := p.Section("here-it-is"); !strings.Contains(got, "### Deeper") || strings.Contains(got, "Next") || p.Section("nowhere") != "" {
		t.Errorf("the section is %q", got)
	}
	if diff := cmp.Diff([]Link{{"link", "other.md", "there"}, {"place", "", "here-it-is"}, {"", "p.png", ""}}, p.Links()); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	want := []string{"The page", "It has CODE, a link and a place.", "A second sentence.", "Here it is", "Deeper", "an item.", "Two lines", "CODE",
		"a", `b \| c`, "one", "two", "Next"}
	if diff := cmp.Diff(want, p.Sentences()); diff != "" {
		t.Errorf("sentences (-want +got):\n%s", diff)
	}
}

func TestFaultsOfASentence(t *testing.T) {
	for sentence, want := range map[string][]string{
		"It is short.":                         nil,
		strings.Repeat("word ", 25):            nil,
		strings.Repeat("word ", 26):            {"long"},
		strings.Repeat("CODE, ", 40) + "alone": nil,
		"That of a, and those that b; what is": {"that of", "those that", "what is"},
		"The hat of a is somewhat isolated.":   nil,
	} {
		got := Faults(sentence)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", sentence, got, want)
		}
	}
}
