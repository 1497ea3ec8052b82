package build_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/solver/pb"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
)

// slimmed is an app whose image is slim by a rule, with packages from three places, on a builder that cannot merge layers.
func slimmed(t *testing.T) *stand {
	t.Helper()
	s := newStand(t)
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), StaticAssets: map[string]string{"a": "b"}, Start: &plan.Start{Cmd: new("run")},
		Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"go"}, NixpkgsArchive: new("aa"), AptPkgs: []string{"git"}}}}
	s.spec.Apps[0].Plan.Full = new(p)
	p.Start = &plan.Start{Cmd: new("run"), Runtime: new(plan.Slim)}
	s.spec.Apps[0].Plan.Plan = p
	for _, ref := range []string{plan.UbuntuImage, "docker.io/library/" + plan.SlimImage} {
		registry, rest, _ := strings.Cut(ref, "/")
		s.world.Registry.Mirrors[registry] = s.host
		registrytest.Push(t, s.host+"/"+rest, "base")
	}
	s.spec.Trial, s.bench.info.NoMerges = build.TrialNever, true
	return s
}

func TestWithoutMergesAnImageIsFullWithAWarning(t *testing.T) {
	s := slimmed(t)
	s.spec.Attest = build.Attest{SBOM: true, Provenance: "min"}
	out := s.built()
	want := []string{"warning: the image is full and not slim and without attestations, as the BuildKit of the Docker engine can make no other; " +
		"use the containerd image store in the engine, or another builder, which doctor tells of"}
	if diff := cmp.Diff(want, s.said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	req := s.request()
	if req.Provenance != "" || len(req.Attestations) > 0 || req.Inventory != nil || slices.ContainsFunc(req.Exports, func(e builder.Export) bool { return e.Attest }) || out.Attested != nil {
		t.Errorf("attestations are asked for: %+v", req)
	}
	if slices.ContainsFunc(req.Definition.Def, merges) {
		t.Error("layers are merged")
	}
	if out.ContentKey != "" || slices.ContainsFunc(s.tags("/app"), func(tag string) bool { return strings.HasPrefix(tag, "npx1-c-") }) {
		t.Errorf("it may be promoted: %q, %q", out.ContentKey, s.tags("/app"))
	}
	if !s.spec.Apps[0].Plan.Plan.Slim() {
		t.Error("the build changes its spec")
	}
}

// merges reports whether an operation merges or compares layers.
func merges(def []byte) bool {
	var op pb.Op
	return op.UnmarshalVT(def) != nil || op.GetMerge() != nil || op.GetDiff() != nil
}

func TestWhatCannotBeHadWithoutMergesIsAnError(t *testing.T) {
	for want, change := range map[string]func(*stand){
		"make slim images":            func(s *stand) { s.spec.Apps[0].Plan.Full = nil },
		"be trusted with secrets":     func(s *stand) { s.asking("setup", "TOKEN"); s.spec.Secrets = build.Secrets{"TOKEN": "correct-horse"} },
		"make reproducible images":    func(s *stand) { s.spec.Image.Reproducible = true },
		"attest all of an image's":    func(s *stand) { s.spec.Attest.Provenance = "max" },
		"compress layers with zstd":   func(s *stand) { s.spec.Image.Compression = "zstd" },
		"looking up the base image: ": func(s *stand) { s.spec.Apps[0].Plan.Full.BuildImage = new(s.host + "/absent:1") },
		"checking the plan: phase setup, cmd": func(s *stand) {
			s.spec.Apps[0].Plan.Full.Phases = map[string]plan.Phase{"setup": {Cmds: []string{"a\x00"}}}
		},
		"push an image for one of several": func(s *stand) {
			s.twins()
			s.spec.Apps[0].Plan.Plan.Start.Runtime, s.spec.Apps[0].Plan.Full = nil, nil
		},
	} {
		s := slimmed(t)
		change(s)
		if _, err := s.run(); !contains(err, want) || len(s.bench.asked) > 0 {
			t.Errorf("%s: error is %v", want, err)
		}
	}
}

func TestAFullImageHasAnotherContentThanASlimOne(t *testing.T) {
	keys := map[string]bool{}
	for _, full := range []bool{false, true} {
		s := slimmed(t)
		s.bench.info.NoMerges = false
		if full {
			s.spec.Apps[0].Plan.Plan = *s.spec.Apps[0].Plan.Full
		}
		keys[s.built().ContentKey] = true
	}
	if len(keys) != 2 {
		t.Errorf("keys are %v", keys)
	}
}

func TestCodeOfStrangersNeedsABuilderThatGivesStepsANetwork(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want int
		text string
	}{
		"it shares its own": {&builder.SharedError{}, fault.App, "building code of strangers: "},
		"there is none":     {&builder.UnreachableError{Address: "tcp://h:1"}, fault.World, ""},
	} {
		s := newStand(t)
		s.spec.Cache.Promote, s.spec.Builder.RefuseShared, s.bench.refuse = build.PromoteNever, true, tt.err
		if _, err := s.run(); fault.Status(err) != tt.want || !contains(err, tt.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
