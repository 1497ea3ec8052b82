package static

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A folder is files by name. A name with a slash at its end is a folder; text with "->" in front is a symbolic link.
type folder map[string]string

// built is when a build made its files: all at once, as in an image.
var built = time.Unix(1, 0)

func (f folder) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range f {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(target, file)
		} else if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(file, 0o755)
		} else if err = os.WriteFile(file, []byte(text), 0o644); err == nil {
			err = os.Chtimes(file, built, built)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, f folder, options Options) *Site {
	t.Helper()
	site, warnings, err := Open(f.write(t), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	for _, w := range warnings {
		if !strings.Contains(w, "no index.html") {
			t.Error(w)
		}
	}
	return site
}

// got is what came of a request, without its body.
type got struct {
	StatusCode int
	Header     http.Header
}

// listen serves a site on loopback. The function that it returns asks it: "GET /a", then headers "Name: value".
func listen(t *testing.T, site *Site) func(request string, headers ...string) (got, string) {
	t.Helper()
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	return func(request string, headers ...string) (got, string) {
		t.Helper()
		method, target, _ := strings.Cut(request, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(target, "?")
		r.URL.Opaque, r.URL.RawQuery = path, query // as it is
		if strings.HasPrefix(path, "//") {
			r.URL.Opaque = server.URL + path
		}
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			r.Header.Add(name, value)
			if name == "Host" {
				r.Host = value
			}
		}
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return got{response.StatusCode, response.Header}, string(body)
	}
}

// An answer is what a test expects of a request. Headers that it does not name may be anything; "" is none.
type answer struct {
	request string
	status  int
	body    string
	headers folder // values by name
}

func check(t *testing.T, ask func(string, ...string) (got, string), want answer, headers ...string) {
	t.Helper()
	response, body := ask(want.request, headers...)
	if response.StatusCode != want.status || body != want.body {
		t.Errorf("%s %q: %d %q, want %d %q", want.request, headers, response.StatusCode, body, want.status, want.body)
	}
	for name, value := range want.headers {
		if got := strings.Join(response.Header.Values(name), ", "); got != value {
			t.Errorf("%s %q: %s is %q, want %q", want.request, headers, name, got, value)
		}
	}
}

const plain404 = "404 not found\n"

func TestWhichFileAnswersAPath(t *testing.T) {
	ask := listen(t, open(t, folder{
		"index.html": "home", "about.html": "about", "blog/index.html": "blog", "blog/first.html": "first", "both.html": "page", "both/index.html": "index",
		"docs.html": "docs", "docs/a.html": "a", "empty/": "", "a b%.txt": "odd", "x:y/index.html": "colon", ".env": "secret", ".git/config": "secret", "sub/.hidden/a.txt": "secret",
		".well-known/security.txt": "contact", ".well-known/.secret": "secret", "photo.JPG": "jpg", "ünï.txt": "name", "..data/a.txt": "secret",
		"inside.txt": "->about.html", "outside.txt": "->/etc/hostname", "up.txt": "->../../../../../etc/hostname", "etc": "->/etc",
	}, Options{}))
	for _, want := range []answer{
		{"GET /", 200, "home", folder{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Last-Modified": ""}},
		{"GET /index.html", 200, "home", nil},
		{"GET /about", 200, "about", nil},
		{"GET /about.html", 200, "about", nil},
		{"GET /about/", 301, "", folder{"Location": "../about", "Cache-Control": "no-cache"}},
		{"GET /about/?a=b", 301, "", folder{"Location": "../about?a=b"}},
		{"GET /blog/", 200, "blog", nil},
		{"GET /blog", 301, "", folder{"Location": "./blog/"}},
		{"GET /blog?q=1&r=%2F", 301, "", folder{"Location": "./blog/?q=1&r=%2F"}},
		{"GET /blog/first", 200, "first", nil},
		{"GET /blog//first", 200, "first", nil},
		{"GET /both", 200, "page", nil},
		{"GET /both/", 200, "index", nil},
		{"GET /docs", 200, "docs", nil},
		{"GET /docs/", 301, "", folder{"Location": "../docs"}},
		{"GET /x:y", 301, "", folder{"Location": "./x:y/"}},
		{"GET /empty", 404, plain404, folder{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache"}},
		{"GET /empty/", 404, plain404, nil},
		{"GET /about.html/", 404, plain404, nil},
		{"GET /missing", 404, plain404, nil},
		{"GET /a%20b%25.txt", 200, "odd", nil},
		{"GET /%C3%BCn%C3%AF.txt", 200, "name", nil},
		{"GET /photo.JPG", 200, "jpg", folder{"Content-Type": "image/jpeg"}},
		{"GET /.well-known/security.txt", 200, "contact", nil},
		{"GET /inside.txt", 200, "about", nil},

		// What is never served.
		{"GET /.env", 404, plain404, nil},
		{"GET /%2eenv", 404, plain404, nil},
		{"GET /.git/config", 404, plain404, nil},
		{"GET //.git/config", 404, plain404, nil},
		{"GET /sub/.hidden/a.txt", 404, plain404, nil},
		{"GET /.well-known/.secret", 404, plain404, nil},
		{"GET /.well-known/x/.secret", 404, plain404, nil},
		{"GET /..data/a.txt", 404, plain404, nil},
		{"GET /outside.txt", 404, plain404, nil},
		{"GET /up.txt", 404, plain404, nil},
		{"GET /etc/hostname", 404, plain404, nil},

		// What no browser sends.
		{"GET /../../etc/passwd", 400, "400 bad request\n", nil},
		{"GET /%2e%2e/%2e%2e/etc/passwd", 400, "400 bad request\n", nil},
		{"GET /blog/..%2f..%2fetc/passwd", 400, "400 bad request\n", nil},
		{"GET /./about", 400, "400 bad request\n", nil},
		{`GET /..%5c..%5cetc%5cpasswd`, 404, plain404, nil},
		{"GET /about%00.html", 400, "400 bad request\n", nil},
		{"GET /about%0d%0aSet-Cookie:a", 400, "400 bad request\n", nil},
		{"GET /" + strings.Repeat("a", 300), 404, plain404, nil},
		{"GET /" + strings.Repeat("a/", 1500), 404, plain404, nil},
		{"GET /" + strings.Repeat("a/", 3000), 414, "414 request uri too long\n", nil},
		{"GET /%ff%fe", 404, plain404, nil},
		{"GET //evil.example", 404, plain404, folder{"Location": ""}},
		{"GET //evil.example/..", 400, "400 bad request\n", folder{"Location": ""}},
		{"GET //blog", 301, "", folder{"Location": "/blog/"}},
		{"GET /about//", 301, "", folder{"Location": "/about"}},
		{"GET /blog/first%2f?a", 301, "", folder{"Location": "/blog/first?a"}},
		{"GET /%62log", 301, "", folder{"Location": "/blog/"}},
		{"GET //x:y", 301, "", folder{"Location": "/x:y/"}},
		{"GET /blog%2f", 200, "blog", nil},
		{"GET /%2f%2fevil.example%2f", 404, plain404, nil},
	} {
		check(t, ask, want)
	}
}

func TestMethods(t *testing.T) {
	ask := listen(t, open(t, folder{"index.html": "home", "404.html": "lost"}, Options{SPA: true}))
	allow := folder{"Allow": "GET, HEAD, OPTIONS"}
	check(t, ask, answer{"HEAD /", 200, "", folder{"Content-Length": "4", "Content-Type": "text/html; charset=utf-8"}})
	check(t, ask, answer{"HEAD /a.js", 404, "", folder{"Content-Length": "4"}})
	check(t, ask, answer{"OPTIONS /", 204, "", allow})
	check(t, ask, answer{"OPTIONS /missing.js", 204, "", allow})
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} {
		check(t, ask, answer{method + " /", 405, "405 method not allowed\n", allow})
	}
}

func TestSinglePageApp(t *testing.T) {
	files := folder{"index.html": "app", "about.html": "about", "assets/index-BfYx3k_1.js": "code", ".env": "secret"}
	ask := listen(t, open(t, files, Options{SPA: true}))
	for _, want := range []answer{
		{"GET /users/7", 200, "app", folder{"Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8"}},
		{"GET /users/7/", 200, "app", nil},
		{"GET /assets/", 200, "app", nil},
		{"GET /users/jane.doe?tab=1", 200, "app", nil},
		{"GET /v1.2.3", 200, "app", nil},
		{"GET /about", 200, "about", nil},
		{"GET /assets/index-BfYx3k_1.js", 200, "code", folder{"Cache-Control": "public, max-age=31536000, immutable"}},
		{"GET /assets/index-CAAAAAA1.js", 404, plain404, folder{"Cache-Control": "no-cache"}},
		{"GET /logo.PNG", 404, plain404, nil},
		{"GET /missing.html", 404, plain404, nil},
		{"GET /.env", 404, plain404, nil},
		{"GET /.git/config", 404, plain404, nil},
	} {
		check(t, ask, want)
	}
	files[redirectsFile] = "/* /index.html 200\n"
	ask = listen(t, open(t, files, Options{}))
	check(t, ask, answer{"GET /users/7", 200, "app", nil})
	check(t, ask, answer{"GET /assets/index-CAAAAAA1.js", 404, plain404, nil})
	check(t, ask, answer{"GET /.env", 404, plain404, nil})
	ask = listen(t, open(t, folder{"index.html": "app"}, Options{}))
	check(t, ask, answer{"GET /users/7", 404, plain404, nil})
}

func TestTheNearest404PageAnswers(t *testing.T) {
	ask := listen(t, open(t, folder{"index.html": "home", "404.html": "lost", "fr/404.html": "perdu", "fr/a/b.html": "b"}, Options{}))
	check(t, ask, answer{"GET /x", 404, "lost", folder{"Content-Type": "text/html; charset=utf-8", "Content-Length": "4", "Cache-Control": "no-cache", "ETag": ""}})
	check(t, ask, answer{"GET /fr/x", 404, "perdu", nil})
	check(t, ask, answer{"GET /fr/a/x/y", 404, "perdu", nil})
	check(t, ask, answer{"GET /fr/", 404, "perdu", nil})
	check(t, ask, answer{"GET /fr", 404, "lost", nil})
	check(t, ask, answer{"GET /.git/x", 404, "lost", nil})
	check(t, ask, answer{"GET /404.html", 200, "lost", nil})
	check(t, ask, answer{"GET /x", 404, "lost", nil}, "Range: bytes=0-1", "If-None-Match: *")
}

func TestConditionsAndRanges(t *testing.T) {
	site := open(t, folder{"index.html": "home", "a.txt": "0123456789", "b.css": "plain", "b.css.gz": "GZ"}, Options{})
	ask := listen(t, site)
	first, _ := ask("GET /a.txt")
	tag := first.Header.Get("ETag")
	if !strings.HasPrefix(tag, `"`) || len(tag) != 24 {
		t.Fatalf("the tag is %s", tag)
	}
	const unsatisfied = "invalid range: failed to overlap\n"
	for _, tt := range []struct {
		answer
		header []string
	}{
		{answer{"GET /a.txt", 200, "0123456789", folder{"Accept-Ranges": "bytes", "Content-Length": "10", "Vary": "Accept-Encoding"}}, nil},
		{answer{"GET /a.txt", 304, "", folder{"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "Content-Type": "", "Content-Length": ""}}, []string{"If-None-Match: " + tag}},
		{answer{"GET /a.txt", 304, "", nil}, []string{"If-None-Match: \"x\", W/" + tag}},
		{answer{"GET /a.txt", 304, "", nil}, []string{"If-None-Match: *"}},
		{answer{"HEAD /a.txt", 304, "", nil}, []string{"If-None-Match: " + tag}},
		{answer{"GET /a.txt", 200, "0123456789", nil}, []string{`If-None-Match: "x"`}},
		{answer{"GET /a.txt", 412, "", nil}, []string{`If-Match: "x"`}},
		{answer{"GET /b.css", 412, "", nil}, []string{`If-Match: "x"`, "Accept-Encoding: gzip"}},
		{answer{"GET /b.css", 416, unsatisfied, folder{"Content-Encoding": ""}}, []string{"Range: bytes=9-", "Accept-Encoding: gzip"}},
		{answer{"GET /a.txt", 200, "0123456789", nil}, []string{"If-Match: " + tag}},
		{answer{"GET /a.txt", 200, "0123456789", nil}, []string{"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"}},
		{answer{"GET /a.txt", 206, "234", folder{"Content-Range": "bytes 2-4/10", "Content-Length": "3", "ETag": tag}}, []string{"Range: bytes=2-4"}},
		{answer{"GET /a.txt", 206, "89", nil}, []string{"Range: bytes=-2"}},
		{answer{"GET /a.txt", 206, "9", nil}, []string{"Range: bytes=9-"}},
		{answer{"GET /a.txt", 206, "0", nil}, []string{"Range: bytes=0-0", "If-Range: " + tag}},
		{answer{"GET /a.txt", 200, "0123456789", nil}, []string{"Range: bytes=0-0", `If-Range: "x"`}},
		{answer{"GET /a.txt", 416, unsatisfied, folder{"Content-Range": "bytes */10", "Cache-Control": ""}}, []string{"Range: bytes=10-"}},
		{answer{"GET /a.txt", 416, "invalid range\n", nil}, []string{"Range: lines=1-2"}},
		{answer{"HEAD /a.txt", 206, "", folder{"Content-Length": "2"}}, []string{"Range: bytes=0-1"}},
	} {
		check(t, ask, tt.answer, tt.header...)
	}
	// Many ranges that overlap would make a small file large.
	all, body := ask("GET /a.txt", "Range: bytes="+strings.Repeat("0-,", 1000)+"0-")
	if all.StatusCode != http.StatusOK || body != "0123456789" {
		t.Errorf("1,000 ranges: %d and %d bytes", all.StatusCode, len(body))
	}
	parts, body := ask("GET /a.txt", "Range: bytes=0-1,5-6")
	if parts.StatusCode != http.StatusPartialContent || !strings.HasPrefix(parts.Header.Get("Content-Type"), "multipart/byteranges") || !strings.Contains(body, "\r\n01\r\n") || !strings.Contains(body, "\r\n56\r\n") {
		t.Errorf("two ranges: %d %q", parts.StatusCode, body)
	}
}

// TestATagChangesWithTheContentAlone is what images need, where all files have one time.
func TestATagChangesWithTheContentAlone(t *testing.T) {
	tagOf := func(text string) string {
		response, _ := listen(t, open(t, folder{"index.html": text}, Options{}))("GET /")
		return response.Header.Get("ETag")
	}
	one, again, two := tagOf("one"), tagOf("one"), tagOf("two")
	if one != again || one == two {
		t.Errorf("tags %s, %s and %s", one, again, two)
	}

	dir := folder{"index.html": "home", "a.txt": "one"}.write(t)
	site, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	ask := listen(t, site)
	before, _ := ask("GET /a.txt")
	// Another file takes the name, with the same size and time.
	other := filepath.Join(dir, "b.txt")
	if err := os.WriteFile(other, []byte("two"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(other, built, built); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	check(t, ask, answer{"GET /a.txt", 200, "two", nil}, "If-None-Match: "+before.Header.Get("ETag"))
}

// TestNobodyWaitsForTheTagOfALargeFile asks until the tag is there.
func TestNobodyWaitsForTheTagOfALargeFile(t *testing.T) {
	dir := folder{"index.html": "home", "a.mp4": ""}.write(t)
	if err := os.Truncate(filepath.Join(dir, "a.mp4"), readAside); err != nil {
		t.Fatal(err)
	}
	site, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	ask := listen(t, site)
	check(t, ask, answer{"GET /a.mp4", 206, "\x00", folder{"ETag": "", "Content-Range": "bytes 0-0/67108864"}}, "Range: bytes=0-0")
	tag := ""
	for end := time.Now().Add(time.Minute); tag == "" && time.Now().Before(end); {
		response, _ := ask("HEAD /a.mp4")
		tag = response.Header.Get("ETag")
	}
	check(t, ask, answer{"GET /a.mp4", 304, "", folder{"ETag": tag}}, "If-None-Match: "+tag)
}

func TestTheStatusOfAFileThatCannotBeOpened(t *testing.T) {
	for err, want := range map[error]int{fs.ErrNotExist: 404, fs.ErrPermission: 403, syscall.EMFILE: 500, syscall.EIO: 500} {
		if got := statusOf(&fs.PathError{Err: err}); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}

func TestOnlyRegularFilesAreServed(t *testing.T) {
	dir := folder{"index.html": "home"}.write(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	site, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	check(t, listen(t, site), answer{"GET /pipe.txt", 404, plain404, nil})
	if _, _, _, err := site.open("pipe.txt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening a pipe: %v", err)
	}
}
