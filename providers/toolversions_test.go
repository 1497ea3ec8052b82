package providers

import "testing"

func TestToolVersion(t *testing.T) {
	const text = "# python 1.0\npython 3.9\n  poetry\t1.8.2  \nuv 0.5 # newer\nempty\npython   3.11.4 3.10\n"
	for _, tt := range []struct {
		tool, want string
		ok         bool
	}{
		{"python", "3.11.4 3.10", true},
		{"poetry", "1.8.2", true},
		{"uv", "0.5 # newer", true},
		{"empty", "", false},
		{"#", "", false},
		{"ruby", "", false},
	} {
		got, ok, err := toolVersion(appOf(t, repo{".tool-versions": text}, nil), tt.tool)
		if err != nil || got != tt.want || ok != tt.ok {
			t.Errorf("toolVersion(%q) = %q, %v, %v; want %q, %v", tt.tool, got, ok, err, tt.want, tt.ok)
		}
	}
}

func TestToolVersionWithoutTheFile(t *testing.T) {
	if got, ok, err := toolVersion(appOf(t, repo{}, nil), "python"); got != "" || ok || err != nil {
		t.Errorf("got %q, %v, %v; want nothing", got, ok, err)
	}
}

func TestToolVersionOfAFileThatIsNotText(t *testing.T) {
	_, _, err := toolVersion(appOf(t, repo{".tool-versions": "\xff"}, nil), "python")
	wantSourceError(t, err, ".tool-versions")
}
