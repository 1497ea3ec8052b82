package world

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// shared is one world for all tests that do not end theirs.
var shared *World

func TestMain(m *testing.M) {
	if os.Getenv(holdVariable) != "" {
		holdWorld()
	}
	os.Exit(testMain(m))
}

func testMain(m *testing.M) (code int) {
	var log strings.Builder
	w, err := Start(context.Background(), Options{Log: &log})
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s\nstarting the world: %v\n", &log, err)
		return 1
	}
	shared = w
	code = m.Run()
	if err := w.Close(); err != nil {
		fmt.Fprintf(os.Stderr, "closing the world: %v\n", err)
		code = 1
	}
	if code != 0 {
		fmt.Fprintf(os.Stderr, "log of the world:\n%s\n", &log)
	}
	return code
}

func TestBuilds(t *testing.T) {
	b := newBuilder(t, shared)
	t.Run("sample apps are built and run", func(t *testing.T) { testSampleApps(t, b) })
	t.Run("package managers need the overlay", func(t *testing.T) { testOverlay(t, b) })
}

func testSampleApps(t *testing.T, b *builder) {
	for _, tt := range []struct {
		app, packages, install, build, start string
		want                                 map[string]any
	}{
		{
			app: "node", packages: "nodejs_22 npm-9_x",
			install: "[[ $(npm --version) == 9.* ]] && npm ci", build: "npm run build", start: "npm run start",
			want: map[string]any{"app": "node", "built": []any{"client.js"}, "runtime": "v22.23.3"},
		},
		{
			app: "python", packages: "python311 gcc",
			install: "python -m venv --copies /opt/venv && . /opt/venv/bin/activate && pip install -r requirements.txt",
			build:   "python -m compileall main.py", start: "python main.py",
			want: map[string]any{"app": "python", "rendered": "<p><em>hello</em></p>", "runtime": "3.11.2"},
		},
		{
			app: "go", packages: "go_1_23",
			install: "go mod download", build: "CGO_ENABLED=0 go build -o out", start: "./out",
			want: map[string]any{"app": "go", "runtime": "go1.23.12"},
		},
	} {
		t.Run(tt.app, func(t *testing.T) {
			ref := shared.Registry + "/apps/" + tt.app + ":latest"
			file := dockerfile(shared, tt.packages, tt.install, tt.build, tt.start)
			if out, err := b.build(t.Context(), file, "../apps/"+tt.app, ref); err != nil {
				t.Fatalf("building: %v\n%s", err, out)
			}
			c, err := shared.Run(t.Context(), ref, RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := c.Stop(); err != nil {
					t.Error(err)
				}
			})
			var got map[string]any
			if err := getJSON(c.URL+"/health", &got); err != nil {
				t.Fatalf("%v\n%s", err, c.Logs())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func testOverlay(t *testing.T, b *builder) {
	const file = `FROM %s
RUN nix-instantiate --eval --expr '(import (fetchTarball "%s/NixOS/nixpkgs/archive/main.tar.gz") { }).npm-9_x'
`
	out, err := b.build(t.Context(), fmt.Sprintf(file, shared.Base, shared.NixMirror), t.TempDir(), "")
	if err == nil || !strings.Contains(out, "npm-9_x") {
		t.Errorf("got error %v, want an undefined attribute\n%s", err, out)
	}
}

func TestMirrorHasNoOtherArchives(t *testing.T) {
	for _, path := range []string{
		"/NixOS/nix/archive/master.tar.gz", "/NixOS/nixpkgs/archive/master.zip", "/debian/--option.tar", "/debian/tar", "/maven/a:b",
	} {
		resp, err := http.Get(shared.NixMirror + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: got %s, want 404", path, resp.Status)
		}
	}
}

func TestRunReportsAProgramThatEnds(t *testing.T) {
	_, err := shared.Run(t.Context(), shared.RunImage, RunOptions{Port: 1})
	if err == nil || !strings.Contains(err.Error(), "ended with status 0") {
		t.Errorf("got error %v, want the exit status", err)
	}
}

func TestRegistryAsksForThePassword(t *testing.T) {
	r, err := shared.NewRegistry(t.Context(), RegistryOptions{User: "ada", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	img, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := name.NewTag(r.Host + "/app:latest")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(tag, img); err == nil {
		t.Error("pushing without a password: got no error")
	}
	auth := remote.WithAuth(&authn.Basic{Username: "ada", Password: "secret"})
	if err := remote.Write(tag, img, auth); err != nil {
		t.Errorf("pushing: %v", err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Delete(tag.Digest(digest.String()), auth); err != nil {
		t.Errorf("deleting: %v", err)
	}
	if _, err := remote.Head(tag, auth); err == nil {
		t.Error("the image is still there")
	}
}

func getJSON(url string, into any) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("reading %q: %w", data, err)
	}
	return nil
}
