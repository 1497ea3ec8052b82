package registry_test

import (
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	fake "github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/registry"
)

const planType = "application/vnd.npx-action.plan.v1+json"

func TestADocumentIsFoundByWhatItRefersTo(t *testing.T) {
	for what, withAPI := range map[string]bool{"a registry that lists referrers": true, "one that does not": false} {
		t.Run(what, func(t *testing.T) {
			server := httptest.NewServer(fake.New(fake.Logger(log.New(io.Discard, "", 0)), fake.WithReferrersSupport(withAPI)))
			defer server.Close()
			repo := strings.TrimPrefix(server.URL, "http://") + "/app"
			img := push(t, repo+":1", "amd64")
			c := &registry.Client{}
			made, err := c.Refer(t.Context(), repo+"@"+digest(t, img), planType, []byte(`{"a":1}`))
			if err != nil {
				t.Fatal(err)
			}
			again, err := c.Refer(t.Context(), repo+"@"+digest(t, img), planType, []byte(`{"a":1}`))
			if err != nil || again != made {
				t.Errorf("again: %s, %v; want %s", again, err, made)
			}
			subject, err := name.NewDigest(repo+"@"+digest(t, img), name.Insecure)
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
			r, err := name.NewDigest(repo+"@"+made, name.Insecure)
			if err != nil {
				t.Fatal(err)
			}
			artifact, err := remote.Image(r)
			if err != nil {
				t.Fatal(err)
			}
			manifest, err := artifact.Manifest()
			if err != nil || manifest.ArtifactType != planType || manifest.Subject.Digest.String() != digest(t, img) {
				t.Errorf("manifest %+v, %v", manifest, err)
			}
			layers, err := artifact.Layers()
			if err != nil || len(layers) != 1 {
				t.Fatal(layers, err)
			}
			stream, err := layers[0].Compressed()
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Close()
			if text, err := io.ReadAll(stream); err != nil || string(text) != `{"a":1}` {
				t.Errorf("document %q, %v", text, err)
			}
		})
	}
}

func TestNothingRefersToWhatIsNotThere(t *testing.T) {
	_, err := (&registry.Client{}).Refer(t.Context(), serve(t, nil)+"/app@sha256:"+strings.Repeat("0", 64), planType, nil)
	if _, ok := errors.AsType[*registry.NotFoundError](err); !ok {
		t.Error(err)
	}
}
