package static

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestRedirects(t *testing.T) {
	ask := listen(t, open(t, folder{"index.html": "home", "new.html": "new", "blog/index.html": "blog", "kept.html": "kept", "lost.html": "lost", "a/x.html": "x", "shop.html": "shop", redirectsFile: `
# comment
/old            /new
/temporary      /new?from=old 302   # comment
/héllo%20there  /new 307
/news/*         /blog/:splat 308
/year/:y/:m     /archive/:y-:m.html
/out/*          https://example.com/path/:splat
/kept           /new
/forced         /new 301!
/shop           /new 301!
/show/*         /a/:splat 200
/dir            /blog 200
/nowhere        /missing 200
/hidden         /.env 200
/gone/*         /lost.html 404
/item id=:id kind=book  /books/:id 301
/item id=:id    /items/:id?all=:id
/x*.php         /:splat 301
/wiki           https://example.com/wiki/Help:Contents
/frag           /new#part
/self/*         /self/:splat 301
/slash/         /slash 301!
/twice          /kept-by-first 301
/twice          /never 301
/host           https://www.example.com/host 301
/*.asp          /:splat.html
`}, Options{}))
	for _, tt := range []struct {
		request  string
		status   int
		location string
	}{
		{"GET /old", 301, "/new"},
		{"GET /old/", 301, "/new"},
		{"GET /old?a=1&b=%20", 301, "/new?a=1&b=%20"},
		{"GET /oldest", 404, ""},
		{"GET /temporary?x=1", 302, "/new?from=old"},
		{"GET /h%C3%A9llo%20there", 307, "/new"},
		{"GET /news", 308, "/blog/"},
		{"GET /news/", 308, "/blog/"},
		{"GET /news/2024/a%20b?c", 308, "/blog/2024/a%20b?c"},
		{"GET /newspaper", 404, ""},
		{"GET /year/2024/05", 301, "/archive/2024-05.html"},
		{"GET /year/2024/05/x", 404, ""},
		{"GET /year//05", 404, ""},
		{"GET /year/%3Fa=b/%23c", 301, "/archive/%3Fa=b-%23c.html"},
		{"GET /out/a/b", 301, "https://example.com/path/a/b"},
		{"GET /out/%0a", 400, ""},
		{"GET /out/@evil.example", 301, "https://example.com/path/@evil.example"},
		{"GET /forced", 301, "/new"},
		{"GET /shop", 301, "/new"},
		{"GET /nowhere", 404, ""},
		{"GET /hidden", 404, ""},
		{"GET /item?id=7&kind=book", 301, "/books/7"},
		{"GET /item?id=7&kind=film", 301, "/items/7?all=7"},
		{"GET /item?id=a%2F%26b", 301, "/items/a%2F&b?all=a%2F%26b"},
		{"GET /item", 404, ""},
		{"GET /wiki", 301, "https://example.com/wiki/Help:Contents"},
		{"GET /frag", 301, "/new#part"},
		{"GET /self/a", 404, ""},
		{"GET /slash/", 404, ""},
		{"GET /slash", 404, ""},
		{"GET /twice", 301, "/kept-by-first"},
		{"GET /page.asp", 301, "/page.html"},
		{"GET /a/b.asp", 301, "/a/b.html"},

		// A path of this site never becomes an address of another.
		{"GET /x//evil.example.php", 301, "/evil.example"},
		{"GET /x%2f%2fevil.example.php", 301, "/evil.example"},
		{`GET /x%5c%5cevil.example.php`, 301, "/%5C%5Cevil.example"},
		{"GET /x/%5cevil.example.php", 301, "/%5Cevil.example"},
		{"GET //evil.example.asp", 301, "/evil.example.html"},
		{"GET /news//evil.example", 308, "/blog/evil.example"},
	} {
		response, _ := ask(tt.request)
		if location := response.Header.Get("Location"); response.StatusCode != tt.status || location != tt.location {
			t.Errorf("%s: %d to %q, want %d to %q", tt.request, response.StatusCode, location, tt.status, tt.location)
		}
	}
	check(t, ask, answer{"GET /kept", 200, "kept", nil})
	check(t, ask, answer{"GET /show/x", 200, "x", folder{"ETag": `"LXEWQrcmsEQBYnyp-6wy9Q"`}})
	check(t, ask, answer{"GET /dir", 200, "blog", nil})
	check(t, ask, answer{"GET /gone/a", 404, "lost", folder{"ETag": ""}})
	check(t, ask, answer{"GET /old", 301, "", folder{"Cache-Control": "no-cache"}})
	check(t, ask, answer{"GET /_redirects", 404, plain404, nil})
	// A site that has one name sends the others there, and shows its pages itself.
	check(t, ask, answer{"GET /host", 404, plain404, nil}, "Host: www.example.com")
	check(t, ask, answer{"GET /host", 301, "", folder{"Location": "https://www.example.com/host"}}, "Host: example.com")
}

func TestLinesOfRedirectsThatDoNotCount(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"/a", "there is no target, which begins with / or https://"},
		{"a /b", `reading "a": a path begins with /`},
		{"/a b /c", `"b" is not a parameter of the form key=value`},
		{"/a /b 999", "the status 999 is not supported; use 200, 301, 302, 303, 307, 308 or 404"},
		{"/a /b 301 Country=us", `the condition "Country=us" is not supported`},
		{"/a /b Language=en", `the condition "Language=en" is not supported`},
		{"/a /b 301!!", `the condition "301!!" is not supported`},
		{"/api/* https://api.example.com/:splat 200", "passing requests on to another server is not supported"},
		{"https://a.example/* https://b.example/:splat 301!", "a rule for one host is not supported"},
		{"/a //evil.example", "the target begins with //; write https://"},
		{"/:a https://:a.example.com/", `reading the target "https://:a.example.com/": it is no address`},
		{"/a/* https://:splat/", `reading the target "https://:splat/": it is no address`},
		{"/a https:///b", "the target has no host"},
		{"/a/*/b/* /c", `reading "/a/*/b/*": a path has one * at most`},
		{"/a/*/:b /c", `reading "/a/*/:b": a placeholder stands before the *`},
		{"/:a/:a /c", `reading "/:a/:a": the placeholder ":a" has a name that is taken`},
		{"/:splat/* /c", `reading "/:splat/*": the placeholder ":splat" has a name that is taken`},
		{"/:a-:b /c", `reading "/:a-:b": the placeholder ":a-:b" is not a whole segment`},
		{"/a /b/:c", "the target has the placeholder :c, which the path lacks"},
		{"/%zz /b", `reading "/%zz": invalid URL escape "%zz"`},
		{"/a /b%zz", `reading the target "/b%zz": it is no address`},
	} {
		rules, warnings := parseRedirects("/fine /b\n\n" + tt.line + "\r\n/fine2 /b\n")
		want := []string{"_redirects:3: " + tt.want + "; the line does not count"}
		if len(rules) != 2 || !slices.Equal(warnings, want) {
			t.Errorf("%s: %d rules and %q\nwant %q", tt.line, len(rules), warnings, want)
		}
	}
}

func TestRedirectsWithoutAnEnd(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"/a /b\n/b /c\n/c /a\n", []string{"_redirects:1: the redirect from /a has no end"}},
		{"/x /a\n/a /b\n/b /a\n", []string{"_redirects:1: the redirect from /x has no end"}},
		{"/a/* /b/:splat\n/b/* /a/:splat\n", []string{"_redirects:1: the redirect from /a/x has no end"}},
		{"/* /a/:splat\n", []string{"_redirects:1: the redirect from /x has no end"}},
		{"/a /file\n/file /a\n", nil},
		{"/a /file\n/file /a 301!\n", []string{"_redirects:1: the redirect from /a has no end"}},
		{"/a https://example.com/\n/b /a\n", nil},
		{"/a /a\n/b/ /b\n", nil},
		{"/a /b 200\n/b /a 200\n", nil},
	} {
		site, warnings, err := Open(folder{"index.html": "", "file.html": "", redirectsFile: tt.text}.write(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		site.Close()
		if !slices.Equal(warnings, tt.want) {
			t.Errorf("%q: %q\nwant %q", tt.text, warnings, tt.want)
		}
	}
}

func TestManyRedirectsAreReadAndFoundFast(t *testing.T) {
	var text strings.Builder
	for text.Len() < maxConfig-100 {
		text.WriteString("/old/*/x /new/:splat\n")
	}
	site := open(t, folder{"index.html": "", redirectsFile: text.String()}, Options{})
	if to := site.route("/other", "", ""); to.status != 404 {
		t.Errorf("status %d", to.status)
	}
	_, _, err := Open(folder{redirectsFile: text.String() + strings.Repeat("#", 200)}.write(t), Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "_redirects is larger than 1 MiB") {
		t.Errorf("a file that is too large: %v", err)
	}
}

func FuzzRedirects(f *testing.F) {
	for _, seed := range []string{"/a/* /b/:splat", "/:x/y /:x 302!", "/x* /:splat 301!", "/i id=:id /b/:id?x=:id", "/* /index.html 200", "/a https://b.example/*", "/:a //b", "/% /%"} {
		f.Add(seed, "/a//evil.example", "id=1")
	}
	site := open(f, folder{"index.html": "home", "b/x.html": "x"}, Options{})
	f.Fuzz(func(t *testing.T, text, path, query string) {
		rules, _ := parseRedirects(text)
		s := &Site{root: site.root, redirects: newRedirects(rules)}
		s.endless()
		name, status := cleanPath(path)
		if _, err := url.ParseRequestURI("/?" + query); err != nil || status != 0 {
			return // net/http refuses such a query
		}
		to := s.route(name, query, "host.example")
		if to.location == "" {
			return
		}
		parsed, err := url.Parse(to.location)
		if err != nil {
			t.Fatalf("%q, %q: the location %q is no address: %v", text, path, to.location, err)
		}
		if parsed.Host == "" && (strings.HasPrefix(to.location, "//") || strings.HasPrefix(to.location, `/\`) || parsed.Scheme != "") {
			t.Errorf("%q, %q: the location %q leads elsewhere", text, path, to.location)
		}
		if parsed.Host != "" && !strings.Contains(text, parsed.Host) {
			t.Errorf("%q, %q: the host of %q is of the request", text, path, to.location)
		}
		if strings.ContainsAny(to.location, "\r\n\x00") {
			t.Errorf("%q, %q: the location is %q", text, path, to.location)
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/", "/a", "/a/", "//evil.example", "/.env", "/a/../b", "/a\\..\\b", "/a\x00", "/sub/.git/x", "/.well-known/x", "/a%2f", "/sub//b", "/sub/b.html/"} {
		f.Add(seed)
	}
	site := open(f, folder{"index.html": "home", ".env": "secret", "sub/index.html": "s", "sub/b.html": "b", "sub/.git/x": "secret", ".well-known/x": "x", "out": "->/etc"}, Options{SPA: true})
	public := []string{"index.html", "sub/index.html", "sub/b.html", ".well-known/x"}
	f.Fuzz(func(t *testing.T, path string) {
		name, status := cleanPath(path)
		if status != 0 {
			return
		}
		if again, _ := cleanPath(name); again != name {
			t.Errorf("%q becomes %q, then %q", path, name, again)
		}
		to := site.route(name, "", "")
		if to.file != "" && !slices.Contains(public, to.file) {
			t.Errorf("%q is answered with %q", path, to.file)
		}
		if to.location != "" {
			t.Errorf("%q leads to %q without a rule", path, to.location)
		}
		if to.moved == "" {
			return
		}
		for _, plainly := range []bool{true, false} {
			location := moveTo(to.moved, plainly, "")
			start := url.URL{Scheme: "http", Host: "host.example", Path: name}
			if end, err := start.Parse(location); err != nil || end.Host != start.Host || end.Path != to.moved || strings.HasPrefix(location, "//") {
				t.Errorf("%q leads to %q, which is %v, %v", path, location, end, err)
			}
		}
	})
}
