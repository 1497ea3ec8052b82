package registry_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	fake "github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

const planType = "application/vnd.npx-action.plan.v1+json"

func TestADocumentIsFoundByWhatItRefersTo(t *testing.T) {
	for what, withAPI := range map[string]bool{"a registry that lists referrers": true, "one that does not": false} {
		t.Run(what, func(t *testing.T) {
			repo := registrytest.Serve(t, func(http.Handler) http.Handler { return registrytest.New(fake.WithReferrersSupport(withAPI)) }) + "/app"
			img := push(t, repo+":1", "amd64")
			c := &registry.Client{}
			made, err := c.Refer(t.Context(), repo+"@"+registrytest.Digest(t, img), planType, []byte(`{"a":1}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			again, err := c.Refer(t.Context(), repo+"@"+registrytest.Digest(t, img), planType, []byte(`{"a":1}`), nil)
			if err != nil || again != made {
				t.Errorf("again: %s, %v; want %s", again, err, made)
			}
			subject, err := name.NewDigest(repo+"@"+registrytest.Digest(t, img), name.Insecure)
			if err != nil {
				t.Fatal(err)
			}
			index, err := remote.Referrers(subject)
			if err != nil {
				t.Fatal(err)
			}
			list, err := index.IndexManifest()
			if err != nil || len(list.Manifests) != 1 || list.Manifests[0].Digest.String() != made {
				t.Fatalf("referrers %+v, %v", list, err)
			}
			artifact := registrytest.Image(t, repo+"@"+made)
			if m := registrytest.Manifest(t, artifact); m.ArtifactType != planType || m.Subject.Digest.String() != registrytest.Digest(t, img) {
				t.Errorf("manifest %+v", m)
			}
			layers := registrytest.Layers(t, artifact)
			if len(layers) != 1 {
				t.Fatal(layers)
			}
			if text := registrytest.Text(t, layers[0]); string(text) != `{"a":1}` {
				t.Errorf("document %q", text)
			}
		})
	}
}

func TestNothingRefersToWhatIsNotThere(t *testing.T) {
	_, err := (&registry.Client{}).Refer(t.Context(), registrytest.Serve(t, nil)+"/app@sha256:"+strings.Repeat("0", 64), planType, nil, nil)
	if _, ok := errors.AsType[*registry.NotFoundError](err); !ok {
		t.Error(err)
	}
}

func TestWhatDocumentsTellIsReadByATag(t *testing.T) {
	for what, withAPI := range map[string]bool{"a registry that lists referrers": true, "one that does not": false} {
		t.Run(what, func(t *testing.T) {
			repo := registrytest.Serve(t, func(http.Handler) http.Handler { return registrytest.New(fake.WithReferrersSupport(withAPI)) }) + "/app"
			img := push(t, repo+":1", "amd64")
			c := &registry.Client{}
			if list, err := c.Referrers(t.Context(), repo+":1", planType); err != nil || list != nil {
				t.Errorf("nothing refers to it: %v, %v", list, err)
			}
			for mediaType, notes := range map[string]map[string]string{planType: {"seconds": "3"}, "application/other": {"seconds": "4"}} {
				if _, err := c.Refer(t.Context(), repo+"@"+registrytest.Digest(t, img), mediaType, []byte(`{"a":1}`), notes); err != nil {
					t.Fatal(err)
				}
			}
			list, err := c.Referrers(t.Context(), repo+":1", planType)
			if err != nil || len(list) != 1 || list[0]["seconds"] != "3" {
				t.Errorf("%v, %v", list, err)
			}
			if _, err := c.Referrers(t.Context(), repo+":none", planType); err == nil {
				t.Error("a tag that is not there has referrers")
			}
		})
	}
}
