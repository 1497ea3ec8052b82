package ranges

import "testing"

func TestVersionsFollowEachOther(t *testing.T) {
	for _, ascending := range [][]string{
		{"0.9.9", "1.0.0-rc.1", "1", "1.0.1", "1.1", "1.9", "1.10", "2.0.0"},
		{"1.21rc2", "1.21.0", "1.21.1", "1.22rc1", "1.22.0"},
		{"3.15.0a7", "3.15.0b4", "3.15.0rc1", "3.15.0rc2", "3.15.0"},
		{"8u272-b10", "8u412-ga", "8u502-b01", "8u502-b07", "11.0.9+11", "17+35", "17.0.1+12", "17.0.20+2", "17.0.20+8", "17.0.20.1+1"},
		{"4.0.0-preview3", "4.0.0-rc1", "4.0.0", "4.0.7"},
		{"11.0.100-preview.7.26381.103", "11.0.100-rc.1.26425.128", "11.0.100"},
		{"27.3.4", "27.3.4.2", "27.3.4.18"},
		{"1.1.1", "1.1.1t", "1.1.1w"},
		{"6.9.11-60", "7.1.2-23"},
	} {
		for i, a := range ascending {
			for j, b := range ascending {
				if got := Compare(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
					t.Errorf("Compare(%s, %s) = %d", a, b, got)
				}
			}
		}
	}
	if Compare("1.2", "1.2.0") != 0 || Compare("1.2.0.0", "1.2") != 0 || Compare("1.02", "1.2") != 0 {
		t.Error("missing numbers are zeros")
	}
}

func TestPrereleases(t *testing.T) {
	for _, v := range []string{"1.27rc3", "3.15.0b4", "3.15.0a1", "4.0.0-preview3", "11.0.100-rc.1.26425.128", "22.0.0-nightly20260101", "1.0.0-alpha.1"} {
		if !Prerelease(v) {
			t.Errorf("%s is a prerelease", v)
		}
	}
	for _, v := range []string{"1.27.3", "8u504-b01", "8u412-ga", "17.0.20.1+1", "1.1.1w", "7.1.2-23", "2.0.0p648", "25+36"} {
		if Prerelease(v) {
			t.Errorf("%s is no prerelease", v)
		}
	}
}

func TestBeginnings(t *testing.T) {
	for _, c := range []struct {
		version, prefix string
		want            bool
	}{
		{"1.22.3", "1.22", true}, {"1.22.3", "1.2", false}, {"1.22", "1.22", true}, {"8u504-b01", "8", true}, {"17+35", "17", true},
		{"17.0.1+12", "1", false}, {"3.15.0rc1", "3.15.0", true}, {"2", "2.0", false},
	} {
		if got := Begins(c.version, c.prefix); got != c.want {
			t.Errorf("Begins(%s, %s) = %t", c.version, c.prefix, got)
		}
	}
	for _, c := range []struct {
		version string
		n       int
		want    string
	}{{"1.22.3", 2, "1.22"}, {"1.22.3", 1, "1"}, {"8u504", 1, "8"}, {"17+35", 2, "17"}, {"1", 3, "1"}, {"1.2.x", 3, "1.2"}} {
		if got := Leading(c.version, c.n); got != c.want {
			t.Errorf("Leading(%s, %d) = %s, want %s", c.version, c.n, got, c.want)
		}
	}
}
