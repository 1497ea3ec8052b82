package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// builderFor starts a builder that says that it is of a platform, and returns its address.
func builderFor(t *testing.T, platform string) string {
	t.Helper()
	claiming := filepath.Join(t.TempDir(), "buildkitd")
	script := "#!/bin/sh\nexec " + program.Daemon() + " --oci-worker-platform " + platform + " \"$@\"\n"
	if err := os.WriteFile(claiming, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	conn, err := builder.Connect(t.Context(), builder.Options{
		Embedded: builder.Embedded{Dir: newBuilder(t), Binary: claiming}, Insecure: []string{here.Registry}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	if got := conn.Info().Platforms; len(got) == 0 || got[0] != platform {
		t.Fatalf("the builder for %s is one for %q", platform, got)
	}
	return conn.Info().Address
}

// baseForBoth pushes a base image for two architectures. Its programs are of this machine for both, so that builders for both can run them here.
func baseForBoth(t *testing.T) string {
	t.Helper()
	img := registrytest.Image(t, here.Base)
	images := map[string]v1.Image{}
	for _, arch := range []string{"amd64", "arm64"} {
		config, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		config = config.DeepCopy()
		config.Architecture = arch
		if images[arch], err = mutate.ConfigFile(img, config); err != nil {
			t.Fatal(err)
		}
	}
	ref := here.Registry + "/e2e/base-for-both:1"
	registrytest.PushIndex(t, ref, images)
	return ref
}

// TestAnAppIsBuiltForTwoPlatformsOnTwoBuilders has a second builder that says that it is of arm64, which this machine is not.
func TestAnAppIsBuiltForTwoPlatformsOnTwoBuilders(t *testing.T) {
	dir := t.TempDir()
	const start = "\n[start]\ncmd = \"true\"\n"
	base := "buildImage = \"" + baseForBoth(t) + "\"\n\n[phases.install]\n"
	write(t, dir, "nixpacks.toml", base+"cmds = [\"echo built > made\"]\n"+start)
	write(t, dir, "package-lock.json", `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`)
	image := here.Registry + "/e2e/both:1"
	both := []string{"--platform", "linux/amd64,linux/arm64", "--tag", image, "--push", "--cache-ref", here.Registry + "/e2e/both/cache"}

	_, r := tryBuild(t, shared, dir, both...)
	if r.Status != 2 || !strings.Contains(r.Stderr, "there is no builder for linux/arm64") || strings.Contains(r.Stderr, "echo built") {
		t.Fatalf("one builder: status %d\n%s", r.Status, r.Stderr)
	}
	if registrytest.Exists(t, image) {
		t.Fatal("one builder: an image was pushed")
	}

	both = append(both, "--buildkit-host", "linux/arm64="+builderFor(t, "linux/arm64"))
	m := build(t, dir, both...)
	desc := manifestOf(t, image)
	if desc.Digest.String() != m.Digest {
		t.Errorf("the tag is %s, not %s", desc.Digest, m.Digest)
	}
	if diff := cmp.Diff([]string{"linux/amd64", "linux/arm64", "unknown/unknown", "unknown/unknown"}, platformsOf(t, desc)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		if files := tree(t, registrytest.ImageFor(t, image, arch)); files["app/made"] == "" {
			t.Errorf("%s was not built", arch)
		}
		if !has(m.ran(), "[linux/"+arch+" install]") {
			t.Errorf("%s: these steps ran: %q", arch, m.ran())
		}
	}
	if text := referring(t, here.Registry+"/e2e/both", m.Digest); !strings.Contains(text, "base-for-both") {
		t.Errorf("the plan that refers to the index: %s", text)
	}

	again := build(t, dir, append(slices.Clone(both), noBuilder...)...)
	if again.Promoted == "" || again.Seconds >= 3 || again.Digest != m.Digest {
		t.Errorf("built before: %s in place of %s, promoted %q in %.1f s", again.Digest, m.Digest, again.Promoted, again.Seconds)
	}

	// What is searched for secrets is pushed from here, and not by the builders.
	t.Setenv("TOKEN", "hush-8f14e45fceea167a")
	write(t, dir, "nixpacks.toml", base+"cmds = [\"test -n \\\"$TOKEN\\\" && echo more > made\"]\nsecrets = [\"TOKEN\"]\n"+start)
	m = build(t, dir, append(both, "--secret", "id=TOKEN")...)
	if desc := manifestOf(t, image); desc.Digest.String() != m.Digest || len(platformsOf(t, desc)) != 4 {
		t.Errorf("with a secret: %s, %q", desc.Digest, platformsOf(t, desc))
	}
}

// TestADiskThatIsFullWhileTwoPlatformsAreBuilt has room for one of the two.
func TestADiskThatIsFullWhileTwoPlatformsAreBuilt(t *testing.T) {
	dir, small := t.TempDir(), newBuilder(t)
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=700m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	write(t, dir, "nixpacks.toml", "buildImage = \""+baseForBoth(t)+"\"\n\n[phases.install]\ncmds = [\"head -c 800M /dev/zero > made\"]\n\n[start]\ncmd = \"true\"\n")
	image := here.Registry + "/e2e/full:1"
	_, r := tryBuild(t, small, dir, "--platform", "linux/amd64,linux/arm64", "--tag", image, "--push", "--cache-ref", here.Registry+"/e2e/full/cache",
		"--buildkit-host", "linux/arm64="+builderFor(t, "linux/arm64"))
	if r.Status != 75 || !strings.Contains(r.Stderr, "the builder's disk is full") {
		t.Errorf("status %d\n%s", r.Status, r.Stderr)
	}
	if registrytest.Exists(t, image) {
		t.Error("half an image was pushed")
	}
}

// platformsOf are those of an index's manifests.
func platformsOf(t *testing.T, desc *remote.Descriptor) []string {
	t.Helper()
	_, manifests := indexOf(t, desc)
	var list []string
	for _, m := range manifests {
		list = append(list, m.Platform.String())
	}
	return list
}
