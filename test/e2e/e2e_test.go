// Package e2e runs the program for real: real package installs in a real BuildKit with real Nix, a real registry, and
// containers that are started and called.
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

var (
	here    *world.World
	program *world.Program
	shared  string // state of the builder of tests that are not about an empty one
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) (status int) {
	ctx := context.Background()
	log, err := os.CreateTemp("", "npx-action-world-*.log")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.Remove(log.Name())
	if here, err = world.Start(ctx, world.Options{Log: log, Program: true}); err != nil {
		text, _ := os.ReadFile(log.Name())
		fmt.Fprintf(os.Stderr, "bringing up the world: %v\n%s\n", err, text)
		return 1
	}
	defer func() {
		if err := here.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "taking down the world:", err)
			status = 1
		}
	}()
	if program, err = here.Program(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if shared, err = here.NewBuilderDir(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// metadata is what the tests read of --metadata-file.
type metadata struct {
	Digest string `json:"containerimage.digest"`
	Cache  struct {
		Hit, Why string
		Key      string
		Written  bool
	}
	Promoted   string
	ContentKey string
	Seconds    float64
	Steps      []struct {
		Name           string
		InPlan, Cached bool
		Seconds        float64
	}
}

// ran lists the steps of the image that were not cached.
func (m metadata) ran() []string {
	var names []string
	for _, s := range m.Steps {
		if s.InPlan && !s.Cached {
			names = append(names, s.Name)
		}
	}
	return names
}

// started lists all steps that were not cached, also those that are not of the image.
func (m metadata) started() []string {
	var names []string
	for _, s := range m.Steps {
		if !s.Cached {
			names = append(names, s.Name)
		}
	}
	return names
}

// build runs "build" with the options of the world, and fails the test if it fails.
func build(t *testing.T, dir string, args ...string) metadata {
	t.Helper()
	return buildOn(t, shared, dir, args...)
}

// buildOn builds on the builder whose state is in a directory.
func buildOn(t *testing.T, builder, dir string, args ...string) metadata {
	t.Helper()
	m, r := tryBuild(t, builder, dir, args...)
	if r.Status != 0 {
		t.Fatalf("build: status %d\n%s", r.Status, r.Stderr)
	}
	return m
}

func tryBuild(t *testing.T, builder, dir string, args ...string) (metadata, world.Run) {
	t.Helper()
	return tryBuildUntil(t.Context(), t, builder, dir, args...)
}

// tryBuildUntil kills the program when the context ends, which gives a status of -1.
func tryBuildUntil(ctx context.Context, t *testing.T, builder, dir string, args ...string) (metadata, world.Run) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "metadata.json")
	all := append([]string{"build", dir, "--progress", "plain", "--metadata-file", file, "--builder-dir", builder}, here.Options()...)
	r, err := program.Run(ctx, append(all, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	var m metadata
	if text, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
	}
	return m, r
}

// newBuilder makes the state directory of a builder without history, and removes it after the test.
func newBuilder(t *testing.T) string {
	t.Helper()
	dir, err := here.NewBuilderDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// app copies a sample app, so that the test may change it.
func app(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := world.CopyApp(dir, filepath.Join("..", "apps", name)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// get starts an image and returns what it answers to GET of a path.
func get(t *testing.T, image, path string) string {
	t.Helper()
	return getWith(t, image, path, world.RunOptions{})
}

func getWith(t *testing.T, image, path string, o world.RunOptions) string {
	t.Helper()
	c, err := here.Run(t.Context(), image, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	}()
	status, body, err := fetch(t.Context(), c.URL+path)
	if err != nil || status != http.StatusOK {
		t.Fatalf("GET %s: %d %v\n%s\n%s", path, status, err, body, c.Logs())
	}
	return body
}

// fetch gets a URL. A server in front of an app may be up before the app is, and is asked again then, for a minute at most.
func fetch(ctx context.Context, url string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return 0, "", err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, "", err
		}
		text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusBadGateway {
			return resp.StatusCode, string(text), err
		}
		select {
		case <-ctx.Done():
			return resp.StatusCode, string(text), nil
		case <-tick.C:
		}
	}
}
