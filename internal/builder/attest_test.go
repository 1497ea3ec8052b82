//go:build world

package builder_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// A statement is what an attestation says, as stored.
type statement struct {
	Type          string `json:"_type"`
	PredicateType string `json:"predicateType"`
	Subject       []struct {
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	Predicate json.RawMessage `json:"predicate"`
}

// attested reads an index: the digest of its only image, and what is said about it, by type.
func attested(t *testing.T, ref string) (image v1.Hash, said map[string]statement) {
	t.Helper()
	index, manifest := registrytest.Index(t, ref)
	if len(manifest.Manifests) != 2 {
		t.Fatalf("the index has %d manifests", len(manifest.Manifests))
	}
	image, about := manifest.Manifests[0].Digest, manifest.Manifests[1]
	if p := manifest.Manifests[0].Platform; p.String() != "linux/amd64" {
		t.Errorf("the image is for %s", p)
	}
	want := map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image.String()}
	if diff := cmp.Diff(want, about.Annotations); diff != "" || about.Platform.OS != "unknown" {
		t.Errorf("the attestations are for %s (-want +got):\n%s", about.Platform, diff)
	}
	img, err := index.Image(about.Digest)
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]statement{}
	for _, l := range registrytest.Layers(t, img) {
		text := registrytest.Text(t, l)
		if strings.Contains(string(text), "hush") {
			t.Errorf("the secret is in %s", text)
		}
		var s statement
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		for _, subject := range s.Subject {
			if subject.Digest["sha256"] != image.Hex {
				t.Errorf("%s is about %v, not %s", s.PredicateType, subject.Digest, image)
			}
		}
		if len(s.Subject) == 0 || !strings.HasPrefix(s.Type, "https://in-toto.io/Statement/") {
			t.Errorf("%s is a %q about %v", s.PredicateType, s.Type, s.Subject)
		}
		said[s.PredicateType] = s
	}
	return image, said
}

func TestAttestationsStandBesideThePushedImageOnly(t *testing.T) {
	c, host, dir := shared(t), registrytest.Serve(t, nil), t.TempDir()
	base, contexts := program(t)
	state := base.Run(llb.Args([]string{"/step", "copy", "/run/s", "/dev/null"}), llb.AddSecret("/run/s", llb.SecretID("s"))).Root()
	request := builder.Request{
		Definition: marshal(t, state), ImageConfig: []byte(`{"architecture":"amd64","os":"linux"}`), Contexts: contexts,
		Secrets:      map[string][]byte{"s": []byte("hush")},
		Attestations: []builder.Attestation{{Name: "sbom.spdx.json", PredicateType: "https://spdx.dev/Document", Content: []byte(`{"name":"app"}`)}},
		Exports: []builder.Export{
			{Kind: builder.Push, Refs: []string{host + "/app:1"}, Attest: true},
			{Kind: builder.Docker, Refs: []string{"app:1"}, Dest: filepath.Join(dir, "docker.tar")},
			{Kind: builder.Local, Dest: filepath.Join(dir, "files")},
		},
	}
	for _, mode := range []string{"", "min", "max"} {
		request.Provenance, request.BuilderID = mode, `https://ci.example/run?a=1,2&b="c"`
		r := solve(t, c, request)
		image, said := attested(t, host+"/app:1")
		if got := string(said["https://spdx.dev/Document"].Predicate); got != `{"name":"app"}` {
			t.Errorf("mode %q: the bill of materials is %s", mode, got)
		}
		if r.Digest == image.String() {
			t.Errorf("mode %q: the digest %s is that of the image, not of the index", mode, r.Digest)
		}
		slsa, there := said["https://slsa.dev/provenance/v1"]
		if there != (mode != "") {
			t.Errorf("mode %q: provenance is there: %v", mode, there)
		}
		var made struct {
			RunDetails struct{ Builder struct{ ID string } }
		}
		if err := json.Unmarshal(slsa.Predicate, &made); there && (err != nil || made.RunDetails.Builder.ID != request.BuilderID) {
			t.Errorf("mode %q: it is the work of %q, %v", mode, made.RunDetails.Builder.ID, err)
		}
		text := string(slsa.Predicate)
		if steps := strings.Contains(text, `"llbDefinition"`); steps != (mode == "max") {
			t.Errorf("mode %q: it tells of the steps: %v", mode, steps)
		}
	}
	f, err := os.Open(filepath.Join(dir, "docker.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if index := fromTar(t, f, "index.json"); strings.Count(index, "image.index") > 1 { // besides itself
		t.Errorf("the archive for an engine has an index: %s", index)
	}
	names, err := os.ReadDir(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if strings.HasSuffix(n.Name(), ".json") {
			t.Errorf("the directory has %s", n.Name())
		}
	}
}

func TestAnInventoryIsReadBesideTheBuild(t *testing.T) {
	c, host := shared(t), registrytest.Serve(t, nil)
	base, contexts := program(t)
	state := base.Run(llb.Args([]string{"/step", "copy", "/step", "/copied"})).Root()
	files := state.File(llb.Mkfile("/all", 0o644, []byte("one\ntwo\n")))
	for title, tt := range map[string]struct {
		def   *llb.Definition
		names []string
		want  string
	}{
		"files":         {marshal(t, files), []string{"all"}, `{"files":"one two"}`},
		"a missing one": {marshal(t, files), []string{"all", "none"}, `{"trouble":true}`},
		"none":          {nil, []string{"all"}, `{}`},
	} {
		request := builder.Request{
			Definition: marshal(t, state), ImageConfig: []byte(`{"architecture":"amd64","os":"linux"}`), Contexts: contexts, NoCache: true,
			Exports: []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}, Attest: true}},
			Inventory: &builder.Inventory{Definition: tt.def, Files: tt.names, Attest: func(files [][]byte, err error) (builder.Attestation, error) {
				about := map[string]any{}
				if err != nil {
					about["trouble"] = true
				}
				if len(files) > 0 {
					about["files"] = strings.Join(strings.Fields(string(files[0])), " ")
				}
				text, err := json.Marshal(about)
				return builder.Attestation{Name: "sbom.spdx.json", PredicateType: "https://spdx.dev/Document", Content: text}, err
			}},
		}
		solve(t, c, request)
		_, said := attested(t, host+"/app:1")
		if got := string(said["https://spdx.dev/Document"].Predicate); got != tt.want {
			t.Errorf("%s: %s, not %s", title, got, tt.want)
		}
	}
}
