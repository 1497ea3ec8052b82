package world

import (
	"errors"
	"net/http"
	"os"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
)

func TestAReleaseIsOffered(t *testing.T) {
	const version = "22.14.0" // of which tools.json has a newer one
	for range 2 {
		if err := shared.Offer(t.Context(), "node", version); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(shared.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	file, err := catalogue.ParseFile(shared.Catalogue, text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Open(catalogue.Options{Files: []*catalogue.File{file}})
	if err != nil {
		t.Fatal(err)
	}
	tool, err := c.Tool("node")
	if err != nil {
		t.Fatal(err)
	}
	release, ok := tool.Release(version, "linux/amd64")
	if !ok || release.Address != shared.NixMirror+"/tools/nodejs_22-22.14.0.tar" {
		t.Fatalf("the catalogue has %+v", release)
	}
	resp, err := http.Get(release.Address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("GET %s: %s", release.Address, resp.Status)
	}
}

func TestTheNearestReleaseIsOfTheLine(t *testing.T) {
	for _, tt := range []struct{ tool, version, want string }{
		{"node", "23.5.0", "nodejs_24"},
		{"node", "18.20.8", "nodejs_18"},
		{"go", "1.25.3", "go_1_25"},
		{"go", "1.99.0", "go_1_27"},
	} {
		if name, _, err := nearest(tt.tool, tt.version); name != tt.want || err != nil {
			t.Errorf("%s %s: got %q, %v, want %s", tt.tool, tt.version, name, err, tt.want)
		}
	}
	if _, _, err := nearest("ruby", "3.4.1"); !errors.Is(err, ErrNotOffered) {
		t.Errorf("ruby: got %v", err)
	}
}
