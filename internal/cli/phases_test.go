package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
)

func TestTimelineGroupsStepsByPhase(t *testing.T) {
	got := timeline([]builder.Step{
		{Name: "[context] app", Duration: 100 * time.Millisecond, Bytes: 1_200_000},
		{Name: "[install] copy", InGraph: true, Cached: true},
		{Name: "[install] npm ci", InGraph: true, Duration: 12 * time.Second, Bytes: 900},
		{Name: "[setup] nix", InGraph: true, Cached: true},
		{Name: "exporting to image", Duration: time.Hour},
		{Name: "[install] more", InGraph: true, Duration: 340 * time.Millisecond},
		{Name: "[build\n::error::] x", InGraph: true},
	})
	want := `  context          0.1 s                  1.2MB
  install          12.3 s  1 of 3 cached  900B
  setup            0.0 s   cached
  build ::error::  0.0 s
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
