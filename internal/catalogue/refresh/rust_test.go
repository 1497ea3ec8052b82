package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"
	"time"
)

const overlayPath = "/rust/archive/HEAD.tar.gz"

// packed is rust-overlay with a list of stable releases, as Git packs a commit.
func packed(t *testing.T, commit string, headers ...*tar.Header) func(http.ResponseWriter, []byte) {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	w := tar.NewWriter(zw)
	const list = "{\n  \"1.30.0\" = import ./1.30.0.nix;\n  \"1.100.0\" = import ./1.100.0.nix;\n  latest = \"1.100.0\";\n}\n"
	headers = append([]*tar.Header{
		{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": commit}},
		{Name: "x/manifests/stable/default.nix", Mode: 0o664, Size: int64(len(list)), ModTime: time.Date(2027, 5, 4, 23, 0, 0, 0, time.UTC)},
	}, headers...)
	for _, h := range headers {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte(list)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return func(rw http.ResponseWriter, _ []byte) { _, _ = rw.Write(b.Bytes()) }
}

func TestTheOverlayOfRustMovesWithRust(t *testing.T) {
	dir, from := copyData(t), serve(t)
	commit := strings.Repeat("a", 40)
	for _, c := range []string{commit, strings.Repeat("b", 40)} { // the second has no newer release
		from.change[overlayPath] = packed(t, c)
		if _, err := run(t, dir, from, later); err != nil {
			t.Fatal(err)
		}
	}
	text := texts(t, dir)["rust.tsv"]
	want := "overlay\t1.100.0\t2027-05-06\thttps://github.com/oxalica/rust-overlay/archive/" + commit + ".tar.gz\t2027-05-04\tsha256-"
	if !strings.Contains(text, want) || strings.Count(text, "overlay\t") != 2 {
		t.Errorf("no %s, or others, in:\n%s", want, text)
	}
	from.change[overlayPath] = packed(t, commit, &tar.Header{Name: "x/more", Mode: 0o644})
	if _, err := run(t, dir, from, later); err == nil || !strings.Contains(err.Error(), commit+".tar.gz has another hash: sha256-") {
		t.Errorf("another tree of a known commit: %v", err)
	}
}

func TestWhatIsNoOverlayOfRust(t *testing.T) {
	for name, tt := range map[string]struct {
		serve func(http.ResponseWriter, []byte)
		want  string
	}{
		"no archive": {func(rw http.ResponseWriter, _ []byte) { _, _ = rw.Write([]byte("<html>")) }, "HEAD.tar.gz: "},
		"no commit":  {packed(t, "main"), `of commit "main" has 2 releases`},
		"a link":     {packed(t, strings.Repeat("a", 40), &tar.Header{Typeflag: tar.TypeSymlink, Name: "x/l", Linkname: "/etc"}), "x/l is neither a file nor a directory"},
	} {
		from := serve(t)
		from.change[overlayPath] = tt.serve
		if _, err := run(t, copyData(t), from, later); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
