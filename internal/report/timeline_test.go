package report

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var groupsOfABuild = []Group{
	{Name: "context", End: time.Second, Duration: 100 * time.Millisecond, Bytes: 1_200_000},
	{Name: "install", Steps: 3, Cached: 1, Start: time.Second, End: 10 * time.Second, Duration: 12_340 * time.Millisecond, Bytes: 900},
	{Name: "setup", Steps: 1, Cached: 1, Start: 10 * time.Second, End: 10 * time.Second},
	{Name: "build\n::error::", Steps: 1, Start: 2 * time.Second, End: 2 * time.Second},
}

func TestATimelineForATerminalHasALineForEachGroup(t *testing.T) {
	want := `  context          0.1 s                  1.2MB
  install          12.3 s  1 of 3 cached  900B
  setup            0.0 s   cached
  build ::error::  0.0 s
`
	if diff := cmp.Diff(want, Timeline(groupsOfABuild)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATimelineShowsWhenEachGroupRan(t *testing.T) {
	got := timeline(groupsOfABuild, 3)
	for _, want := range []string{
		"| `context` | `███···························` | 0.1 |  | 1.2MB |\n",
		"| `install` | `···███████████████████████████` | 12.3 | 1 of 3 cached | 900B |\n",
		"| `setup` | `·····························█` | 0.0 | cached |  |\n",
		"*and 1 more*",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if got := timeline(nil, 3); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	if got := timeline([]Group{{Name: "a"}}, 3); !strings.Contains(got, "| `a` |  | 0.0 |") {
		t.Errorf("of no time: %q", got)
	}
}
