package world

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

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
	if os.Getenv(runDirVariable) != "" {
		printRunDir()
		return
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

func TestMirrorHasNoOtherArchives(t *testing.T) {
	for _, path := range []string{
		"/NixOS/nix/archive/master.tar.gz", "/NixOS/nixpkgs/archive/master.zip", "/debian/--option.tar", "/debian/tar", "/maven/a:b",
		"/node/22.14.0/SHASUMS256.txt", "/node/v22.14.0/node.exe",
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
