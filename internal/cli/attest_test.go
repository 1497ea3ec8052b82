package cli

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
)

func TestAttestationsAreThoseAskedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		settings settings
		want     attest
		status   int
	}{
		"default":                   {settings{}, attest{true, "min"}, 0},
		"reproducible":              {settings{reproducible: true}, attest{true, ""}, 0},
		"reproducible, but told to": {settings{reproducible: true, provenance: "true"}, attest{true, "min"}, 0},
		"max":                       {settings{provenance: "mode=max"}, attest{true, "max"}, 0},
		"min":                       {settings{provenance: "mode=min"}, attest{true, "min"}, 0},
		"neither":                   {settings{provenance: "false", sbom: "false"}, attest{}, 0},
		"told to":                   {settings{provenance: "true", sbom: "true"}, attest{true, "min"}, 0},
		"another mode":              {settings{provenance: "mode=mid"}, attest{}, statusUsage},
		"an attribute":              {settings{provenance: "mode=max,version=v1"}, attest{}, statusUsage},
		"a generator":               {settings{sbom: "generator=image"}, attest{}, statusUsage},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := newAttest(tt.settings)
			if status(err) != tt.status {
				t.Fatalf("status %d: %v", status(err), err)
			}
			if err == nil && got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestOnlyAPushIsAttested(t *testing.T) {
	app := result(t, map[string]string{"package-lock.json": `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`})
	im := &image{plan: app, attest: attest{true, "min"}, refs: []string{"r.example/app:1"}, exports: []builder.Export{{Kind: builder.Docker}}}
	g := &graph.Graph{Nodes: []graph.Node{{Op: graph.Image{Ref: "base:1", Pinned: "r.example/base@sha256:0"}}}}
	req := im.request(g)
	documents, err := im.documents()
	if bill, ierr := im.inventory(req, g, lower.Options{}); bill != nil || ierr != nil || err != nil || documents != nil || req.Provenance != "" || req.Exports[0].Attest {
		t.Errorf("no push: %+v, %+v, %v, %+v", bill, documents, err, req)
	}
	im.push = true
	req = im.request(g)
	var attested []string
	for _, e := range req.Exports {
		if e.Attest {
			attested = append(attested, e.Kind)
		}
	}
	if diff := cmp.Diff([]string{builder.Push}, attested); diff != "" || req.Provenance != "min" {
		t.Errorf("provenance %q of (-want +got):\n%s", req.Provenance, diff)
	}
	if kept := (&delivery{}).keep(req); len(kept.Exports) != 1 || !kept.Exports[0].Attest || kept.Provenance != "min" {
		t.Errorf("searched for secrets before the push: %+v", kept)
	}
	im.source = &commit{"https://forge.example/me/app", "refs/heads/main", "c0ffee"}
	documents, err = im.documents()
	if err != nil || len(documents) != 1 {
		t.Fatalf("%s, %v", documents, err)
	}
	var said struct {
		Digest, Platform string
		Plan             json.RawMessage
		Source           commit
	}
	if err := json.Unmarshal(documents[0].Content, &said); err != nil || !strings.HasPrefix(said.Digest, "sha256:") || said.Platform != im.platform || said.Source != *im.source {
		t.Errorf("%s, %v", documents[0].Content, err)
	}
	if again, _, err := plan.ParseJSON(said.Plan); err != nil || !cmp.Equal(again.JSON(), app.Plan.JSON()) {
		t.Errorf("the plan is %s, %v", said.Plan, err)
	}
	im.attest = attest{}
	req = im.request(g)
	if documents, err = im.documents(); err != nil || documents != nil {
		t.Errorf("neither is asked for: %s, %v", documents, err)
	}
	if bill, err := im.inventory(req, g, lower.Options{}); bill != nil || err != nil {
		t.Errorf("neither is asked for: %+v, %v", bill, err)
	}
	if slices.ContainsFunc(req.Exports, func(e builder.Export) bool { return e.Attest }) {
		t.Errorf("neither is asked for: %+v", req)
	}
}

func TestTheBillOfMaterialsHoldsLockfilesBasesAndWhatNixInstalled(t *testing.T) {
	app := result(t, map[string]string{"package-lock.json": `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`})
	app.Plan = plan.Plan{BuildImage: new("base:1"), Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"nodejs_22"}, NixpkgsArchive: new("a")}}}
	var said []string
	im := &image{plan: app, platform: "linux/amd64", attest: attest{sbom: true}, refs: []string{"r.example/app:1"}, push: true,
		say: func(kind, text string) { said = append(said, kind+": "+text) }}
	g, err := im.newGraph()
	if err != nil {
		t.Fatal(err)
	}
	if g, err = g.Pin(map[string]graph.Pinned{"base:1": {Ref: "r.example/base@sha256:" + strings.Repeat("0", 64), Config: []byte(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	const path = "/nix/store/0c5bcd1kjm3w8fzbmz1rwrh5l6kq5f3v-nodejs-22.12.0\n"
	tests := map[string]struct {
		change  func(*image)
		request builder.Request
		files   [][]byte
		err     error
		reads   bool // from the builder
		want    []string
	}{
		"push":             {func(*image) {}, builder.Request{}, [][]byte{[]byte(path), []byte(path)}, nil, true, []string{"pkg:npm/a@1.0.0", "pkg:oci/base", "pkg:nix/nodejs_22", "pkg:nix/nodejs@22.12.0"}},
		"trouble":          {func(*image) {}, builder.Request{}, nil, errors.New("no Nix"), true, []string{"pkg:npm/a@1.0.0", "pkg:nix/nodejs_22"}},
		"cache alone":      {func(im *image) { im.push, im.refs = false, nil }, builder.Request{CacheExports: []builder.Cache{{Ref: "r.example/cache"}}}, nil, nil, true, nil},
		"cache of layers":  {func(im *image) { im.cacheFrom = []string{"r.example/app:0"} }, builder.Request{}, nil, nil, false, []string{"pkg:nix/nodejs_22"}},
		"inline cache too": {func(im *image) { im.inlineCache = true }, builder.Request{}, nil, nil, false, []string{"pkg:nix/nodejs_22"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			changed := *im
			tt.change(&changed)
			said = nil
			bill, err := changed.inventory(tt.request, g, lower.Options{})
			if err != nil || bill == nil || (bill.Definition != nil) != tt.reads {
				t.Fatalf("%+v, %v", bill, err)
			}
			made, err := bill.Attest(tt.files, tt.err)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(made.Content), want) {
					t.Errorf("%s is missing in %s", want, made.Content)
				}
			}
			if warned := len(said) == 1 && strings.Contains(said[0], "no Nix"); warned != (tt.err != nil) {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestThePlanRefersToTheImageInEachRepository(t *testing.T) {
	host := serve(t, nil)
	digest := push(t, host+"/app:1", "a")
	push(t, host+"/other:1", "a")
	var said []string
	im := &image{plan: result(t, nil), push: true, attest: attest{provenance: "min"}, registry: &registry.Client{},
		refs: []string{host + "/app:1", host + "/app:2", host + "/other:1"}, say: func(kind, text string) { said = append(said, kind+": "+text) }}
	im.refer(t.Context(), digest)
	fallback := ":" + strings.Replace(digest, ":", "-", 1)
	for _, repo := range []string{"/app", "/other"} {
		if found, _, err := im.registry.Exists(t.Context(), host+repo+fallback); err != nil || !found {
			t.Errorf("%s has no list of referrers: %v", repo, err)
		}
	}
	if said != nil {
		t.Error(said)
	}
	im.refs = []string{host + "/none:1"}
	im.refer(t.Context(), digest)
	if len(said) != 1 || !strings.HasPrefix(said[0], "warning: ") {
		t.Errorf("trouble: %q", said)
	}
}
