package registry_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// attestedImage writes an image with an attestation beside it to each of the repositories by its digest.
func attestedImage(t *testing.T, arch string, repos ...string) string {
	t.Helper()
	about := imageFor(t, 16, "unknown", "unknown")
	img, _ := built(t, repos[0]+":"+arch, arch, "one")
	index := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}},
		mutate.IndexAddendum{Add: about, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": registrytest.Digest(t, img)}}})
	for _, repo := range repos {
		registrytest.WriteIndex(t, repo+"@"+registrytest.Digest(t, index), index)
	}
	return registrytest.Digest(t, index)
}

func TestJoinMakesOneIndexOfImagesAndTheirAttestations(t *testing.T) {
	writes := 0
	host := registrytest.Serve(t, registrytest.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			writes++
		}
		return false
	}))
	repos := []string{host + "/app", host + "/mirror/app"}
	digests := []string{attestedImage(t, "amd64", repos...), attestedImage(t, "arm64", repos...)}
	refs := []string{host + "/app:1", host + "/app:latest", host + "/mirror/app:1"}
	c := &registry.Client{}
	got, err := c.Join(t.Context(), digests, map[string]string{"a": "b"}, refs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		if d := registrytest.Pull(t, ref); d != got {
			t.Errorf("%s is %s, not %s", ref, d, got)
		}
	}
	_, manifest := registrytest.Index(t, refs[0])
	var platforms []string
	for i, m := range manifest.Manifests {
		platforms = append(platforms, m.Platform.String())
		if i > 1 && m.Annotations["vnd.docker.reference.digest"] != manifest.Manifests[i-2].Digest.String() {
			t.Errorf("attestation %d is about %s", i, m.Annotations["vnd.docker.reference.digest"])
		}
	}
	if diff := cmp.Diff([]string{"linux/amd64", "linux/arm64", "unknown/unknown", "unknown/unknown"}, platforms); diff != "" || manifest.Annotations["a"] != "b" {
		t.Errorf("%v (-want +got):\n%s", manifest.Annotations, diff)
	}
	before := writes
	if again, err := c.Join(t.Context(), digests, map[string]string{"a": "b"}, refs...); err != nil || again != got || writes != before {
		t.Errorf("again: %s, %v, %d writes", again, err, writes-before)
	}
}

func TestJoinTakesImagesAlone(t *testing.T) {
	host := registrytest.Serve(t, nil)
	one, _ := built(t, host+"/app:a", "amd64", "one")
	two, _ := built(t, host+"/app:b", "arm64", "one")
	if _, err := (&registry.Client{}).Join(t.Context(), []string{registrytest.Digest(t, one), registrytest.Digest(t, two)}, nil, host+"/app:1"); err != nil {
		t.Fatal(err)
	}
	for arch, want := range map[string]string{"amd64": registrytest.Digest(t, one), "arm64": registrytest.Digest(t, two)} {
		found, err := (&registry.Client{}).Resolve(t.Context(), host+"/app:1", "linux/"+arch)
		if err != nil || found.Digest != want {
			t.Errorf("%s: %s, %v, want %s", arch, found.Digest, err, want)
		}
	}
}

func TestJoinOfWhatIsNotThereSetsNoTag(t *testing.T) {
	host := registrytest.Serve(t, nil)
	one, _ := built(t, host+"/app:a", "amd64", "one")
	c := &registry.Client{Pause: time.Nanosecond}
	_, err := c.Join(t.Context(), []string{registrytest.Digest(t, one), "sha256:" + strings.Repeat("0", 64)}, nil, host+"/app:1")
	if err == nil {
		t.Fatal("no error")
	}
	if found, _, err := c.Exists(t.Context(), host+"/app:1"); err != nil || found {
		t.Errorf("the tag is there: %v, %v", found, err)
	}
}

func TestPromoteByDigestSetsNoTag(t *testing.T) {
	host := registrytest.Serve(t, nil)
	_, fresh := built(t, host+"/app:key", "amd64", "one")
	c := &registry.Client{}
	got, err := c.Promote(t.Context(), registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1", host + "/other:v1"}, ByDigest: true, Configs: [][]byte{fresh}})
	if err != nil {
		t.Fatal(err)
	}
	for _, repo := range []string{host + "/app", host + "/other"} {
		if found, _, err := c.Exists(t.Context(), repo+"@"+got.Digest); err != nil || !found {
			t.Errorf("%s lacks it: %v", repo, err)
		}
		if found, _, err := c.Exists(t.Context(), repo+":v1"); err != nil || found {
			t.Errorf("%s has the tag: %v", repo, err)
		}
	}
}
