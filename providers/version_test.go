package providers

import (
	"strings"
	"testing"
)

func TestMajorMinor(t *testing.T) {
	for _, tt := range []struct {
		text, major, minor string
		ok                 bool
	}{
		{"3.11", "3", "11", true},
		{"3.11.4", "3", "11", true},
		{" 3.11.4\n", "3", "11", true},
		{"python-3.9.1", "3", "9", true},
		{"pypy3.9", "3", "9", true},
		{`"3.10"`, "3", "10", true},
		{"'3.10'", "3", "10", true},
		{"v 2.7", "2", "7", true},
		{"3", "3", "", true},
		{"3.", "3", "", true},
		{"3..8", "3", "8", true},
		{"1.2.3.4", "1", "2", true},
		{"310", "310", "", true},
		{".5", "", "5", true},
		{"", "", "", true},
		{"system", "", "", true},
		{"3.13t", "", "", false},
		{"3.12\n3.11", "", "", false},
		{">=3.10", "", "", false},
		{"3.11 # comment", "", "", false},
		{"1.13-dev", "", "", false},
		{"3.*", "", "", false},
	} {
		major, minor, ok := majorMinor(tt.text)
		if major != tt.major || minor != tt.minor || ok != tt.ok {
			t.Errorf("majorMinor(%q) = %q, %q, %v; want %q, %q, %v", tt.text, major, minor, ok, tt.major, tt.minor, tt.ok)
		}
	}
}

func FuzzMajorMinor(f *testing.F) {
	for _, s := range []string{"", "3.11", "python-3.9.1", `"2.7"`, "3.13t", "\x00\xff", strings.Repeat("1.", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		major, minor, ok := majorMinor(text)
		if strings.Trim(major+minor, "0123456789") != "" {
			t.Errorf("majorMinor(%q) = %q, %q: not numbers", text, major, minor)
		}
		if !ok {
			return
		}
		if a, b, ok := majorMinor(major + "." + minor); !ok || a != major || b != minor {
			t.Errorf("majorMinor(%q) = %q, %q, but of its own result %q, %q, %v", text, major, minor, a, b, ok)
		}
	})
}
