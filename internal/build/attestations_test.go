package build_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
)

func TestAttestationsAreThoseAskedFor(t *testing.T) {
	type asked struct {
		sbom, provenance string
		reproducible     bool
	}
	for name, tt := range map[string]struct {
		given  asked
		want   build.Attest
		status int
	}{
		"default":                   {asked{}, build.Attest{SBOM: true, Provenance: "min"}, 0},
		"reproducible":              {asked{reproducible: true}, build.Attest{SBOM: true}, 0},
		"reproducible, but told to": {asked{reproducible: true, provenance: "true"}, build.Attest{SBOM: true, Provenance: "min"}, 0},
		"max":                       {asked{provenance: "mode=max"}, build.Attest{SBOM: true, Provenance: "max"}, 0},
		"min":                       {asked{provenance: "mode=min"}, build.Attest{SBOM: true, Provenance: "min"}, 0},
		"neither":                   {asked{provenance: "false", sbom: "false"}, build.Attest{}, 0},
		"told to":                   {asked{provenance: "true", sbom: "true"}, build.Attest{SBOM: true, Provenance: "min"}, 0},
		"another mode":              {asked{provenance: "mode=mid"}, build.Attest{}, fault.Misuse},
		"an attribute":              {asked{provenance: "mode=max,version=v1"}, build.Attest{}, fault.Misuse},
		"a generator":               {asked{sbom: "generator=image"}, build.Attest{}, fault.Misuse},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := build.ParseAttest(tt.given.sbom, tt.given.provenance, tt.given.reproducible)
			if fault.Status(err) != tt.status {
				t.Fatalf("status %d: %v", fault.Status(err), err)
			}
			if err == nil && got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// attested is an app with a lockfile, of which everything is attested that is attested by default.
func attested(t *testing.T) *stand {
	t.Helper()
	s := newStand(t)
	app := &s.spec.Apps[0]
	app.Plan.Tree = apptest.Tree(t, map[string]string{"package-lock.json": `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`})
	app.Plan.Locks = []string{"package-lock.json"}
	s.spec.Attest = build.Attest{SBOM: true, Provenance: "min"}
	s.spec.Origin = build.Origin{Tool: "v1", RunURL: "https://forge.example/runs/1", Source: &build.Commit{URL: "https://forge.example/me/app", Ref: "refs/heads/main", Commit: "c0ffee"}}
	s.spec.Cache.Promote = build.PromoteNever
	return s
}

func TestOnlyAPushIsAttested(t *testing.T) {
	s := attested(t)
	s.spec.Output = build.Output{Exports: []builder.Export{{Kind: builder.OCI}}}
	out := s.built()
	if req := s.request(); req.Inventory != nil || req.Attestations != nil || req.Provenance != "" || req.Exports[0].Attest || out.Attested != nil {
		t.Errorf("no push: %+v", req)
	}
	s.spec.Output.Push = true
	out = s.built()
	req := s.request()
	var kinds []string
	for _, e := range req.Exports {
		if e.Attest {
			kinds = append(kinds, e.Kind)
		}
	}
	if diff := cmp.Diff([]string{builder.Push}, kinds); diff != "" || req.Provenance != "min" || req.BuilderID != s.spec.Origin.RunURL {
		t.Errorf("provenance %q by %s of (-want +got):\n%s", req.Provenance, req.BuilderID, diff)
	}
	if !slices.Equal(out.Attested, []string{"bill of materials (SPDX)", "provenance (SLSA, mode min)", "the plan"}) {
		t.Errorf("%q", out.Attested)
	}
	if len(req.Attestations) != 1 {
		t.Fatalf("%+v", req.Attestations)
	}
	var said struct {
		Digest, Platform string
		Plan             json.RawMessage
		Source           build.Commit
	}
	text := req.Attestations[0].Content
	if err := json.Unmarshal(text, &said); err != nil || !strings.HasPrefix(said.Digest, "sha256:") || said.Platform != "linux/amd64" || said.Source != *s.spec.Origin.Source {
		t.Errorf("%s, %v", text, err)
	}
	if again, _, err := plan.ParseJSON(said.Plan); err != nil || !cmp.Equal(again.JSON(), s.spec.Apps[0].Plan.Plan.JSON()) {
		t.Errorf("the plan is %s, %v", said.Plan, err)
	}
	s.spec.Attest = build.Attest{}
	out = s.built()
	req = s.request()
	if req.Attestations != nil || req.Inventory != nil || out.Attested != nil || slices.ContainsFunc(req.Exports, func(e builder.Export) bool { return e.Attest }) {
		t.Errorf("neither is asked for: %+v", req)
	}
}

func TestTheBillOfMaterialsHoldsLockfilesBasesAndWhatNixInstalled(t *testing.T) {
	const path = "/nix/store/0c5bcd1kjm3w8fzbmz1rwrh5l6kq5f3v-nodejs-22.12.0\n"
	for name, tt := range map[string]struct {
		change func(*build.Spec)
		files  [][]byte
		err    error
		reads  bool // from the builder
		want   []string
	}{
		"push":    {func(*build.Spec) {}, [][]byte{[]byte(path), []byte(path)}, nil, true, []string{"pkg:npm/a@1.0.0", "pkg:oci/base", "pkg:nix/nodejs_22", "pkg:nix/nodejs@22.12.0"}},
		"trouble": {func(*build.Spec) {}, nil, errors.New("no Nix"), true, []string{"pkg:npm/a@1.0.0", "pkg:nix/nodejs_22"}},
		"cache alone": {func(s *build.Spec) {
			s.Output.Push, s.Image.Names = false, nil
			s.Cache.Scope.Repository, s.Cache.Scope.Platform = s.Cache.Scope.Repository+"/cache", "linux/amd64"
		}, nil, nil, true, nil},
		"cache of layers":  {func(s *build.Spec) { s.Cache.From = []string{"r.example/app:0"} }, nil, nil, false, []string{"pkg:nix/nodejs_22"}},
		"inline cache too": {func(s *build.Spec) { s.Cache.Inline = true }, nil, nil, false, []string{"pkg:nix/nodejs_22"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := attested(t).change(func(p *plan.Plan) {
				p.Phases = map[string]plan.Phase{"setup": {NixPkgs: []string{"nodejs_22"}, NixpkgsArchive: new("a")}}
			})
			s.spec.Image.Created = time.Unix(60, 0)
			s.spec.Cache.Scope.Repository = ""
			if name == "cache alone" {
				s.spec.Cache.Scope.Repository = s.host + "/app"
			}
			tt.change(&s.spec)
			s.built()
			bill := s.request().Inventory
			if bill == nil || (bill.Definition != nil) != tt.reads {
				t.Fatalf("%+v", bill)
			}
			s.said = nil
			made, err := bill.Attest(tt.files, tt.err)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(made.Content), want) {
					t.Errorf("%s is missing in %s", want, made.Content)
				}
			}
			if warned := len(s.said) == 1 && strings.Contains(s.said[0], "no Nix"); warned != (tt.err != nil) {
				t.Errorf("said %q", s.said)
			}
		})
	}
}

func TestThePlanRefersToTheImageInEachRepository(t *testing.T) {
	s := attested(t)
	out := s.built()
	fallback := ":" + strings.Replace(out.Digest, ":", "-", 1)
	for _, repo := range []string{"/app", "/mirror/app"} {
		if found, _, err := s.world.Registry.Exists(t.Context(), s.host+repo+fallback); err != nil || !found {
			t.Errorf("%s has no list of referrers: %v", repo, err)
		}
	}
	if s.said != nil {
		t.Error(s.said)
	}
	s.world.Connect = s.bench.wrapped(func(r *builder.Result) { r.Digest = "sha256:" + strings.Repeat("0", 64) })
	s.built()
	if !s.saying("warning: the plan was not stored beside the image: ") {
		t.Errorf("trouble: %q", s.said)
	}
}

func TestEachOfTwoPlansRefersToTheIndex(t *testing.T) {
	s := attested(t).twins()
	s.spec.Image.Names = s.spec.Image.Names[:1]
	out := s.built()
	list, err := s.world.Registry.Referrers(t.Context(), s.host+"/app@"+out.Digest, "application/vnd.npx-action.plan.v1+json")
	if err != nil || len(list) != 2 {
		t.Errorf("%d plans, %v", len(list), err)
	}
}

func TestABuildTellsWhatItCostAndAPromotionDoesNot(t *testing.T) {
	s := attested(t)
	s.spec.Image.Names = []string{s.host + "/app:main"}
	s.bench.steps = []builder.Step{{Bytes: 1000}, {Bytes: 234}}
	cost := func() *report.Cost { return build.CostOf(t.Context(), s.world.Registry, s.host+"/app:main") }
	if got := cost(); got != nil {
		t.Errorf("nothing is there: %+v", got)
	}
	s.spec.Cache.Policy.Write = false
	s.built()
	if got := cost(); got != nil {
		t.Errorf("an untrusted build tells: %+v", got)
	}
	s.spec.Cache.Policy.Write, s.spec.Cache.Promote = true, build.PromoteAuto
	s.built()
	if got := cost(); got == nil || got.Bytes != 1234 {
		t.Errorf("got %+v", got)
	}
	s.bench.steps = nil
	if out := s.built(); out.Promoted != "" {
		if got := cost(); got == nil || got.Bytes != 1234 {
			t.Errorf("a promotion tells: %+v", got)
		}
	}
}

func TestAnImageIsWeighedLayerByLayer(t *testing.T) {
	s := newStand(t)
	s.built()
	got := build.Weigh(t.Context(), s.world.Registry, s.host+"/app:v1", "linux/amd64")
	if got == nil || len(got.Layers) != 1 || got.Size != int64(len("layer")) || got.Ref != s.host+"/app:v1" {
		t.Errorf("%+v", got)
	}
	if got := build.Weigh(t.Context(), s.world.Registry, s.host+"/app:none", "linux/amd64"); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestStatementsBesideAPromotedImageTellOfThisRun(t *testing.T) {
	// The statements themselves are those of restate_test.go; here they come from a builder.
	s := attested(t)
	s.spec.Attest = build.Attest{}
	s.spec.Cache.Promote = build.PromoteAuto
	s.built()
	other := standAt(t, s.host)
	other.spec.Origin.RunURL = "https://forge.example/runs/2"
	other.world.Connect = func(context.Context, builder.Options) (build.Builder, error) { return nil, errors.New("no builder") }
	if out := other.built(); out.Promoted == "" {
		t.Errorf("%+v", out)
	}
}
