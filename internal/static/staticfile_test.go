package static

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

func TestStaticfile(t *testing.T) {
	site := open(t, folder{"Staticfile": `---
# a comment
root: "dist" # another
pushstate: enabled
gzip: off
directory: false
http_strict_transport_security: true
status_codes:
  404: /lost.html
`, "secret.txt": "secret", "dist/index.html": "app", "dist/lost.html": "lost", "dist/Staticfile": "a file", "dist/_redirects": "/a /b"}, Options{})
	ask := listen(t, site)
	check(t, ask, answer{"GET /", 200, "app", folder{"Strict-Transport-Security": "max-age=31536000"}})
	check(t, ask, answer{"GET /users/7", 200, "app", nil})
	check(t, ask, answer{"GET /a.js", 404, "lost", nil})
	check(t, ask, answer{"GET /a", 301, "", folder{"Location": "/b"}})
	check(t, ask, answer{"GET /secret.txt", 404, "lost", nil})
	check(t, ask, answer{"GET /Staticfile", 200, "a file", nil})

	ask = listen(t, open(t, folder{"Staticfile": "index_fallback: true\nroot: .\n", "index.html": "app"}, Options{}))
	check(t, ask, answer{"GET /users/7", 200, "app", nil})
	check(t, ask, answer{"GET /Staticfile", 200, "app", nil}.hidden())
}

func TestSettingsThatAreNamed(t *testing.T) {
	settings := filepath.Join(folder{"Settings": "root: elsewhere\nstatus_code:\n  404: /lost.html\nnonsense: 1\n"}.write(t), "Settings")
	site, warnings, err := Open(folder{"index.html": "app", "lost.html": "lost", "Staticfile": "pushstate: enabled\n"}.write(t), Options{Staticfile: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	if want := []string{"Staticfile:4: nonsense is not supported; the line does not count"}; !slices.Equal(warnings, want) {
		t.Errorf("warnings %q, want %q", warnings, want)
	}
	ask := listen(t, site)
	check(t, ask, answer{"GET /", 200, "app", nil})
	check(t, ask, answer{"GET /users/7", 404, "lost", nil})
	check(t, ask, answer{"GET /Staticfile", 404, "lost", nil})

	_, _, err = Open(folder{"index.html": ""}.write(t), Options{Staticfile: settings + "x"})
	if err == nil || fault.Status(err) != 2 || !strings.Contains(err.Error(), "reading the settings: ") {
		t.Errorf("settings that are not there: %v", err)
	}
}

// hidden is the answer to a path that is never served.
func (a answer) hidden() answer { a.status, a.body = 404, plain404; return a }

func TestLinesOfStaticfileThatDoNotCount(t *testing.T) {
	_, warnings, err := Open(folder{"index.html": "", "Staticfile": "root: .\nhost_dot_files: true\ndirectory: visible\nforce_https: true\nlocation_include: x/*.conf\nnonsense\ngzip: on\n"}.write(t), Options{})
	want := []string{
		"Staticfile:2: host_dot_files is not supported; the line does not count",
		"Staticfile:3: directory is not supported; the line does not count",
		"Staticfile:4: force_https is not supported; the line does not count",
		"Staticfile:5: location_include is not supported; the line does not count",
		"Staticfile:6: nonsense is not supported; the line does not count",
	}
	if err != nil || !slices.Equal(warnings, want) {
		t.Errorf("%v, %q\nwant %q", err, warnings, want)
	}
	_, warnings, err = Open(folder{"index.html": "", "static.json": `{"root": "dist"}`}.write(t), Options{})
	if want = []string{"static.json does not count; write a Staticfile, _redirects and _headers"}; err != nil || !slices.Equal(warnings, want) {
		t.Errorf("%v, %q\nwant %q", err, warnings, want)
	}
}

func TestARootThatIsNotThere(t *testing.T) {
	for root, want := range map[string]string{
		"dist":         `Staticfile: the root "dist" does not exist; run the build that makes it`,
		"../..":        "escapes",
		"link":         "escapes",
		"Staticfile":   "opening the root",
		"/etc/ssh/../": `Staticfile: the root "etc/ssh/.." does not exist`,
	} {
		_, _, err := Open(folder{"Staticfile": "root: " + root + "\n", "link": "->/etc"}.write(t), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", root, err, want)
		}
	}
}

func FuzzStaticfile(f *testing.F) {
	f.Add("root: a\nstatus_codes:\n  404: /x\n")
	f.Add(": :\n  : #\n---\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := len(entries(text)), len(slices.Collect(strings.Lines(text))); got != want {
			t.Errorf("%q has %d lines and %d entries", text, want, got)
		}
	})
}
