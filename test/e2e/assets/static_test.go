package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// page is long enough to be worth compressing.
var page = "<!doctype html>" + strings.Repeat("<p>hello</p>", 200)

func TestStaticFilesAreServed(t *testing.T) {
	s := build(t, "staticfile", app{"index.html": page, "style.css": "body {}", "sub/a.txt": "a"}, nil).start("80")
	s.wantHeader(s.want("/", 200, page), "Content-Type", "text/html", "Content-Encoding", "")
	s.wantHeader(s.want("/style.css", 200, "body {}"), "Content-Type", "text/css")
	s.want("/missing", 404, "")
	s.want("/sub/", 403, "")
	r := s.get("/", "Accept-Encoding", "gzip")
	s.wantHeader(r, "Content-Encoding", "gzip")
	if got := unzip(t, r.body); got != page {
		t.Errorf("compressed page:\n%s", got)
	}
	s.wantLog("Environment variable PORT not found. Using PORT 80", "GET /style.css")
}

func unzip(t *testing.T, text string) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestStaticRootAndPort(t *testing.T) {
	files := app{"public/index.html": "public", "site/index.html": "site", "index.html": "root"}
	build(t, "staticfile", files, plan.Vars{"PORT": "8123"}).start("8123").want("/", 200, "public")
	t.Run("of the variable", func(t *testing.T) {
		build(t, "staticfile", files, plan.Vars{"NIXPACKS_STATICFILE_ROOT": "site"}).start("80").want("/", 200, "site")
	})
}

func TestStaticfileSettings(t *testing.T) {
	s := build(t, "staticfile", app{
		"Staticfile":          "root: site\ngzip: \"off\"\ndirectory: \"on\"\nstatus_code:\n  404: /lost.html\n  403: /no.html\n",
		"site/lost.html":      "lost",
		"site/docs/a page.md": page,
	}, nil).start("80")
	s.want("/docs/", 200, `<a href="a%20page.md">a page.md</a>`)
	s.want("/missing", 404, "lost")
	s.wantHeader(s.get("/lost.html", "Accept-Encoding", "gzip"), "Content-Encoding", "")
}

func TestStaticFilesBehindAPassword(t *testing.T) {
	s := build(t, "staticfile", app{
		"index.html":      "secret",
		"Staticfile.auth": "ann:{PLAIN}open sesame\n",
	}, nil).start("80")
	s.wantHeader(s.want("/", 401, ""), "WWW-Authenticate", `Basic realm="Password Required"`)
	// ann:open sesame, and another password.
	if r := s.get("/", "Authorization", "Basic YW5uOm9wZW4gc2VzYW1l"); r.status != 200 || r.body != "secret" {
		t.Errorf("with the password: %+v", r)
	}
	if r := s.get("/", "Authorization", "Basic YW5uOndyb25n"); r.status != 401 {
		t.Errorf("with another password: %+v", r)
	}
}

func TestStaticFilesWithTheirOwnTypes(t *testing.T) {
	s := build(t, "staticfile", app{
		"index.html": "page",
		"a.special":  "1",
		"mime.types": "types { application/x-special special; }\n",
	}, nil).start("80")
	s.wantHeader(s.want("/a.special", 200, "1"), "Content-Type", "application/x-special")
}

// spa is a single-page app after its build.
var spa = app{
	"package.json":       `{"dependencies": {"vite": "6", "react": "19"}, "scripts": {"build": "vite build"}}`,
	"dist/index.html":    page,
	"dist/assets/app.js": "1",
	".env":               "SECRET=1",
}

func TestSinglePageAppIsServed(t *testing.T) {
	m := build(t, "node", spa, nil)
	if status, output := m.run(m.plan.Phases["caddy"].Cmds[0]); status != 0 {
		t.Fatalf("status %d: %s", status, output)
	}
	s := m.start("3000")
	s.wantHeader(s.want("/", 200, page), "Content-Type", "text/html; charset=utf-8")
	s.want("/orders/7?x=1", 200, page)
	s.wantHeader(s.want("/assets/app.js", 200, "1"), "Content-Type", "text/javascript; charset=utf-8")
	s.want("/health", 200, page)
	// What lies beside the folder is not served.
	s.want("/../.env", 200, page)
	r := s.get("/orders", "Accept-Encoding", "gzip")
	s.wantHeader(r, "Content-Encoding", "gzip")
	if got := unzip(t, r.body); got != page {
		t.Errorf("compressed page:\n%s", got)
	}
	s.wantLog(`"uri":"/orders/7?x=1"`)
}

func TestPagesAreServedWithoutAFallback(t *testing.T) {
	s := build(t, "node", app{
		"package.json":          `{"dependencies": {"astro": "7"}, "scripts": {"build": "astro build"}}`,
		"dist/index.html":       page,
		"dist/setup/index.html": "set up",
		"dist/about.html":       "about",
		"dist/404.html":         "nothing here",
	}, plan.Vars{"NIXPACKS_EDITION": string(rules.Newest)}).start("3000")
	s.want("/", 200, page)
	s.want("/setup", 200, "set up")
	s.want("/setup/", 200, "set up")
	s.want("/about", 200, "about")
	s.want("/orders/7", 404, "nothing here")
	s.want("/health", 200, page)
}

func TestSinglePageAppListensOnThePort(t *testing.T) {
	s := build(t, "node", app{
		"package.json":   spa["package.json"],
		"out/index.html": "elsewhere",
	}, plan.Vars{"PORT": "8123", "NIXPACKS_SPA_OUT_DIR": "out"}).start("8123")
	s.want("/x", 200, "elsewhere")
}
