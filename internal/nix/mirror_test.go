package nix

import "testing"

func TestAMirrorTakesThePlaceOfAHost(t *testing.T) {
	o := Options{Mirror: "http://github.example/", Mirrors: map[string]string{"nodejs.org": "http://mirror.example:8080/node/", "go.dev:8443": "https://m"}}
	for url, want := range map[string]string{
		"https://nodejs.org/dist/a.tar.gz?x=://y": "http://mirror.example:8080/node/dist/a.tar.gz?x=://y",
		"https://go.dev:8443/dl/go.tar.gz":        "https://m/dl/go.tar.gz",
		"https://go.dev/dl/go.tar.gz":             "https://go.dev/dl/go.tar.gz",
		"https://www.nodejs.org/a":                "https://www.nodejs.org/a",
		"ftp://nodejs.org/a":                      "ftp://nodejs.org/a",
		"nodejs.org":                              "nodejs.org",
		"https://github.com/a/b":                  "http://github.example/a/b",
		"http://github.com/a/b":                   "http://github.com/a/b",
	} {
		if got := o.Through(url); got != want {
			t.Errorf("%s through the mirrors is %s, want %s", url, got, want)
		}
	}
}
