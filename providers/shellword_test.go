package providers

import "testing"

func TestShellPath(t *testing.T) {
	for name, want := range map[string]string{
		"routes/[name]/index.tsx": "routes/[name]/index.tsx",
		"./out/Größe_1":           "./out/Größe_1",
		"a b.ts":                  "'a b.ts'",
		"$(id).ts":                "'$(id).ts'",
		"it's;":                   `'it'\''s;'`,
		"{a,b}":                   "'{a,b}'",
		"a\nb":                    "'a\nb'",
		"-x":                      "./-x",
		"-x y":                    "'./-x y'",
		"":                        "''",
	} {
		if got := shellPath(name); got != want {
			t.Errorf("shellPath(%q) = %q, want %q", name, got, want)
		}
	}
}
