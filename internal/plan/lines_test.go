package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesOfFacts(t *testing.T) {
	toml := `buildImage = 'debian'
[variables]
A = '1'
[staticAssets]
x = 'hi'
[phases.setup]
nixPackages = ['jq',
  'fd', 'jq']
[start]
cmd = './x'
`
	json := `{"buildImage": "debian",
"variables": {
"A": "1"}, "staticAssets": {

"x": "hi"}, "phases": {"setup": {

"nixPkgs": ["jq",
"fd", "jq"]}},
"start": {
"cmd": "./x"}}`
	want := map[Fact]int{
		{"", "build image", "debian"}:    1,
		{"", "variable A", "1"}:          3,
		{"", "asset x", assetText("hi")}: 5,
		{"setup", "nix", "jq"}:           7,
		{"setup", "nix", "fd"}:           8,
		{"start", "cmd", "./x"}:          10,
	}
	if d := cmp.Diff(want, LinesTOML([]byte(toml))); d != "" {
		t.Error("TOML:", d)
	}
	if d := cmp.Diff(want, LinesJSON([]byte(json))); d != "" {
		t.Error("JSON:", d)
	}
}

func TestATextThatIsRefusedHasNoLines(t *testing.T) {
	for _, text := range []string{"{", "\xff", "a ="} {
		if got := len(LinesJSON([]byte(text))) + len(LinesTOML([]byte(text))); got != 0 {
			t.Errorf("%q: %d lines", text, got)
		}
	}
}
