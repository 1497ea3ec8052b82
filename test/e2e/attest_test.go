package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/opencontainers/go-digest"

	"github.com/org/npx-action/internal/registrytest"
)

// predicates are what the attestations of a pushed index say about its image, by type. An image alone has none.
func predicates(t *testing.T, image string) map[string]json.RawMessage {
	t.Helper()
	desc := manifestOf(t, image)
	found := map[string]json.RawMessage{}
	if !desc.MediaType.IsIndex() {
		return found
	}
	index, manifests := indexOf(t, desc)
	for _, m := range manifests {
		about := m.Annotations["vnd.docker.reference.digest"]
		if about == "" {
			continue
		}
		if about != manifests[0].Digest.String() {
			t.Errorf("the attestations are about %s, not the image %s", about, manifests[0].Digest)
		}
		img, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range registrytest.Layers(t, img) {
			var said struct {
				PredicateType string
				Predicate     json.RawMessage
			}
			if err := json.Unmarshal(registrytest.Text(t, l), &said); err != nil {
				t.Fatal(err)
			}
			found[said.PredicateType] = said.Predicate
		}
	}
	return found
}

// bill lists the URLs of the packages in an image's bill of materials.
func bill(t *testing.T, image string) []string {
	t.Helper()
	var document struct {
		Packages []struct {
			ExternalRefs []struct{ ReferenceLocator string }
		}
	}
	if err := json.Unmarshal(predicates(t, image)[spdxPredicate], &document); err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, p := range document.Packages {
		for _, r := range p.ExternalRefs {
			urls = append(urls, r.ReferenceLocator)
		}
	}
	return urls
}

// manifestOf is the manifest or index of a reference in its registry.
func manifestOf(t *testing.T, image string) *remote.Descriptor {
	t.Helper()
	ref, err := name.ParseReference(image)
	if err != nil {
		t.Fatal(err)
	}
	desc, err := remote.Get(ref)
	if err != nil {
		t.Fatal(err)
	}
	return desc
}

// indexOf is an index, and what it lists.
func indexOf(t *testing.T, desc *remote.Descriptor) (v1.ImageIndex, []v1.Descriptor) {
	t.Helper()
	index, err := desc.ImageIndex()
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	return index, manifest.Manifests
}

// referring is the document that refers to a pushed image.
func referring(t *testing.T, repository, digest string) string {
	t.Helper()
	ref, err := name.NewDigest(repository + "@" + digest)
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Referrers(ref)
	if err != nil {
		t.Fatal(err)
	}
	list, err := index.IndexManifest()
	if err != nil || len(list.Manifests) != 1 {
		t.Fatalf("referrers of %s: %+v, %v", digest, list, err)
	}
	layers := registrytest.Layers(t, registrytest.Image(t, repository+"@"+list.Manifests[0].Digest.String()))
	if len(layers) != 1 {
		t.Fatal(layers)
	}
	return string(registrytest.Text(t, layers[0]))
}

const (
	spdxPredicate = "https://spdx.dev/Document"
	slsaPredicate = "https://slsa.dev/provenance/v1"
	planPredicate = "https://github.com/org/npx-action/plan/v1"
)

// TestAPushedImageHasItsAttestations pushes an index, which an engine of 2020 runs, and loads an image.
func TestAPushedImageHasItsAttestations(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := shellApp(t, "echo built > made")
	write(t, dir, "Cargo.lock", "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n")
	repository := here.Registry + "/e2e/attested"
	m := build(t, dir, "--name", repository+":1", "--push", "--env", "MODE=fast")
	said := predicates(t, repository+"@"+m.Digest)
	if text := string(said[spdxPredicate]); !strings.Contains(text, "SPDX-2.3") || !strings.Contains(text, "pkg:cargo/serde@1.0.0") || !strings.Contains(text, "pkg:oci/nixpacks@sha256") {
		t.Errorf("bill of materials: %s", text)
	}
	var provenance struct {
		BuildDefinition struct {
			ResolvedDependencies []struct{ URI string }
		}
	}
	if err := json.Unmarshal(said[slsaPredicate], &provenance); err != nil {
		t.Fatalf("provenance: %v\n%s", err, said[slsaPredicate])
	}
	var beside struct {
		Digest string
		Plan   struct{ Variables map[string]string }
	}
	if err := json.Unmarshal(said[planPredicate], &beside); err != nil || beside.Plan.Variables["MODE"] != "fast" {
		t.Errorf("the plan beside the image: %s, %v", said[planPredicate], err)
	}
	if len(provenance.BuildDefinition.ResolvedDependencies) == 0 {
		t.Errorf("no base image in %s", said[slsaPredicate])
	}
	if got := digest.FromString(referring(t, repository, m.Digest)).String(); got != beside.Digest {
		t.Errorf("the plan that refers to the image is %s, not %s", got, beside.Digest)
	}
	if out := (docker{host}).run(t, "run", "--rm", "--network", "host", repository+":1", "cat made"); !strings.Contains(out, "built") {
		t.Errorf("the engine's container says %q", out)
	}
	build(t, dir, "--name", repository+":2", "--push", "--sbom", "false", "--provenance", "false")
	if said := predicates(t, repository+":2"); len(said) > 0 {
		t.Errorf("neither was asked for: %v", said)
	}
	write(t, dir, "nixpacks.toml", "[phases.install]\ncmds = [\"test -n \\\"$TOKEN\\\"\"]\nsecrets = [\"TOKEN\"]\n\n[start]\ncmd = \"true\"\n")
	const value = "hush-8f14e45fceea167a"
	t.Setenv("TOKEN", value)
	m = build(t, dir, "--name", repository+":4", "--push", "--secret", "id=TOKEN", "--provenance", "mode=max")
	said = predicates(t, repository+"@"+m.Digest)
	if text := string(said[slsaPredicate]); !strings.Contains(text, "llbDefinition") || strings.Contains(text, value) {
		t.Errorf("provenance of a build with a secret: %s", text)
	}
	build(t, dir, "--name", repository+":3", "--push", "--reproducible", "--secret", "id=TOKEN")
	if said := predicates(t, repository+":3"); len(said) != 1 || said[spdxPredicate] == nil {
		t.Errorf("a reproducible image: %v", said)
	}
}
