package builder_test

import (
	"context"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"

	"github.com/org/npx-action/internal/builder"
)

func TestAStepWithoutANetworkGetsNoneOfAnEngine(t *testing.T) {
	def, err := llb.Image("base").Run(llb.Args([]string{"trial"}), llb.Network(llb.NetModeNone)).Marshal(t.Context(), llb.LinuxAmd64)
	if err != nil {
		t.Fatal(err)
	}
	got, err := builder.OnHostNetwork(def)
	if err != nil {
		t.Fatal(err)
	}
	for _, dt := range got.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			t.Fatal(err)
		}
		if e := op.GetExec(); e != nil && e.Network != pb.NetMode_NONE {
			t.Errorf("%v has the network %v", e.Meta.Args, e.Network)
		}
	}
}

func TestStepsOfAnEngineUseTheHostsNetwork(t *testing.T) {
	graph := func(opts ...llb.RunOption) *llb.Definition {
		base := llb.Image("base")
		one := base.Run(append(opts, llb.Args([]string{"one"}), llb.WithCustomName("one"))...).Root()
		two := one.Run(append(opts, llb.Args([]string{"two"}), llb.WithCustomName("two"))...).Root()
		def, err := two.File(llb.Mkfile("/f", 0o644, nil), llb.WithCustomName("file")).Marshal(context.Background(), llb.LinuxAmd64)
		if err != nil {
			t.Fatal(err)
		}
		return def
	}
	got, err := builder.OnHostNetwork(graph())
	if err != nil {
		t.Fatal(err)
	}
	want := graph(llb.Network(pb.NetMode_HOST))
	names := func(def *llb.Definition) map[string]digest.Digest {
		out := map[string]digest.Digest{}
		for _, dt := range def.Def {
			d := digest.FromBytes(dt)
			out[def.Metadata[d].Description["llb.customname"]] = d
		}
		return out
	}
	if len(got.Def) != len(want.Def) {
		t.Fatalf("%d steps, want %d", len(got.Def), len(want.Def))
	}
	have := names(got)
	for name, d := range names(want) {
		if have[name] != d && name != "" {
			t.Errorf("step %q differs from one that was made so", name)
		}
	}
	for _, dt := range got.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			t.Fatal(err)
		}
		if e := op.GetExec(); e != nil && e.Network != pb.NetMode_HOST {
			t.Errorf("%v is not on the host's network", e.Meta.Args)
		}
	}
}
