package e2e

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
)

// differ names the files whose content, in two builds of one Dockerfile too, is never the same, with the reason.
var differ = map[string]string{
	`^nix/var/nix/db/`:                        "Nix's database and its reserved space hold registration times",
	`^nix/var/nix/profiles/`:                  "generation links are named after the time of their making",
	`^root/\.npm/`:                            "npm's logs and cache index hold times",
	`^root/\.cache/`:                          "caches of tools hold times",
	`^var/(log|cache)/`:                       "logs of apt and ldconfig",
	`^etc/(resolv\.conf|hosts|hostname)$`:     "an engine mounts its own and leaves the mount point",
	`^(proc|sys|dev|tmp|run)(/|$)`:            "mount points of the running step",
	`^app/node_modules/\.package-lock\.json$`: "written in an order that npm does not fix",
	`^app/node_modules/\.cache$`:              "the mount point of a cache, which older builders leave",
	`\.pyc$`:                                  "compiled Python holds the time of its source",
}

// TestTheDockerfileGivesTheSameImage builds an app with plain "docker build" from what --out wrote, and compares.
func TestTheDockerfileGivesTheSameImage(t *testing.T) {
	for _, name := range []string{"node", "go"} {
		t.Run(name, func(t *testing.T) {
			dir := app(t, name)
			if name == "node" {
				write(t, dir, "Procfile", "web: node dist/server.js\nworker: node worker.js 'a b'\nclock: while sleep 1; do date; done\n")
			}
			ours := here.Registry + "/e2e/ours-" + name + ":1"
			build(t, dir, "--tag", ours, "--push")

			args := append([]string{"build", dir, "--out", dir}, here.Options()...)
			if r, err := program.Run(t.Context(), args...); err != nil || r.Status != 0 {
				t.Fatalf("build --out: %v, status %d\n%s", err, r.Status, r.Stderr)
			}
			theirs := here.Registry + "/e2e/docker-" + name + ":1"
			dockerBuild(t, dir, theirs)

			a, b := registrytest.Image(t, ours), registrytest.Image(t, theirs)
			compareConfigs(t, a, b)
			compareTrees(t, tree(t, a), tree(t, b))
		})
	}
}

// dockerCLI is the client of the package that the engine is from: a newer one needs plugins to build.
const dockerCLI = "/usr/bin/docker"

// dockerBuild builds and pushes with the Docker engine's own builder. The base images are there under the names that the
// Dockerfile has.
func dockerBuild(t *testing.T, dir, image string) {
	t.Helper()
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	docker := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), dockerCLI, append([]string{"--host", host}, args...)...)
		cmd.Env = append(os.Environ(), "DOCKER_BUILDKIT=1", "BUILDX_BUILDER=default")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("docker %s: %v\n%s", args[0], err, out)
		}
	}
	for local, known := range map[string]string{here.RunImage: plan.SlimImage, here.Tools: plan.ToolsImage} {
		docker("pull", "--quiet", local)
		docker("tag", local, known)
	}
	docker("build", "--network", "host", "--secret", "id=ca-certificates,src="+here.CABundle,
		"-f", filepath.Join(dir, ".nixpacks", "Dockerfile"), "-t", image, dir)
	docker("push", "--quiet", image)
}

func compareConfigs(t *testing.T, a, b v1.Image) {
	t.Helper()
	configs := make([]v1.Config, 2)
	for i, img := range []v1.Image{a, b} {
		c, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		configs[i] = c.Config
		slices.Sort(configs[i].Env)    // an order without meaning
		configs[i].ArgsEscaped = false // says something about Windows only, and BuildKit's frontend sets it always
	}
	if diff := cmp.Diff(configs[0], configs[1]); diff != "" {
		t.Errorf("image configuration (-LLB +Dockerfile):\n%s", diff)
	}
}

// tree lists the files of an image: path to kind, permissions, owner and content, without times. Older engines write the
// kind into the mode as well.
func tree(t *testing.T, img v1.Image) map[string]string {
	t.Helper()
	stream := mutate.Extract(img)
	defer stream.Close()
	files, links := map[string]string{}, map[string]string{}
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil {
			t.Fatal(err)
		}
		p := clean(h.Name)
		if h.Typeflag == tar.TypeLink {
			links[p] = clean(h.Linkname)
			continue
		}
		files[p] = fmt.Sprintf("%c %o %d:%d %s", h.Typeflag, h.Mode&0o7777, h.Uid, h.Gid, h.Linkname)
		if h.Typeflag == tar.TypeReg {
			files[p] += " " + hex.EncodeToString(sum.Sum(nil)[:8])
		}
	}
	for p, target := range links { // which name of a file comes first depends on the layers
		files[p] = files[target]
	}
	return files
}

func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

func compareTrees(t *testing.T, a, b map[string]string) {
	t.Helper()
	var exceptions []*regexp.Regexp
	for pattern := range differ {
		exceptions = append(exceptions, regexp.MustCompile(pattern))
	}
	excused := func(p string) bool {
		return slices.ContainsFunc(exceptions, func(re *regexp.Regexp) bool { return re.MatchString(p) })
	}
	count := 0
	report := func(format string, args ...any) {
		if count++; count <= 30 {
			t.Errorf(format, args...)
		}
	}
	for p, want := range a {
		if got, ok := b[p]; !ok && !excused(p) {
			report("only in the LLB image: %s: %s", p, want)
		} else if ok && got != want && !excused(p) {
			report("%s: LLB %s, Dockerfile %s", p, want, got)
		}
	}
	for p, got := range b {
		if _, ok := a[p]; !ok && !excused(p) {
			report("only in the Dockerfile's image: %s: %s", p, got)
		}
	}
	t.Logf("%d files in the LLB image, %d in the Dockerfile's, %d differences", len(a), len(b), count)
	if len(a) < 500 { // a static image has the app and the time zones
		t.Errorf("only %d files were compared", len(a))
	}
}
