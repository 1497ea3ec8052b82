package tags

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("a", 200)
	tests := []struct {
		source Source
		want   []string
	}{
		{Source{Branch: "main"}, []string{"main"}},
		{Source{Branch: "feat/a@b#1"}, []string{"feat-a-b-1"}},
		{Source{Tag: "v3.4.5"}, []string{"v3.4.5", "latest"}},
		{Source{Number: 42, Branch: "feature"}, []string{"pr-42"}},
		{Source{Scheduled: true, Branch: "main"}, []string{"nightly", "main"}},
		{Source{Branch: "-.hidden"}, []string{"hidden"}},
		{Source{Branch: "///"}, []string{"ref"}},
		{Source{}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Names(tt.source)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.source, diff)
		}
	}
	a, b := Names(Source{Branch: long})[0], Names(Source{Branch: long + "b"})[0]
	if len(a) != 128 || len(b) != 128 || a == b {
		t.Errorf("long branches give %q and %q", a, b)
	}
}

func TestReferences(t *testing.T) {
	tests := []struct {
		name         string
		images, tags []string
		want         []string
	}{
		{"defaults", []string{"R.io/Acme/Shop"}, nil, []string{"r.io/acme/shop:main"}},
		{"own tags", []string{"r.io/aa", "r.io/bb"}, []string{"1.2", "1.2", "edge"},
			[]string{"r.io/aa:1.2", "r.io/aa:edge", "r.io/bb:1.2", "r.io/bb:edge"}},
		{"full references", []string{"r.io/aa"}, []string{"r.io/cc:9", "127.0.0.1:5000/dd", "x"},
			[]string{"r.io/cc:9", "127.0.0.1:5000/dd:latest", "r.io/aa:x"}},
		{"only full references", []string{"r.io/aa"}, []string{"r.io/cc:9"}, []string{"r.io/cc:9"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := References(tt.images, tt.tags, []string{"main"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, bad := range [][]string{{"a b"}, {"r.io/cc:.x"}, {strings.Repeat("x", 129)}, {"r.io/aa?b:1"}} {
		if got, err := References([]string{"r.io/aa"}, bad, nil); err == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
}
