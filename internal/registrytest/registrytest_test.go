package registrytest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/org/npx-action/internal/registrytest"
)

func TestWhatIsPushedIsReadUntilItIsRemoved(t *testing.T) {
	repo := registrytest.Serve(t, nil) + "/app"
	if tags := registrytest.Tags(t, repo); tags != nil || registrytest.Exists(t, repo+":b") || registrytest.Pull(t, repo+":b") != "" {
		t.Errorf("an empty registry has %q", tags)
	}
	img, err := random.Image(64, 2)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config.OS, config.Architecture = "linux", "arm64"
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	digest := registrytest.Write(t, repo+":b", img)
	index := registrytest.PushIndex(t, repo+":a", map[string]v1.Image{"arm64": img})
	if tags := registrytest.Tags(t, repo); !slices.Equal(tags, []string{"a", "b"}) {
		t.Errorf("tags %q", tags)
	}
	if registrytest.Pull(t, repo+":b") != digest || registrytest.Pull(t, repo+":a") != index {
		t.Error("another digest is pulled than was pushed")
	}
	if got := registrytest.Digest(t, registrytest.ImageFor(t, repo+":a", "arm64")); got != digest {
		t.Errorf("the index has %s for arm64, not %s", got, digest)
	}
	if _, manifest := registrytest.Index(t, repo+":a"); len(manifest.Manifests) != 1 {
		t.Errorf("the index lists %+v", manifest.Manifests)
	}

	layer := registrytest.Layers(t, img)[1]
	if text := registrytest.Text(t, layer); len(text) == 0 {
		t.Error("a layer is empty")
	}
	registrytest.RemoveBlob(t, repo, registrytest.Digest(t, layer))
	if err := validate.Image(registrytest.Image(t, repo+"@"+digest)); err == nil || !registrytest.Exists(t, repo+":b") {
		t.Errorf("without a layer: %v", err)
	}
	registrytest.RemoveManifest(t, repo, digest)
	if registrytest.Exists(t, repo+"@"+digest) {
		t.Error("the removed manifest is there")
	}
}

func TestAnAnswerInTheRegistrysPlace(t *testing.T) {
	var seen []string
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		seen = append(seen, r.Method)
		if !strings.Contains(r.URL.Path, "/manifests/hidden") {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		return true
	}))
	registrytest.Push(t, host+"/app:shown", "ann")
	if !registrytest.Exists(t, host+"/app:shown") || registrytest.Exists(t, host+"/app:hidden") || !slices.Contains(seen, http.MethodPut) {
		t.Errorf("requests %q", seen)
	}
}
