package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/report"
)

func TestStepsAreGroupedByPhase(t *testing.T) {
	got := groups([]builder.Step{
		{Name: "[context] app", Duration: 100 * time.Millisecond, Bytes: 1_200_000},
		{Name: "[install] copy", InGraph: true, Cached: true, Start: time.Second},
		{Name: "[install] npm ci", InGraph: true, Start: time.Second, Duration: 12 * time.Second, Bytes: 900},
		{Name: "[setup] nix", InGraph: true, Cached: true, Start: 2 * time.Second},
		{Name: "exporting to image", Duration: time.Hour},
		{Name: "[install] more", InGraph: true, Start: 3 * time.Second, Duration: 340 * time.Millisecond},
	})
	want := []report.Group{
		{Name: "context", End: 100 * time.Millisecond, Duration: 100 * time.Millisecond, Bytes: 1_200_000},
		{Name: "install", Steps: 3, Cached: 1, Start: time.Second, End: 13 * time.Second, Duration: 12_340 * time.Millisecond, Bytes: 900},
		{Name: "setup", Steps: 1, Cached: 1, Start: 2 * time.Second, End: 2 * time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
