package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func compress(t *testing.T, dir string) Saving {
	t.Helper()
	savings, _, err := Compress(dir, []Encoder{{Suffix: ".gz", New: func(w io.Writer, _ Text) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }}})
	if err != nil {
		t.Fatal(err)
	}
	return savings[0]
}

// contents is the files of a folder by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var text []byte
			text, err = os.ReadFile(filepath.Join(dir, name))
			all[name] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCompress(t *testing.T) {
	text := strings.Repeat("some text that repeats ", 200)
	files := folder{
		"index.html": text, "assets/a.js": text, "small.css": "a{}", "photo.png": text, ".hidden.js": text, ".git/a.js": text, ".well-known/a.json": text, "_redirects": text,
		"made.js": text, "made.js.gz": "by another program", "noise.txt": random(5000), "link.js": "->assets/a.js", "taken.js": text, "taken.js.gz": "->../../outside",
	}
	dir := files.write(t)
	saving := compress(t, dir)
	if saving.Files != 3 || saving.From != int64(3*len(text)) || saving.Bytes <= 0 || saving.Bytes > saving.From/10 {
		t.Errorf("saved %+v", saving)
	}
	after := contents(t, dir)
	made := slices.Collect(maps.Keys(after))
	made = slices.DeleteFunc(made, func(name string) bool { _, before := files[name]; return before })
	slices.Sort(made)
	if want := []string{".well-known/a.json.gz", "assets/a.js.gz", "index.html.gz"}; !slices.Equal(made, want) {
		t.Errorf("made %q, want %q", made, want)
	}
	reader, err := gzip.NewReader(strings.NewReader(after["assets/a.js.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(reader); err != nil || string(back) != text {
		t.Errorf("assets/a.js.gz does not hold assets/a.js: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "assets/a.js.gz"))
	if err != nil || !info.ModTime().Equal(built) || info.Mode().Perm() != 0o644 {
		t.Errorf("assets/a.js.gz: %v, %v", info, err)
	}
	if again := compress(t, dir); again.Files != 0 {
		t.Errorf("compressing twice writes %d files", again.Files)
	}
	other := files.write(t)
	compress(t, other)
	if !maps.Equal(after, contents(t, other)) {
		t.Error("equal folders are compressed to different bytes")
	}

	// A build that ran again.
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(text+"new"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(dir, "index.html"), built, built.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if again := compress(t, dir); again.Files != 1 {
		t.Errorf("compressing after a change writes %d files", again.Files)
	}
	site, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	response, body := listen(t, site)("GET /", "Accept-Encoding: gzip")
	if reader, err = gzip.NewReader(strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(reader); err != nil || string(back) != text+"new" || response.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("the page is %q in %q, %v", back, response.Header, err)
	}
}

// random is text that does not get smaller.
func random(n int) string {
	var out bytes.Buffer
	state := uint32(1)
	for range n {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		out.WriteByte(byte(state))
	}
	return out.String()
}
