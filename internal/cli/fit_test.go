package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/solver/pb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

// slimmed is an app whose image is slim by a rule, with packages from three places.
func slimmed(t *testing.T, host string, said *[]string) *image {
	t.Helper()
	im := promotable(t, host, said)
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), StaticAssets: map[string]string{"a": "b"}, Start: &plan.Start{Cmd: new("run")},
		Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("aa"), AptPkgs: []string{"git"}}}}
	im.plan.Full = new(p)
	p.Start = &plan.Start{Cmd: new("run"), Runtime: new(plan.Slim)}
	im.plan.Plan = p
	for _, ref := range []string{plan.UbuntuImage, "docker.io/library/" + plan.SlimBase(plan.UbuntuImage)} {
		registry, rest, _ := strings.Cut(ref, "/")
		im.registry.Mirrors[registry] = host
		push(t, host+"/"+rest, "base")
	}
	return im
}

func TestWithoutMergesAnImageIsFullWithAWarning(t *testing.T) {
	var said []string
	im := slimmed(t, serve(t, nil), &said)
	im.attest = attest{sbom: true, provenance: "min"}
	g, bases, err := im.fit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"warning: the image is full and not slim and without attestations, as the BuildKit of the Docker engine can make no other; " +
		"use the containerd image store in the engine, or another builder, which doctor tells of"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if req := im.request(g); req.Provenance != "" || slices.ContainsFunc(req.Exports, func(e builder.Export) bool { return e.Attest }) {
		t.Errorf("attestations are asked for: %+v", req)
	}
	if im.plan.Plan.Slim() || len(bases) != 1 {
		t.Errorf("the plan starts with %+v, from %v", im.plan.Plan.Start, bases)
	}
	def, _, err := lower.LLB(g, ociPlatform(im.platform), lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(def.Def, merges) {
		t.Error("layers are merged")
	}
}

// merges reports whether an operation merges or compares layers.
func merges(def []byte) bool {
	var op pb.Op
	return op.UnmarshalVT(def) != nil || op.GetMerge() != nil || op.GetDiff() != nil
}

func TestWhatCannotBeHadWithoutMergesIsAnError(t *testing.T) {
	host := serve(t, nil)
	for want, change := range map[string]func(*image){
		"make slim images":                    func(im *image) { im.plan.Full = nil },
		"be trusted with secrets":             func(im *image) { im.secrets = vault{"TOKEN": "a-secret-value"} },
		"make reproducible images":            func(im *image) { im.reproducible = true },
		"attest all of an image's":            func(im *image) { im.attest.provenance = "max" },
		"compress layers with zstd":           func(im *image) { im.compression = "zstd" },
		"looking up the base image: ":         func(im *image) { im.plan.Full.BuildImage = new(host + "/absent:1") },
		"checking the plan: phase setup, cmd": func(im *image) { im.plan.Full.Phases = map[string]plan.Phase{"setup": {Cmds: []string{"a\x00"}}} },
	} {
		var said []string
		im := slimmed(t, host, &said)
		change(im)
		if _, _, err := im.fit(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v", want, err)
		}
	}
}

func TestAFullImageHasAnotherContentThanASlimOne(t *testing.T) {
	var said []string
	im := slimmed(t, serve(t, nil), &said)
	keys := map[string]bool{}
	for range 2 {
		g, err := im.newGraph()
		if err != nil {
			t.Fatal(err)
		}
		app := im.sumApp(t.Context(), g)
		_, bases, err := im.pin(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		c, err := im.content(app, bases)
		if err != nil {
			t.Fatal(err)
		}
		keys[c.key] = true
		im.plan.Plan, im.graph = *im.plan.Full, graph.Options{}
	}
	if len(keys) != 2 {
		t.Errorf("keys are %v", keys)
	}
}
