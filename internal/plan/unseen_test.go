package plan

import "testing"

func TestAReaderSeesThatACommandHasCharactersThatShowNothing(t *testing.T) {
	for _, hidden := range []string{"\u200b", "\u202e", "\u3164", "\ufe00", "\u034f", "\U000e0101", "\u2800", "\u115f", "\uffa0", "\u00ad"} {
		if got := oneLine("node server" + hidden + ".js"); got == "node server"+hidden+".js" || got[0] != '"' {
			t.Errorf("%+q is shown as %s", hidden, got)
		}
	}
	for _, plain := range []string{"node server.js", "echo 日本 é", "echo ✅"} {
		if got := oneLine(plain); got != plain {
			t.Errorf("%s is shown as %s", plain, got)
		}
	}
}
