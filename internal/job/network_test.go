package job

import (
	"testing"

	"github.com/org/npx-action/internal/builder"
)

func TestCodeOfStrangersNeverRunsOnTheMachinesNetwork(t *testing.T) {
	const hosted, asked, loopback = "RUNNER_ENVIRONMENT=github-hosted", "INPUT_STEP-NETWORK=shared", "INPUT_NIX-MIRROR=http://127.0.0.1:1"
	type want struct {
		network string
		refuses bool
	}
	own, shared := want{builder.OwnNetwork, false}, want{}
	for _, tt := range []struct {
		environ []string
		trusted want // and everybody else who has rights
		foreign want
	}{
		{nil, own, want{builder.OwnNetwork, true}},
		{[]string{loopback}, shared, want{builder.OwnNetwork, true}},
		{[]string{hosted}, own, own},
		{[]string{hosted, loopback}, shared, shared},
		{[]string{asked}, shared, shared},
	} {
		for _, standing := range ranks {
			im := jobFor(t, standing, "acme/shop", tt.environ...)
			expected := tt.trusted
			if standing == "foreign" {
				expected = tt.foreign
			}
			if got := (want{im.Builder.Network, im.Builder.RefuseShared}); got != expected {
				t.Errorf("%s with %q: %+v, want %+v", standing, tt.environ, got, expected)
			}
		}
	}
	for _, standing := range []string{"", "exposed", "something new"} {
		if !stranger(standing) {
			t.Errorf("%q is no stranger", standing)
		}
	}
}
