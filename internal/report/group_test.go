package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestATimelineForATerminalHasALineForEachPhase(t *testing.T) {
	got := Timeline([]Step{
		{Part: "context", Name: "app", Duration: 100 * time.Millisecond, Bytes: 1_200_000},
		{Part: "install", Name: "copy", Counts: true, Cached: true, Start: time.Second},
		{Part: "install", Name: "npm ci", Counts: true, Start: time.Second, Duration: 12 * time.Second, Bytes: 900},
		{Part: "setup", Name: "nix", Counts: true, Cached: true, Start: 2 * time.Second},
		{Name: "exporting to image", Duration: time.Hour},
		{Part: "install", Name: "more", Counts: true, Start: 3 * time.Second, Duration: 340 * time.Millisecond},
		{Part: "build\n::error::", Name: "x", Counts: true},
	})
	want := `  context          0.1 s                  1.2 MB
  install          12.3 s  1 of 3 cached  900 B
  setup            0.0 s   cached
  build ::error::  0.0 s
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
