package ranges

import "testing"

func TestJava(t *testing.T) {
	for _, tt := range []struct{ text, yes, no, exact string }{
		{"21", "21.0.12+8", "17.0.20+8", ""},
		{"21.0.4", "21.0.4+7", "21.0.5+11", "21.0.4"},
		{"21.0.4-tem", "21.0.4+7", "21.0.5+11", "21.0.4"},
		{"17.0.9.fx-zulu", "17.0.9+8", "17.0.8+7", "17.0.9"},
		{"temurin-21.0.4+7.0.LTS", "21.0.4+7", "21.0.5+11", "21.0.4"},
		{"zulu-17.48.15", "17.0.9+8", "18.0.1+10", ""},
		{"openjdk64-17.0.2", "17.0.2+8", "17.0.1+12", "17.0.2"},
		{"corretto-17", "17.0.2+8", "21+35", ""},
		{"1.8", "8u502-b07", "11.0.32+9", ""},
		{"1.8.0_402", "8u402-b06", "8u502-b07", "8u402"},
		{"8.0.402", "8u402-b06", "8u502-b07", "8u402"},
	} {
		r, err := Java(tt.text)
		if err != nil || !r.Allows(tt.yes) || r.Allows(tt.no) || r.Exact() != tt.exact || r.String() != tt.text {
			t.Errorf("%s: %v, allows %s: %v, allows %s: %v, exact %q", tt.text, err, tt.yes, r.Allows(tt.yes), tt.no, r.Allows(tt.no), r.Exact())
		}
	}
	for _, text := range []string{"", "new", "21; rm"} {
		if _, err := Java(text); err == nil {
			t.Errorf("%q is understood", text)
		}
	}
}

func TestTheNearestLine(t *testing.T) {
	level, err := JavaLevel("1.8")
	if err != nil || !level.Allows("8u502-b07") || !level.Allows("21+35") || level.Allows("7u80") || level.Nearest()("8u502") >= level.Nearest()("11.0.1") {
		t.Errorf("the level 1.8: %v", err)
	}
	least, err := AtLeast("0.9.1", 2)
	if err != nil || !least.Allows("0.14.1") || least.Allows("0.9.0") || least.Nearest()("0.9.9") >= least.Nearest()("0.14.1") || least.Nearest()("0.14.0") != least.Nearest()("0.14.1") {
		t.Errorf("at least 0.9.1: %v", err)
	}
	for _, text := range []string{"", "new", "1.2.3.4.5-"} {
		if _, err := JavaLevel(text); err == nil {
			t.Errorf("the level %q is understood", text)
		}
		if _, err := AtLeast(text, 2); err == nil {
			t.Errorf("at least %q is understood", text)
		}
	}
}
