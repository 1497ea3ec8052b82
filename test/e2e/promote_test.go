package e2e

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/fault"
	"github.com/org/npx-action/test/world"
)

// noBuilder is where nothing listens: a build that succeeds has used no builder.
var noBuilder = []string{"--buildkit-host", "tcp://127.0.0.1:1"}

// clone makes an app with a history of its own, as a new clone has.
func clone(t *testing.T, commit string) string {
	t.Helper()
	dir := shellApp(t, "echo built > result")
	write(t, dir, "src/main", "one line\n")
	write(t, dir, ".git/HEAD", commit)
	return dir
}

func TestATreeThatWasBuiltIsPromotedWithoutABuilder(t *testing.T) {
	proxy := fault.BeforeHost(t, here.Registry)
	repo := proxy.Host + "/e2e/promote"
	alone := []string{"--sbom", "false", "--provenance", "false"} // what is beside an image is written again
	first, r := tryBuild(t, shared, clone(t, "one"), append(alone, "--tag", repo+":branch", "--push", "--label", "revision=one")...)
	if r.Status != 0 || first.Promoted != "" || first.ContentKey == "" {
		t.Fatalf("status %d, %+v\n%s", r.Status, first, r.Stderr)
	}
	layers := layerDigests(t, repo+":branch")

	proxy.Arm(fault.Plan{})
	merge, r := tryBuild(t, shared, clone(t, "two"), slices.Concat(noBuilder, alone, []string{"--tag", repo + ":main", "--tag", repo + ":latest", "--push", "--label", "revision=two"})...)
	if r.Status != 0 || merge.ContentKey != first.ContentKey || !strings.HasSuffix(merge.Promoted, first.ContentKey) || !strings.Contains(r.Stderr, "promoted: ") {
		t.Fatalf("status %d, %+v\n%s", r.Status, merge, r.Stderr)
	}
	if merge.Seconds >= 3 {
		t.Errorf("it took %.1f s", merge.Seconds)
	}
	uploads := 0
	for _, request := range proxy.Requests() {
		method, path, _ := strings.Cut(request, " ")
		if method == http.MethodPost {
			uploads++
		}
		for _, layer := range layers {
			if method != http.MethodHead && strings.Contains(path, layer) {
				t.Errorf("a layer is transferred: %s", request)
			}
		}
	}
	if uploads != 1 {
		t.Errorf("%d uploads, of which the configuration is one:\n%s", uploads, strings.Join(proxy.Requests(), "\n"))
	}
	t.Logf("promoted in %.2f s with %d requests", merge.Seconds, len(proxy.Requests()))
	for tag, want := range map[string]string{"branch": "one", "main": "two", "latest": "two"} {
		if got := described(t, repo+":"+tag, "revision")[0]; got != want {
			t.Errorf("%s has the revision %s", tag, got)
		}
		complete(t, repo+":"+tag)
	}

	again, r := tryBuild(t, shared, clone(t, "three"), slices.Concat(noBuilder, alone, []string{"--tag", repo + ":again", "--push", "--label", "revision=one"})...)
	if r.Status != 0 || again.Digest != first.Digest {
		t.Errorf("status %d: the same labels give %s and not %s\n%s", r.Status, again.Digest, first.Digest, r.Stderr)
	}
	changed := clone(t, "four")
	write(t, changed, "src/main", "another line\n")
	for title, tt := range map[string]struct {
		dir  string
		args []string
	}{
		"--no-cache":      {clone(t, "four"), []string{"--no-cache"}},
		"--promote never": {clone(t, "four"), []string{"--promote", "never"}},
		"a command":       {clone(t, "four"), []string{"--build-cmd", "echo other"}},
		"a changed line":  {changed, nil},
		"an archive too":  {clone(t, "four"), []string{"--output", "type=oci,dest=" + filepath.Join(t.TempDir(), "image.tar")}},
	} {
		m, r := tryBuild(t, shared, tt.dir, append(tt.args, "--tag", repo+":other", "--push")...)
		if r.Status != 0 || m.Promoted != "" {
			t.Errorf("%s: status %d, promoted %q\n%s", title, r.Status, m.Promoted, r.Stderr)
		}
	}
}

func TestAnImageThatLostALayerIsBuiltAgain(t *testing.T) {
	own, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	image := own.Host + "/e2e/lost:1"
	first, r := tryBuild(t, shared, clone(t, "one"), "--tag", image, "--push")
	if r.Status != 0 {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	drop(t, image, func(m *v1.Manifest) v1.Hash { return m.Layers[len(m.Layers)-1].Digest })
	second, r := tryBuild(t, shared, clone(t, "two"), "--tag", own.Host+"/e2e/lost:2", "--push", "--label", "revision=two")
	if r.Status != 0 || second.Promoted != "" || second.ContentKey != first.ContentKey || !strings.Contains(r.Stderr, "has lost a part of it") {
		t.Errorf("status %d, %+v\n%s", r.Status, second, r.Stderr)
	}
	complete(t, own.Host+"/e2e/lost:2")
}

func layerDigests(t *testing.T, ref string) []string {
	t.Helper()
	var list []string
	for _, l := range registrytest.Manifest(t, registrytest.Image(t, ref)).Layers {
		list = append(list, l.Digest.String())
	}
	return list
}

// complete pulls a whole image, and fails if a part is missing or wrong.
func complete(t *testing.T, ref string) {
	t.Helper()
	if err := validate.Image(registrytest.Image(t, ref)); err != nil {
		t.Errorf("%s: %v", ref, err)
	}
}
