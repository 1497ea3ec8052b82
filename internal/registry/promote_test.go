package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// built is an image as a builder pushes it, and the configuration that the builder was given. The builder's has more fields.
func built(t *testing.T, ref, arch, revision string) (v1.Image, []byte) {
	t.Helper()
	img, err := random.Image(512, 3)
	if err != nil {
		t.Fatal(err)
	}
	cf, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	cf.OS, cf.Architecture = "linux", arch
	cf.Config = v1.Config{Env: []string{"A=1"}, Cmd: []string{"run"}, Labels: map[string]string{"base": "b", "revision": revision}}
	if img, err = mutate.ConfigFile(mutate.MediaType(img, types.OCIManifestSchema1), cf); err != nil {
		t.Fatal(err)
	}
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	annotated, ok := mutate.Annotations(img, map[string]string{"revision": revision}).(v1.Image)
	if !ok {
		t.Fatal("no image")
	}
	registrytest.Write(t, ref, annotated)
	return annotated, config(t, arch, revision)
}

// config is what a build asks the builder for.
func config(t *testing.T, arch, revision string) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"os": "linux", "architecture": arch, "config": map[string]any{
		"Env": []string{"A=1"}, "Cmd": []string{"run"}, "Labels": map[string]string{"base": "b", "revision": revision}}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// counting counts the layers that are read or written, in bytes of the answers and uploads.
func counting(layer *atomic.Int64) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if strings.Contains(r.URL.Path, "/blobs/") && !bytes.HasPrefix(body, []byte("{")) && !bytes.HasPrefix(rec.Body.Bytes(), []byte("{")) {
				layer.Add(int64(len(body) + rec.Body.Len()))
			}
			for k, v := range rec.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
		})
	}
}

func TestPromoteMovesTagsAndTellsOfItsOwnRun(t *testing.T) {
	var moved atomic.Int64
	host := registrytest.Serve(t, counting(&moved))
	old, _ := built(t, host+"/app:key", "amd64", "one")
	moved.Store(0)
	c := &registry.Client{}
	p := registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1", host + "/app:latest"},
		Configs: [][]byte{config(t, "amd64", "two")}, Annotations: map[string]string{"revision": "two"}}
	got, err := c.Promote(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if moved.Load() != 0 {
		t.Errorf("%d bytes of layers moved", moved.Load())
	}
	for _, ref := range p.To {
		if d := registrytest.Pull(t, ref); d != got.Digest {
			t.Errorf("%s is %s, not %s", ref, d, got.Digest)
		}
	}
	if d := registrytest.Pull(t, p.From); d != registrytest.Digest(t, old) {
		t.Errorf("the promoted image became %s", d)
	}
	img := registrytest.Image(t, host+"/app:v1")
	manifest := registrytest.Manifest(t, img)
	cf, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	was, err := old.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if manifest.Annotations["revision"] != "two" || cf.Config.Labels["revision"] != "two" || cf.Config.Labels["base"] != "b" ||
		manifest.Config.Digest.String() != got.ConfigDigest || !cmp.Equal(was.History, cf.History) || !cmp.Equal(was.RootFS, cf.RootFS) {
		t.Errorf("got %+v, %+v", manifest, cf)
	}
}

func TestPromoteOfTheSameRunIsTheSameImage(t *testing.T) {
	host := registrytest.Serve(t, nil)
	img, fresh := built(t, host+"/app:key", "amd64", "one")
	got, err := (&registry.Client{}).Promote(t.Context(), registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1"},
		Configs: [][]byte{fresh}, Annotations: map[string]string{"revision": "one"}})
	if err != nil || got.Digest != registrytest.Digest(t, img) {
		t.Errorf("got %+v, %v, want %s", got, err, registrytest.Digest(t, img))
	}
}

func TestPromoteReachesOtherRepositories(t *testing.T) {
	host, other := registrytest.Serve(t, nil), registrytest.Serve(t, nil)
	built(t, host+"/app:key", "amd64", "one")
	to := []string{host + "/copy:v1", other + "/app:v1"}
	got, err := (&registry.Client{}).Promote(t.Context(), registry.Promotion{From: host + "/app:key", To: to, Configs: [][]byte{config(t, "amd64", "two")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range to {
		if d := registrytest.Pull(t, ref); d != got.Digest {
			t.Errorf("%s is %q, not %s", ref, d, got.Digest)
		}
	}
}

func TestPromoteRefusesWhatABuildWouldNotGive(t *testing.T) {
	host := registrytest.Serve(t, nil)
	_, fresh := built(t, host+"/app:key", "amd64", "one")
	c := &registry.Client{Pause: time.Nanosecond}
	if err := c.Note(t.Context(), host+"/app:note", map[string]string{"a": "b"}); err != nil {
		t.Fatal(err)
	}
	foreign := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), "application/vnd.other.config.v1+json")
	registrytest.Write(t, host+"/app:foreign", foreign)
	gone, _ := built(t, host+"/lost:key", "amd64", "one")
	registrytest.RemoveBlob(t, host+"/lost", registrytest.Digest(t, registrytest.Layers(t, gone)[1]))

	for title, tt := range map[string]struct {
		from   string
		config []byte
		absent bool
		text   string
	}{
		"absent":             {"/app:missing", fresh, true, "not found"},
		"another command":    {"/app:key", bytes.Replace(fresh, []byte("run"), []byte("ran"), 1), false, "not what a build of this content gives"},
		"another platform":   {"/app:key", config(t, "arm64", "one"), false, "it is made for linux/amd64"},
		"a note":             {"/app:note", fresh, false, "it is made for"},
		"another tool's":     {"/app:foreign", fresh, false, "of another tool"},
		"a layer is missing": {"/lost:key", config(t, "amd64", "two"), false, "has lost a part"},
	} {
		t.Run(title, func(t *testing.T) {
			repo, _, _ := strings.Cut(tt.from, ":")
			to := host + repo + ":never"
			_, err := c.Promote(t.Context(), registry.Promotion{From: host + tt.from, To: []string{to}, Configs: [][]byte{tt.config}})
			refusal, ok := errors.AsType[*registry.UnpromotableError](err)
			if !ok || refusal.Absent != tt.absent || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v", err)
			}
			if found, _, err := c.Exists(t.Context(), to); found || err != nil {
				t.Errorf("%s is written, %v", to, err)
			}
		})
	}
}

func TestPromoteNamesATagThatIsImmutable(t *testing.T) {
	for status, code := range map[int]string{400: "TAG_INVALID", 403: "DENIED", 409: "TAG_INVALID", 412: "PRECONDITION"} {
		var frozen atomic.Bool
		host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
			if !frozen.Load() || r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/manifests/v1") {
				return false
			}
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"errors":[{"code":%q,"message":"tag v1 is immutable"}]}`, code)
			return true
		}))
		img, _ := built(t, host+"/app:key", "amd64", "one")
		c := &registry.Client{Pause: time.Nanosecond}
		p := registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1"}, Configs: [][]byte{config(t, "amd64", "one")},
			Annotations: map[string]string{"revision": "one"}}
		if _, err := c.Promote(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		frozen.Store(true)
		if _, err := c.Promote(t.Context(), p); err != nil {
			t.Errorf("%d: the same image again: %v", status, err)
		}
		p.Configs = [][]byte{config(t, "amd64", "two")}
		_, err := c.Promote(t.Context(), p)
		frozenErr, ok := errors.AsType[*registry.ImmutableError](err)
		if !ok || frozenErr.ExitStatus() != 1 || frozenErr.Have != registrytest.Digest(t, img) || !strings.Contains(err.Error(), "give the image another tag") {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

func TestPromoteOfAnIndexBindsItsAttestations(t *testing.T) {
	host := registrytest.Serve(t, nil)
	amd, _ := built(t, host+"/app:a", "amd64", "one")
	arm, _ := built(t, host+"/app:b", "arm64", "one")
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for arch, img := range map[string]v1.Image{"amd64": amd, "arm64": arm} {
		d, err := img.Digest()
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document",`+
			`"subject":[{"name":"pkg:docker/app","digest":{"sha256":%q}}],"predicate":{"of":%q}}`, d.Hex, arch)
		nowhere, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), &v1.ConfigFile{
			OS: "unknown", Architecture: "unknown", RootFS: v1.RootFS{Type: "layers"}})
		if err != nil {
			t.Fatal(err)
		}
		proof, err := mutate.Append(nowhere, mutate.Addendum{
			Layer: static.NewLayer([]byte(text), "application/vnd.in-toto+json"), MediaType: "application/vnd.in-toto+json",
			Annotations: map[string]string{"in-toto.io/predicate-type": "https://spdx.dev/Document"}})
		if err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index,
			mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}},
			mutate.IndexAddendum{Add: proof, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "unknown", Architecture: "unknown"},
				Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": d.String()}}})
	}
	registrytest.WriteIndex(t, host+"/app:key", index)
	p := registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1"}, Annotations: map[string]string{"revision": "one"},
		Configs: [][]byte{config(t, "amd64", "one"), config(t, "arm64", "one")}}
	c := &registry.Client{}
	if got, err := c.Promote(t.Context(), p); err != nil || got.Digest != registrytest.Digest(t, index) {
		t.Fatalf("the same run: got %+v, %v", got, err)
	}
	p.Configs = [][]byte{config(t, "amd64", "two"), config(t, "arm64", "two")}
	got, err := c.Promote(t.Context(), p)
	if err != nil || got.Digest == registrytest.Digest(t, index) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if d := registrytest.Pull(t, host+"/app:v1"); d != got.Digest {
		t.Errorf("the tag is %s", d)
	}
	checkAttested(t, host+"/app:v1", 2)
	// Labels may be the same although the run is another one.
	p.Configs = [][]byte{config(t, "amd64", "one"), config(t, "arm64", "one")}
	var asked []string
	p.Restate = func(kind string, predicate []byte, earlier string) ([]byte, error) {
		asked = append(asked, kind)
		if d, err := amd.Digest(); err != nil || earlier != d.String() {
			return predicate, err
		}
		return []byte(`{"of":"this run"}`), nil
	}
	if got, err = c.Promote(t.Context(), p); err != nil || got.Digest == registrytest.Digest(t, index) || len(asked) != 2 || asked[0] != "https://spdx.dev/Document" {
		t.Errorf("a statement of another run: %+v, %v, asked %q", got, err, asked)
	}
	checkAttested(t, host+"/app:v1", 2)
	p.Restate = nil
	if _, err := c.Promote(t.Context(), registry.Promotion{From: p.From, To: p.To, Configs: p.Configs[:1]}); err == nil {
		t.Error("an index with a platform that is not asked for is promoted")
	}
}

// checkAttested fails unless each image of an index has an attestation whose subject it is.
func checkAttested(t *testing.T, ref string, want int) {
	t.Helper()
	index, manifest := registrytest.Index(t, ref)
	images, attested := map[string]bool{}, 0
	for _, d := range manifest.Manifests {
		if d.Annotations["vnd.docker.reference.type"] == "" {
			images[d.Digest.String()] = true
		}
	}
	for _, d := range manifest.Manifests {
		about := d.Annotations["vnd.docker.reference.digest"]
		if about == "" {
			continue
		}
		proof, err := index.Image(d.Digest)
		if err != nil {
			t.Fatal(err)
		}
		layers := registrytest.Layers(t, proof)
		if len(layers) != 1 {
			t.Fatalf("%d layers", len(layers))
		}
		text := registrytest.Text(t, layers[0])
		if !images[about] || !bytes.Contains(text, []byte(strings.TrimPrefix(about, "sha256:"))) || !bytes.Contains(text, []byte(`"predicate":{"of":`)) {
			t.Errorf("about %s: %s", about, text)
		}
		attested++
	}
	if len(images) != want || attested != want {
		t.Errorf("%d images, %d attestations", len(images), attested)
	}
}

func TestPromoteEndsWithItsContext(t *testing.T) {
	host := registrytest.Serve(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&registry.Client{}).Promote(ctx, registry.Promotion{From: host + "/app:key"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPromoteDatesTheImageAsABuildWould(t *testing.T) {
	host := registrytest.Serve(t, nil)
	img, fresh := built(t, host+"/app:key", "amd64", "one")
	was, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	var config v1.ConfigFile
	if err := json.Unmarshal(fresh, &config); err != nil {
		t.Fatal(err)
	}
	config.History = slices.Clone(was.History)
	config.Created.Time = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for i := range config.History {
		config.History[i].Created = config.Created
	}
	dated, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&registry.Client{}).Promote(t.Context(), registry.Promotion{From: host + "/app:key", To: []string{host + "/app:v1"},
		Configs: [][]byte{dated}, Annotations: map[string]string{"revision": "one"}}); err != nil {
		t.Fatal(err)
	}
	got, err := (&registry.Client{}).Contents(t.Context(), host+"/app:v1", "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	var promoted v1.ConfigFile
	if err := json.Unmarshal(got.Config, &promoted); err != nil {
		t.Fatal(err)
	}
	if !promoted.Created.Equal(config.Created.Time) || !cmp.Equal(config.History, promoted.History) || len(promoted.RootFS.DiffIDs) == 0 {
		t.Errorf("it is dated %v, with the history %+v", promoted.Created, promoted.History)
	}
}
