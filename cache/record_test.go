package cache

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARecordNamesEachStoreOnce(t *testing.T) {
	digest := func(c string) string { return "sha256:" + strings.Repeat(c, 64) }
	r := Record{
		Phases: []PhaseRecord{
			{Name: "install", Starts: []Start{{"/a", digest("2")}, {"/b", Nothing}, {"/c", Builders}}},
			{Name: "build", Starts: []Start{{"/d", digest("1")}}},
		},
		Stores: []Store{{Target: "/a", Digest: digest("2")}, {Target: "/b", Digest: digest("3")}, {Target: "/c"}},
	}
	if diff := cmp.Diff([]string{digest("1"), digest("2"), digest("3")}, r.Named()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, notes, err := RecordDocument("r.example/app/cache:x", r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseRecord(notes)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&r, again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if IsDocument(notes) {
		t.Error("a record is taken for a list of parts")
	}
}
