package registry_test

import (
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

func TestLayersTellWhatMadeThem(t *testing.T) {
	ref := registrytest.Serve(t, nil) + "/app:1"
	one, two := static.NewLayer([]byte("a layer"), types.OCILayer), static.NewLayer([]byte("another"), types.OCILayer)
	img, err := mutate.Append(empty.Image, mutate.Addendum{Layer: one, History: v1.History{CreatedBy: "npm ci\n"}},
		mutate.Addendum{History: v1.History{CreatedBy: "ENV A=1", EmptyLayer: true}}, mutate.Addendum{Layer: two, History: v1.History{CreatedBy: "npm run build"}})
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", "amd64"
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	registrytest.Write(t, ref, img)
	contents, err := (&registry.Client{}).Contents(t.Context(), ref, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	got, err := contents.Layers()
	if err != nil || len(got) != 2 || got[0].By != "npm ci" || got[1].By != "npm run build" || got[0].Size != 7 || got[0].Digest == got[1].Digest {
		t.Errorf("%+v, %v", got, err)
	}
}
