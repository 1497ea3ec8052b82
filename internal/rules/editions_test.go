package rules

import (
	"strings"
	"testing"
)

func TestParseKnowsEveryEdition(t *testing.T) {
	for _, want := range Editions() {
		got, err := Parse(string(want))
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v", want, got, err)
		}
	}
}

func TestParseTakesNoNameForTheNewest(t *testing.T) {
	if got, err := Parse(""); err != nil || got != Newest {
		t.Errorf(`Parse("") = %q, %v; want %q`, got, err, Newest)
	}
}

func TestParseNamesTheKnownAndTheNearest(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"1.3", `unknown edition "1.3": there are 1.39 and 2026.12; did you mean 1.39?`},
		{"1.39.0", `unknown edition "1.39.0": there are 1.39 and 2026.12; did you mean 1.39?`},
		{"2026.11", `unknown edition "2026.11": there are 1.39 and 2026.12; did you mean 2026.12?`},
		{"latest", `unknown edition "latest": there are 1.39 and 2026.12`},
		{strings.Repeat("9", 1<<20), `unknown edition "` + strings.Repeat("9", 40) + `": there are 1.39 and 2026.12`},
	} {
		_, err := Parse(tt.name)
		if err == nil || err.Error() != tt.want {
			t.Errorf("Parse(%.20q) = %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

func TestNewestIsTheLastEdition(t *testing.T) {
	list := Editions()
	if got := list[len(list)-1]; got != Newest {
		t.Errorf("the last of Editions() is %q, want %q", got, Newest)
	}
}

func TestHas(t *testing.T) {
	for _, tt := range []struct {
		edition Edition
		since   string
		want    bool
	}{
		{Nixpacks, "", true},
		{Nixpacks, "1.39", true},
		{Nixpacks, "2026.12", false},
		{Newest, "", true},
		{Newest, "1.39", true},
		{Newest, "2026.12", true},
		{Newest, "2027.1", false},
		{"unknown", "", false},
	} {
		if got := tt.edition.Has(tt.since); got != tt.want {
			t.Errorf("Edition(%q).Has(%q) = %v, want %v", tt.edition, tt.since, got, tt.want)
		}
	}
}
