package secret

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// An archive is a list of headers with their contents.
type entry struct {
	tar.Header
	content string
}

func archive(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		e.Size = int64(len(e.content))
		if err := w.WriteHeader(&e.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(name, content string) entry {
	return entry{tar.Header{Name: name, Mode: 0o644}, content}
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// A layout is an OCI layout in the making.
type layout struct {
	t   *testing.T
	dir string
}

func newLayout(t *testing.T) layout { return layout{t, t.TempDir()} }

func (l layout) blob(mediaType string, data []byte) ocispecs.Descriptor {
	d := digest.FromBytes(data)
	dir := filepath.Join(l.dir, "blobs", "sha256")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, d.Encoded()), data, 0o644)); err != nil {
		l.t.Fatal(err)
	}
	return ocispecs.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(data))}
}

func (l layout) json(mediaType string, v any) ocispecs.Descriptor {
	data, err := json.Marshal(v)
	if err != nil {
		l.t.Fatal(err)
	}
	return l.blob(mediaType, data)
}

func (l layout) index(manifests ...ocispecs.Descriptor) {
	data, err := json.Marshal(ocispecs.Index{Manifests: manifests})
	if err == nil {
		err = os.WriteFile(filepath.Join(l.dir, "index.json"), data, 0o644)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// image adds an image of layers; change may plant something.
func (l layout) image(change func(*ocispecs.Image, *ocispecs.Manifest), layers ...[]byte) ocispecs.Descriptor {
	image := ocispecs.Image{Config: ocispecs.ImageConfig{Env: []string{"A=b"}}}
	var m ocispecs.Manifest
	for i, data := range layers {
		image.RootFS.DiffIDs = append(image.RootFS.DiffIDs, digest.FromBytes(data))
		image.History = append(image.History, ocispecs.History{CreatedBy: "step " + string(rune('0'+i))})
		m.Layers = append(m.Layers, l.blob(ocispecs.MediaTypeImageLayerGzip, gzipped(l.t, data)))
	}
	if change != nil {
		change(&image, &m)
	}
	m.Config = l.json(ocispecs.MediaTypeImageConfig, image)
	return l.json(ocispecs.MediaTypeImageManifest, m)
}

func (l layout) scan(secrets map[string]string, base ...string) []Leak {
	l.t.Helper()
	leaks, err := NewScanner(secrets).Layouts(l.t.Context(), []string{l.dir}, func(d string) bool { return slices.Contains(base, d) })
	if err != nil {
		l.t.Fatal(err)
	}
	return leaks
}

func TestALeakIsFoundWhereverItIs(t *testing.T) {
	one := map[string]string{"PASSWORD": password}
	clean := func(l layout) []byte { return archive(l.t, file("app/a", "nothing")) }
	long := strings.Repeat("d/", 60)
	tests := []struct {
		name  string
		plant func(l layout)
		place string
	}{
		{"content", func(l layout) { l.index(l.image(nil, archive(t, file("app/a", "x"), file("app/b", "= "+password)))) },
			"layer 1 of 1 (step 0): /app/b"},
		{"content behind many bytes", func(l layout) {
			l.index(l.image(nil, clean(l), archive(t, file("a", strings.Repeat("z", 3*chunk-5)+password))))
		}, "layer 2 of 2 (step 1): /a"},
		{"base64 in content", func(l layout) {
			l.index(l.image(nil, archive(t, file("a", base64.StdEncoding.EncodeToString([]byte("user:"+password))))))
		}, "layer 1 of 1 (step 0): /a"},
		{"name", func(l layout) { l.index(l.image(nil, archive(t, file("tmp/"+password, "")))) },
			"layer 1 of 1 (step 0): the name or the attributes of /tmp/***"},
		{"name in two parts", func(l layout) { l.index(l.image(nil, archive(t, file(long+"correct-horse/battery", "")))) },
			"layer 1 of 1 (step 0): the name or the attributes of /" + long + "***/battery"},
		{"name over 256 bytes", func(l layout) { l.index(l.image(nil, archive(t, file(long+long+long+password, "")))) },
			"layer 1 of 1 (step 0): the name or the attributes of /" + long + long + long + "***"},
		{"link", func(l layout) {
			l.index(l.image(nil, archive(t, entry{tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/" + password}, ""})))
		}, "layer 1 of 1 (step 0): the name or the attributes of /l"},
		{"extended attribute", func(l layout) {
			l.index(l.image(nil, archive(t, entry{tar.Header{Name: "x", PAXRecords: map[string]string{"SCHILY.xattr.user.a": password}}, ""})))
		}, "layer 1 of 1 (step 0): the name or the attributes of /x"},
		{"behind the archive", func(l layout) { l.index(l.image(nil, append(clean(l), password...))) },
			"layer 1 of 1 (step 0): the end of the archive"},
		{"environment", func(l layout) {
			l.index(l.image(func(i *ocispecs.Image, _ *ocispecs.Manifest) { i.Config.Env = append(i.Config.Env, "P="+password) }, clean(l)))
		}, "the image's configuration: config.Env[1]"},
		{"history", func(l layout) {
			l.index(l.image(func(i *ocispecs.Image, _ *ocispecs.Manifest) {
				i.History = append(i.History, ocispecs.History{CreatedBy: "echo " + password, EmptyLayer: true})
			}, clean(l)))
		}, "the image's configuration: history[1].created_by"},
		{"label as a key", func(l layout) {
			l.index(l.image(func(i *ocispecs.Image, _ *ocispecs.Manifest) { i.Config.Labels = map[string]string{password: ""} }, clean(l)))
		}, "the image's configuration: a key of config.Labels"},
		{"annotation", func(l layout) {
			l.index(l.image(func(_ *ocispecs.Image, m *ocispecs.Manifest) { m.Annotations = map[string]string{"a": password} }, clean(l)))
		}, "the manifest: annotations.a"},
		{"provenance in an index", func(l layout) {
			statement := l.json("application/vnd.in-toto+json", map[string]any{"predicate": map[string]any{"args": `{"p":"` + password + `"}`}})
			statement.Annotations = map[string]string{predicateKey: "https://slsa.dev/provenance/v1"}
			attestation := l.json(ocispecs.MediaTypeImageManifest, ocispecs.Manifest{Config: l.json(ocispecs.MediaTypeImageConfig, ocispecs.Image{}), Layers: []ocispecs.Descriptor{statement}})
			l.index(l.json(ocispecs.MediaTypeImageIndex, ocispecs.Index{Manifests: []ocispecs.Descriptor{l.image(nil, clean(l)), attestation}}))
		}, "the attestation https://slsa.dev/provenance/v1: predicate.args"},
		{"layer of a cache", func(l layout) {
			layer := l.blob(ocispecs.MediaTypeImageLayerZstd, zstandard(t, archive(t, file("x", password))))
			config := l.json(cacheConfig, map[string]any{"records": []any{}})
			l.index(l.json(ocispecs.MediaTypeImageManifest, ocispecs.Manifest{Config: config, Layers: []ocispecs.Descriptor{layer}}))
		}, "cache layer 1 of 1: /x"},
		{"configuration of a cache", func(l layout) {
			config := l.json(cacheConfig, map[string]any{"records": []any{map[string]string{"digest": password}}})
			l.index(l.json(ocispecs.MediaTypeImageManifest, ocispecs.Manifest{Config: config}))
		}, "the cache's configuration: records[0].digest"},
		{"layer that is no archive", func(l layout) { l.index(l.image(nil, []byte("just "+password))) }, "layer 1 of 1 (step 0): its text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLayout(t)
			tt.plant(l)
			leaks := l.scan(one)
			if !slices.Contains(leaks, Leak{"PASSWORD", tt.place}) {
				t.Errorf("want %q, got %+v", tt.place, leaks)
			}
			for _, leak := range leaks {
				if strings.Contains(leak.Place, password) {
					t.Errorf("the place holds the value: %q", leak.Place)
				}
			}
			if leaks := l.scan(map[string]string{"OTHER": "another-secret"}); len(leaks) > 0 {
				t.Errorf("another secret: %+v", leaks)
			}
		})
	}
}

func TestLayersOfTheBaseAreNotSearched(t *testing.T) {
	base, own := archive(t, file("base", password)), archive(t, file("own", "x"))
	l := newLayout(t)
	l.index(l.image(nil, base, own))
	one := map[string]string{"PASSWORD": password}
	if leaks := l.scan(one, digest.FromBytes(base).String()); len(leaks) > 0 {
		t.Errorf("of an image: %+v", leaks)
	}
	if leaks := l.scan(one); len(leaks) != 1 {
		t.Errorf("not of the base: %+v", leaks)
	}
	layer := l.blob(ocispecs.MediaTypeImageLayerZstd, zstandard(t, base))
	config := l.json(cacheConfig, map[string]any{"layers": []any{map[string]any{"blob": layer.Digest, "annotations": map[string]any{"diffID": digest.FromBytes(base)}}}})
	l.index(l.json(ocispecs.MediaTypeImageManifest, ocispecs.Manifest{Config: config, Layers: []ocispecs.Descriptor{layer}}))
	if leaks := l.scan(one, digest.FromBytes(base).String()); len(leaks) > 0 {
		t.Errorf("of a cache: %+v", leaks)
	}
	if leaks := l.scan(one); len(leaks) != 1 {
		t.Errorf("of a cache, not of the base: %+v", leaks)
	}
}

func TestWhatIsInTwoLayoutsIsSearchedOnce(t *testing.T) {
	a, b := newLayout(t), newLayout(t)
	both, own := archive(t, file("both", password)), archive(t, file("own", password))
	a.index(a.image(nil, both))
	b.index(b.image(nil, both, own))
	leaks, err := NewScanner(given).Layouts(t.Context(), []string{a.dir, b.dir}, func(string) bool { return false })
	want := []Leak{{"PASSWORD", "layer 1 of 1 (step 0): /both"}, {"PASSWORD", "layer 2 of 2 (step 1): /own"}}
	if diff := cmp.Diff(want, leaks); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestLeaksComeInTheOrderOfTheLayers(t *testing.T) {
	l := newLayout(t)
	l.index(l.image(nil, archive(t, file("a", token), file("b", password)), archive(t, file("c", password))))
	want := []Leak{{"TOKEN", "layer 1 of 2 (step 0): /a"}, {"PASSWORD", "layer 1 of 2 (step 0): /b"}, {"PASSWORD", "layer 2 of 2 (step 1): /c"}}
	for range 20 {
		if diff := cmp.Diff(want, l.scan(given)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

func TestWhatCannotBeReadIsNoProof(t *testing.T) {
	whole := archive(t, file("a", strings.Repeat("x", 10_000)))
	for name, plant := range map[string]func(l layout){
		"no index":        func(layout) {},
		"cut archive":     func(l layout) { l.index(l.image(nil, whole[:4000])) },
		"missing blob":    func(l layout) { l.index(ocispecs.Descriptor{Digest: digest.FromString("x")}) },
		"digest with way": func(l layout) { l.index(ocispecs.Descriptor{Digest: "sha256:../../../../etc/passwd"}) },
		"cut gzip": func(l layout) {
			l.index(l.image(func(_ *ocispecs.Image, m *ocispecs.Manifest) {
				data := gzipped(t, whole)
				m.Layers[0] = l.blob("x", data[:len(data)-9])
			}, whole))
		},
	} {
		l := newLayout(t)
		plant(l)
		if leaks, err := NewScanner(given).Layouts(t.Context(), []string{l.dir}, func(string) bool { return false }); err == nil {
			t.Errorf("%s: %+v and no error", name, leaks)
		}
	}
	l := newLayout(t)
	l.index(l.image(nil, whole))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewScanner(given).Layouts(ctx, []string{l.dir}, func(string) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestALargeLayerTakesLittleMemory searches a layer of 118 MB that is made while it is read.
func TestALargeLayerTakesLittleMemory(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		archive := tar.NewWriter(w)
		block := []byte(strings.Repeat("source code ", 8<<10))
		const blocks = 1200
		err := archive.WriteHeader(&tar.Header{Name: "big", Size: int64(blocks*len(block) + len(password))})
		for range blocks {
			if err == nil {
				_, err = archive.Write(block)
			}
		}
		_, perr := archive.Write([]byte(password))
		_ = w.CloseWithError(errors.Join(err, perr, archive.Close()))
	}()
	f := &finder{scanner: NewScanner(map[string]string{"PASSWORD": password})}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := f.blob(r); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if !slices.Equal(f.leaks, []Leak{{"PASSWORD", "/big"}}) {
		t.Errorf("found %+v", f.leaks)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d bytes were allocated", n)
	}
}
