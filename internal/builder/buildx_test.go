package builder

import "testing"

func TestABuilderOfBuildxThatSomebodyElseMayHaveMadeIsNotTaken(t *testing.T) {
	running := []string{"buildx_buildkit_theirs0", "buildx_buildkit_ours12", "other"}
	for _, tt := range []struct {
		o            Options
		wanted, want string
	}{
		{Options{}, "", ""},
		{Options{Buildx: []string{"ours", ""}}, "", "buildx_buildkit_ours12"},
		{Options{Buildx: []string{"our"}}, "", ""},
		{Options{}, "theirs", "buildx_buildkit_theirs0"},
		{Options{Buildx: []string{"ours"}}, "theirs", "buildx_buildkit_theirs0"},
		{Options{AnyBuildx: true}, "", "buildx_buildkit_ours12"},
		{Options{Route: "buildx"}, "", "buildx_buildkit_ours12"},
	} {
		if got := chooseBuildx(running, tt.o.mayTake(tt.wanted)); got != tt.want {
			t.Errorf("%+v, wanted %q: %q, want %q", tt.o, tt.wanted, got, tt.want)
		}
	}
}
