package build

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatementsBesideAPromotedImageAreOfThisRunAndNameTheEarlierOne(t *testing.T) {
	o := Origin{RunURL: "https://forge.example/runs/2", Source: &Commit{URL: "https://forge.example/acme/shop", Commit: "two"}}
	const earlier = "sha256:old"
	for name, tt := range map[string]struct{ kind, predicate, want string }{
		"the plan": {planPredicate, `{"digest":"d","source":{"url":"https://forge.example/acme/shop","commit":"one"}}`,
			`{"digest":"d","source":{"url":"https://forge.example/acme/shop","commit":"two"},
			"https://github.com/org/npx-action/promotion/v1":{"image":"sha256:old","source":{"url":"https://forge.example/acme/shop","commit":"one"}}}`},
		"a plan without a commit": {planPredicate, `{"digest":"d"}`,
			`{"digest":"d","source":{"url":"https://forge.example/acme/shop","commit":"two"},"https://github.com/org/npx-action/promotion/v1":{"image":"sha256:old"}}`},
		"provenance 0.2": {"https://slsa.dev/provenance/v0.2", `{"builder":{"id":"https://forge.example/runs/1"},"materials":[1]}`,
			`{"builder":{"id":"https://forge.example/runs/2"},"materials":[1],
			"https://github.com/org/npx-action/promotion/v1":{"image":"sha256:old","builder":"https://forge.example/runs/1"}}`},
		"provenance 1": {"https://slsa.dev/provenance/v1", `{"buildDefinition":{"a":1},"runDetails":{"builder":{"id":""},"metadata":{}}}`,
			`{"buildDefinition":{"a":1},"runDetails":{"builder":{"id":"https://forge.example/runs/2"},"metadata":{},
			"https://github.com/org/npx-action/promotion/v1":{"image":"sha256:old"}}}`},
		"a bill of materials": {"https://spdx.dev/Document", `{"files":[]}`, `{"files":[]}`},
	} {
		got, err := restate(o, tt.kind, []byte(tt.predicate), earlier)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var have, want any
		if json.Unmarshal(got, &have) != nil || json.Unmarshal([]byte(tt.want), &want) != nil {
			t.Fatalf("%s: %s", name, got)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		// The same run again, such as a second attempt, changes nothing.
		if again, err := restate(o, tt.kind, got, "sha256:other"); err != nil || string(again) != string(got) {
			t.Errorf("%s, again: %s, %v", name, again, err)
		}
	}
	if _, err := restate(o, "https://slsa.dev/provenance/v1", []byte(`{"runDetails":{}}`), earlier); err == nil {
		t.Error("provenance without a builder is accepted")
	}
}
