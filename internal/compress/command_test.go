package compress

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func start(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = Main(Process{Args: args, Stdout: &out, Stderr: &err})
	return status, out.String(), err.String()
}

// folder makes a folder of files, which have to be in one.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// decoders read what the encoders wrote.
var decoders = map[string]func(io.Reader) (io.Reader, error){
	".br":  func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	".zst": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderMaxWindow(zstdWindow)) },
	".gz":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
}

func TestCompressedFilesHoldTheirFiles(t *testing.T) {
	files := map[string]string{
		"index.html": strings.Repeat("<p>some text</p>\n", 100), "_redirects": "/a", "photo.png": strings.Repeat("x", 5000),
		"app.a1b2c3d4.js": strings.Repeat("let b = 2;\n", 1000),
		"large.js":        strings.Repeat("const a = 1;\n", bestBrotli/10), "window.txt": strings.Repeat(strings.Repeat("0123456789", 1000)+"\n", 1000),
	}
	var first map[string]string
	for range 2 {
		dir := folder(t, files)
		status, stdout, stderr := start(dir)
		want := "warning: _redirects:1: there is no target, which begins with / or https://; the line does not count\nnote: wrote 4 .br files, "
		if status != 0 || stdout != "" || !strings.HasPrefix(stderr, want) || strings.Count(stderr, "\n") != 4 {
			t.Errorf("status %d, %q, %q", status, stdout, stderr)
		}
		made := map[string]string{}
		for _, name := range []string{"index.html", "app.a1b2c3d4.js", "large.js", "window.txt"} {
			for suffix, decode := range decoders {
				text, err := os.ReadFile(filepath.Join(dir, name+suffix))
				if err != nil {
					t.Fatal(err)
				}
				made[name+suffix] = string(text)
				reader, err := decode(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if back, err := io.ReadAll(reader); err != nil || string(back) != files[name] {
					t.Errorf("%s%s does not hold %s: %v", name, suffix, name, err)
				}
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "photo.png.br")); err == nil {
			t.Error("a picture is compressed")
		}
		for name, text := range first {
			if made[name] != text {
				t.Errorf("%s has other bytes the second time", name)
			}
		}
		first = made
	}
}

func TestWhatTheProgramTellsAndRefuses(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		status int
		stdout string // how it begins
		stderr string
	}{
		{[]string{"--help"}, 0, "npx-compress writes .br", ""},
		{[]string{"--version"}, 0, "npx-compress ", ""},
		{[]string{"a", "b"}, 2, "", "error: \"b\" is one folder too many\nhint: see npx-compress --help\n"},
		{[]string{"--fast"}, 2, "", "error: flag provided but not defined: -fast\nhint: see npx-compress --help\n"},
		{[]string{""}, 2, "", "error: the folder's name is empty\nhint: name a folder, such as dist\n"},
		{[]string{"none"}, 1, "", "error: the folder none does not exist; run the build that makes it, or name another folder\n"},
	} {
		status, stdout, stderr := start(tt.args...)
		if status != tt.status || !strings.HasPrefix(stdout, tt.stdout) || stderr != tt.stderr {
			t.Errorf("%q: status %d, %q, %q", tt.args, status, stdout, stderr)
		}
	}
}
