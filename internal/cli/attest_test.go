package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
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
	documents, err := im.documents(g)
	if err != nil || documents != nil || req.Provenance != "" || req.Exports[0].Attest {
		t.Errorf("no push: %+v, %v, %+v", documents, err, req)
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
	documents, err = im.documents(g)
	if err != nil || len(documents) != 2 || !strings.Contains(string(documents[0].Content), "pkg:npm/a@1.0.0") || !strings.Contains(string(documents[0].Content), "pkg:oci/base") {
		t.Fatalf("%s, %v", documents, err)
	}
	var said struct {
		Digest string
		Plan   json.RawMessage
	}
	if err := json.Unmarshal(documents[1].Content, &said); err != nil || !strings.HasPrefix(said.Digest, "sha256:") {
		t.Errorf("%s, %v", documents[1].Content, err)
	}
	if again, _, err := plan.ParseJSON(said.Plan); err != nil || !cmp.Equal(again.JSON(), app.Plan.JSON()) {
		t.Errorf("the plan is %s, %v", said.Plan, err)
	}
	im.attest = attest{}
	req = im.request(g)
	if documents, err = im.documents(g); err != nil || documents != nil {
		t.Errorf("neither is asked for: %s, %v", documents, err)
	}
	if slices.ContainsFunc(req.Exports, func(e builder.Export) bool { return e.Attest }) {
		t.Errorf("neither is asked for: %+v", req)
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
