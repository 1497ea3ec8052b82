package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"

	"github.com/org/npx-action/internal/graph"
)

func TestASpaceBeginsTheNamesOfTheDirectoriesThatTheBuilderKeeps(t *testing.T) {
	def, _ := lowered(t, pinned(t, cached(), graph.Options{}), Options{Kept: Kept{Space: "other-"}})
	own, shared := "cache other-npx-/app/own at /app/own, shared", "cache other-npx-/shared at /shared, shared"
	want := map[string][]string{"[install] one": {shared}, "[install] two": {shared}, "[build] three": {own, shared}}
	if diff := cmp.Diff(want, mountLines(t, def)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// owners are the identifiers that tell the owner, by the name of the step.
func owners(t *testing.T, def *llb.Definition) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			t.Fatal(err)
		}
		e := op.GetExec()
		if e == nil {
			continue
		}
		for _, m := range e.Mounts {
			if m.Dest == ownerTarget {
				got[e.Meta.Args[len(e.Meta.Args)-1]] = m.SecretOpt.ID
				if !m.SecretOpt.Optional {
					t.Errorf("%q needs %s", e.Meta.Args, m.SecretOpt.ID)
				}
			}
		}
	}
	return got
}

// What a step makes with a directory that the builder keeps depends on what others left there; a step that begins with a store does not.
func TestOnlyStepsWithAKeptDirectoryAreTheOwners(t *testing.T) {
	g := pinned(t, cached(), graph.Options{})
	def, _ := lowered(t, g, Options{Kept: Kept{Owner: "acme"}, Stores: []Store{{Phase: "install", Target: "/shared"}}})
	want := map[string]string{"three": "npx-action-owner-acme"}
	if diff := cmp.Diff(want, owners(t, def)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	def, _ = lowered(t, g, Options{})
	if got := owners(t, def); len(got) > 0 {
		t.Errorf("without an owner: %v", got)
	}
}
