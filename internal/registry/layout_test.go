package registry_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// layoutOf writes images to an OCI layout.
func layoutOf(t *testing.T, add ...mutate.Appendable) string {
	t.Helper()
	dir := t.TempDir()
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range add {
		switch a := a.(type) {
		case v1.Image:
			err = path.AppendImage(a)
		case v1.ImageIndex:
			err = path.AppendIndex(a)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPushLayoutPushesWhatIsInItUnderEachName(t *testing.T) {
	img, err := random.Image(64, 3)
	if err != nil {
		t.Fatal(err)
	}
	both := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: img})
	for name, content := range map[string]mutate.Appendable{"image": img, "index": both} {
		writes := 0
		host := registrytest.Serve(t, registrytest.Before(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPut {
				writes++
			}
			return false
		}))
		dir := layoutOf(t, content)
		c := &registry.Client{}
		refs := []string{host + "/app:1", host + "/app:latest", host + "/other:1"}
		got, err := c.PushLayout(t.Context(), dir, refs...)
		if want := registrytest.Digest(t, content.(interface{ Digest() (v1.Hash, error) })); err != nil || got != want {
			t.Fatalf("%s: %q, %v, not %q", name, got, err, want)
		}
		for _, ref := range refs {
			if found, d, err := c.Exists(t.Context(), ref); err != nil || !found || d != got {
				t.Errorf("%s: %s is %v %q, %v", name, ref, found, d, err)
			}
		}
		before := writes
		if _, err := c.PushLayout(t.Context(), dir, refs...); err != nil || writes != before {
			t.Errorf("%s: pushed again: %d more writes, %v", name, writes-before, err)
		}
	}
}

func TestPushLayoutRefusesWhatIsNotOneImage(t *testing.T) {
	one, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	two, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	host := registrytest.Serve(t, nil)
	for name, dir := range map[string]string{"nothing": t.TempDir(), "an empty one": layoutOf(t), "two": layoutOf(t, one, two)} {
		if _, err := (&registry.Client{}).PushLayout(t.Context(), dir, host+"/app:1"); err == nil {
			t.Errorf("%s is pushed", name)
		}
	}
	if _, err := (&registry.Client{}).PushLayout(t.Context(), layoutOf(t, one), "a b"); err == nil {
		t.Error("a wrong name is taken")
	}
}

func TestLayoutConfigsAreThoseOfImagesAndNotOfAttestations(t *testing.T) {
	var images [3]v1.Image
	var want []string
	for i := range images {
		img, err := random.Image(64, 1)
		if err != nil {
			t.Fatal(err)
		}
		config, err := img.ConfigName()
		if err != nil {
			t.Fatal(err)
		}
		images[i], want = img, append(want, config.String())
	}
	about := mutate.IndexAddendum{Add: images[2], Descriptor: v1.Descriptor{Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"}}}
	both := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: images[0]}, mutate.IndexAddendum{Add: images[1]}, about)
	got, err := registry.LayoutConfigs(layoutOf(t, both))
	if diff := cmp.Diff(want[:2], got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := registry.LayoutConfigs(t.TempDir()); err == nil {
		t.Errorf("no layout: %q", got)
	}
}
