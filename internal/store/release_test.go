package store

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	hash = "sha256:9d942932535988091034dc94cc5f42b6dc8784d6366df3a36c4c9ccb3996f0c2"
	node = "node@22.14.0 linux/amd64 https://example.com/node.tar.gz " + hash
)

func TestAReleaseIsReadAsItIsWritten(t *testing.T) {
	tests := map[string]Release{
		node: {Name: "node", Version: "22.14.0", Platform: "linux/amd64", URL: "https://example.com/node.tar.gz", Hash: hash, Strip: 1},
		"npm@10.9.9 linux/arm64 http://[::1]:80/a?b=c&d " + hash + " into=lib/npm strip=0 link=bin/npm:../lib/npm/bin/npm.js link=bin/npx:npm path=bin path=.": {
			Name: "npm", Version: "10.9.9", Platform: "linux/arm64", URL: "http://[::1]:80/a?b=c&d", Hash: hash,
			Into: "lib/npm", Links: []Link{{"bin/npm", "../lib/npm/bin/npm.js"}, {"bin/npx", "npm"}}, Paths: []string{"bin", "."},
		},
		"composer@2.8.1 linux/amd64 https://example.com/composer.phar " + hash + " file=lib/composer.phar link=bin/composer:../lib/composer.phar": {
			Name: "composer", Version: "2.8.1", Platform: "linux/amd64", URL: "https://example.com/composer.phar", Hash: hash,
			Into: "lib/composer.phar", File: true, Links: []Link{{"bin/composer", "../lib/composer.phar"}},
		},
	}
	for text, want := range tests {
		got, err := ParseRelease(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if got.String() != text {
			t.Errorf("written as %s, read from %s", got, text)
		}
	}
}

func TestBinIsWhereTheProgramsAre(t *testing.T) {
	r, err := ParseRelease(node)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Bin(), []string{r.Out() + "/bin"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	r.Paths = []string{".", "tools/bin"}
	if got, want := r.Bin(), []string{r.Out(), r.Out() + "/tools/bin"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What would end a string of a shell, of Nix or of a Dockerfile, or lead out of the release's directory, is refused.
func TestABadReleaseIsRefused(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "has less than the four parts"},
		{"node@1 linux/amd64 https://x/y", "has less than the four parts"},
		{"Node@1 linux/amd64 https://x/y " + hash, "is no name of a tool"},
		{"../x@1 linux/amd64 https://x/y " + hash, "is no name of a tool"},
		{"node linux/amd64 https://x/y " + hash, "is no version"},
		{"node@1/2 linux/amd64 https://x/y " + hash, "is no version"},
		{"node@-1 linux/amd64 https://x/y " + hash, "is no version"},
		{"node@1 linux/riscv64 https://x/y " + hash, "is neither linux/amd64 nor linux/arm64"},
		{"node@1 linux/amd64 file:///etc/passwd " + hash, "is no URL"},
		{"node@1 linux/amd64 https://me:pass@x/y " + hash, "is no URL"},
		{"node@1 linux/amd64 https://x/$(id) " + hash, "is no URL"},
		{"node@1 linux/amd64 https://x/'; " + hash, "is no URL"},
		{`node@1 linux/amd64 https://x/" ` + hash, "is no URL"},
		{"node@1 linux/amd64 https://x/y sha1:abc", "is no hash"},
		{"node@1 linux/amd64 https://x/y sha256:" + strings.Repeat("A", 64), "is no hash"},
		{"node@1 linux/amd64 https://x/y sha512:" + strings.Repeat("a", 64), "is no hash"},
		{node + " strip=x", "is no number"},
		{node + " strip=-1", "strip is -1"},
		{node + " strip=1000", "strip is 1000"},
		{node + " into=../x", "is no clean path"},
		{node + " into=/x", "is no clean path"},
		{node + " into=a//b", "is no clean path"},
		{node + " into=-x", "is no clean path"},
		{node + " file=", "a file needs a name"},
		{node + " link=bin/x:../../y", "does not stay"},
		{node + " link=bin/x:/etc/passwd", "does not stay"},
		{node + " link=bin/x:", "does not stay"},
		{node + " link=../x:y", "does not stay"},
		{node + " link=bin/x:$out", "does not stay"},
		{node + " path=..", "is no clean path"},
		{node + " path=a:b", "is no clean path"},
		{node + " mode=0777", "is none of"},
		{node + " executable", "is not KEY=VALUE"},
		{"bun@1 linux/amd64 https://x/bun.zip " + hash, "is a zip archive"},
		{"uv@1 linux/amd64 https://x/uv.whl?a=b " + hash, "is a zip archive"},
		{node + strings.Repeat(" path=bin", 1000), "bytes, and at most"},
	}
	for _, tt := range tests {
		if _, err := ParseRelease(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.120s: got %v, want %q", tt.text, err, tt.want)
		}
	}
}

func FuzzParseRelease(f *testing.F) {
	f.Add(node + " into=a link=b/c:../a path=.")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRelease(text)
		if err != nil {
			return
		}
		again, err := ParseRelease(r.String())
		if err != nil || r.Out() != again.Out() {
			t.Errorf("%q is written as %q: %v", text, r, err)
		}
	})
}
