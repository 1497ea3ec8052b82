package static

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

func TestHeaders(t *testing.T) {
	ask := listen(t, open(t, folder{"index.html": "home", "a.txt": "a", "assets/a.js": "code", "assets/b.js": "code", "feed": "<rss/>", headersFile: `
# all
/*
  X-Frame-Options: DENY
  Link: </a>; rel=preload
  link: </b>; rel=preload
  Vary: Origin

/assets/*
  Cache-Control: public, max-age=31536000, immutable
/assets/b.js
Cache-Control: no-store
  X-Frame-Options: SAMEORIGIN
/feed
  Content-Type: application/rss+xml
/user/:id/x
  X-User: yes
/*.txt
  X-Text: yes
`}, Options{SPA: true}))
	all := "</a>; rel=preload, </b>; rel=preload"
	check(t, ask, answer{"GET /", 200, "home", folder{"X-Frame-Options": "DENY", "Link": all, "Vary": "Accept-Encoding, Origin", "Cache-Control": "no-cache"}})
	check(t, ask, answer{"GET /assets/a.js", 200, "code", folder{"X-Frame-Options": "DENY", "Cache-Control": "public, max-age=31536000, immutable"}})
	check(t, ask, answer{"GET /assets/b.js", 200, "code", folder{"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}})
	check(t, ask, answer{"GET /assets/missing.js", 404, plain404, folder{"X-Frame-Options": "DENY", "Cache-Control": "no-cache"}})
	check(t, ask, answer{"GET /assets/a.js", 206, "c", folder{"Cache-Control": "public, max-age=31536000, immutable"}}, "Range: bytes=0-0")
	check(t, ask, answer{"GET /feed", 200, "<rss/>", folder{"Content-Type": "application/rss+xml"}})
	check(t, ask, answer{"GET /a.txt", 200, "a", folder{"X-Text": "yes"}})
	check(t, ask, answer{"GET /user/7/x", 200, "home", folder{"X-User": "yes"}})
	check(t, ask, answer{"GET /user/7", 200, "home", folder{"X-User": ""}})
	check(t, ask, answer{"OPTIONS /a.txt", 204, "", folder{"X-Text": "yes", "Allow": "GET, HEAD, OPTIONS"}})
	check(t, ask, answer{"GET /_headers", 404, plain404, nil})
}

func TestLinesOfHeadersThatDoNotCount(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"nonsense", `"nonsense" is neither a path nor a header of the form Name: value`},
		{"A B: c", `"A B: c" is neither a path nor a header of the form Name: value`},
		{"X-Empty:", "X-Empty has no value"},
		{"content-length: 7", "the server sets Content-Length itself"},
		{"Transfer-Encoding: chunked", "the server sets Transfer-Encoding itself"},
		{"X-A: b\x01", "X-A has a control character"},
		{"/a/*/*", "a path has one * at most"},
		{"https://a.example/*", "a rule for one host is not supported"},
	} {
		rules, warnings, err := parseHeaders("/a\n X-A: a\n" + tt.line + "\n X-B: b\n")
		want := []string{"_headers:3: " + tt.want + "; the line does not count"}
		if err != nil || len(rules) != 1 || rules[0].set[0] != (header{"X-A", "a"}) || !slices.Equal(warnings, want) {
			t.Errorf("%q: %v, %q, %v\nwant %q", tt.line, rules, warnings, err, want)
		}
	}
	if _, warnings, _ := parseHeaders("X-A: a\n"); !slices.Equal(warnings, []string{"_headers:1: no path is above it; the line does not count"}) {
		t.Errorf("a header without a path: %q", warnings)
	}
}

// TestPasswordsAreNotForgotten: a site that somebody protected is not public by mistake.
func TestPasswordsAreNotForgotten(t *testing.T) {
	for name, f := range map[string]folder{
		"_headers:2: ":    {headersFile: "/*\n  basic-auth: a:b\n"},
		"Staticfile.auth": {passwordFile: "a:b"},
		"static.json: ":   {herokuFile: `{"basic_auth": true}`},
	} {
		_, _, err := Open(f.write(t), Options{})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "passwords are not supported") || fault.Status(err) != fault.Misuse {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add("/*\n X-A: b\n/a/:b\n X-B: c\n", "/a/b")
	f.Add("A: b\n/%zz\n:\n/ \n", "/")
	f.Fuzz(func(t *testing.T, text, path string) {
		rules, _, err := parseHeaders(text)
		name, status := cleanPath(path)
		if err != nil || status != 0 {
			return
		}
		h := http.Header{}
		headersFor(rules, name).apply(h, true)
		for name, values := range h {
			if !isToken(name) || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") || slices.Contains(ownHeaders, name) {
				t.Errorf("%q: header %q: %q", text, name, values)
			}
		}
	})
}
