package static

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestEncodings(t *testing.T) {
	dir := folder{
		"index.html": "home", "a.js": "plain", "a.js.gz": "GZIP", "a.js.br": "BROTLI", "a.js.zst": "ZSTD", "b.css": "plain", "b.css.gz": "GZ", "data.tar": "tar", "data.tar.gz": "another",
		"old.js": "new", "old.js.gz": "OLD", "404.html": "lost", "404.html.gz": "LOST", "index.html.br": "HOME", "assets/a-BfYx3k_1.js": "h", "assets/a-BfYx3k_1.js.br": "H",
	}.write(t)
	if err := os.Chtimes(filepath.Join(dir, "old.js"), built, built.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	site, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	ask := listen(t, site)
	for _, tt := range []struct{ request, accept, body, encoding string }{
		{"GET /a.js", "", "plain", ""},
		{"GET /a.js", "gzip", "GZIP", "gzip"},
		{"GET /a.js", "gzip, deflate, br, zstd", "BROTLI", "br"},
		{"GET /a.js", "gzip, zstd", "ZSTD", "zstd"},
		{"GET /a.js", "gzip, br;q=0", "GZIP", "gzip"},
		{"GET /a.js", "gzip;q=1.0, br;q=0.5", "GZIP", "gzip"},
		{"GET /a.js", "br;q=0.001", "BROTLI", "br"},
		{"GET /a.js", "*", "BROTLI", "br"},
		{"GET /a.js", "*;q=0", "plain", ""},
		{"GET /a.js", "br;q=0, *", "ZSTD", "zstd"},
		{"GET /a.js", "X-GZIP", "GZIP", "gzip"},
		{"GET /a.js", "identity", "plain", ""},
		{"GET /a.js", "identity;q=1, gzip;q=0.5", "plain", ""},
		{"GET /a.js", "gzip;q=1.0, identity;q=0.3", "GZIP", "gzip"},
		{"GET /a.js", "gzip, identity", "GZIP", "gzip"},
		{"GET /a.js", "gzip;q=nonsense", "plain", ""},
		{"GET /a.js", "gzip;q=2", "plain", ""},
		{"GET /a.js", "gzipped, brr", "plain", ""},
		{"GET /a.js", ",;=,", "plain", ""},
		{"GET /b.css", "br, gzip", "GZ", "gzip"},
		{"GET /b.css", "br", "plain", ""},
		{"GET /old.js", "gzip", "new", ""},
		{"GET /", "br", "HOME", "br"},
		{"GET /missing", "gzip", "LOST", "gzip"},
		{"GET /assets/a-BfYx3k_1.js", "br", "H", "br"},
	} {
		status := 200
		if tt.request == "GET /missing" {
			status = 404
		}
		check(t, ask, answer{tt.request, status, tt.body, folder{"Content-Encoding": tt.encoding, "Vary": "Accept-Encoding"}}, "Accept-Encoding: "+tt.accept)
	}
	check(t, ask, answer{"GET /data.tar", 200, "tar", folder{"Content-Encoding": "", "Vary": ""}}, "Accept-Encoding: gzip")
	check(t, ask, answer{"GET /a.js.gz", 200, "GZIP", folder{"Content-Encoding": "", "Content-Type": "application/gzip"}}, "Accept-Encoding: gzip")
	check(t, ask, answer{"GET /a.js", 206, "RO", folder{"Content-Encoding": "br", "Content-Range": "bytes 1-2/6"}}, "Accept-Encoding: br", "Range: bytes=1-2")
	check(t, ask, answer{"HEAD /a.js", 200, "", folder{"Content-Encoding": "br", "Content-Length": "6", "Content-Type": "text/javascript; charset=utf-8"}}, "Accept-Encoding: br")

	plain, _ := ask("GET /a.js")
	brotli, _ := ask("GET /a.js", "Accept-Encoding: br")
	if plain.Header.Get("ETag") == brotli.Header.Get("ETag") {
		t.Error("two encodings have one tag")
	}
	check(t, ask, answer{"GET /a.js", 304, "", folder{"ETag": brotli.Header.Get("ETag")}}, "Accept-Encoding: br", "If-None-Match: "+brotli.Header.Get("ETag"))
	check(t, ask, answer{"GET /a.js", 200, "BROTLI", nil}, "Accept-Encoding: br", "If-None-Match: "+plain.Header.Get("ETag"))
}
