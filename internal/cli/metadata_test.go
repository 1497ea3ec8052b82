package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
)

func TestMetadata(t *testing.T) {
	im := &image{refs: []string{"r.example/a:1"}, push: true}
	out := outcome{
		duration: 1500 * time.Millisecond,
		Result: builder.Result{
			Digest: "sha256:0", ConfigDigest: "sha256:1", CacheExported: true,
			Steps: []builder.Step{{Name: "npm ci", InGraph: true, Cached: true, Duration: time.Second}, {Name: "exporting"}},
		},
		lookup: &cache.Lookup{
			Hit: cache.Partial, Why: "changed", Import: []string{"r.example/c:old"}, Export: "r.example/c:new",
			Key: cache.Key{Exact: "abc", Parts: cache.Parts{{Name: "schema", Digest: "0f"}}},
		},
	}
	want := `{
  "containerimage.digest": "sha256:0",
  "containerimage.config.digest": "sha256:1",
  "names": [
    "r.example/a:1"
  ],
  "pushed": true,
  "seconds": 1.5,
  "cache": {
    "hit": "partial",
    "key": "abc",
    "why": "changed",
    "import": [
      "r.example/c:old"
    ],
    "export": "r.example/c:new",
    "written": true,
    "parts": [
      {
        "name": "schema",
        "digest": "0f"
      }
    ]
  },
  "steps": [
    {
      "name": "npm ci",
      "inPlan": true,
      "cached": true,
      "seconds": 1
    },
    {
      "name": "exporting",
      "inPlan": false,
      "cached": false,
      "seconds": 0
    }
  ]
}
`
	if diff := cmp.Diff(want, string(newMetadata(im, out).json())); diff != "" {
		t.Errorf("metadata differs (-want +got):\n%s", diff)
	}
}

func TestMetadataOfAFailedBuild(t *testing.T) {
	want := `{
  "names": [
    "r.example/a:1"
  ],
  "pushed": false,
  "seconds": 0,
  "steps": []
}
`
	im := &image{refs: []string{"r.example/a:1"}, push: true}
	if diff := cmp.Diff(want, string(newMetadata(im, outcome{}).json())); diff != "" {
		t.Errorf("metadata differs (-want +got):\n%s", diff)
	}
}

func TestCacheIsWrittenOnlyIfItWasExported(t *testing.T) {
	out := outcome{lookup: &cache.Lookup{Export: "r.example/c:new"}}
	if m := newMetadata(&image{}, out); m.Cache.Written || m.Cache.Import == nil {
		t.Errorf("got %+v", m.Cache)
	}
	out.CacheExported = true
	if m := newMetadata(&image{}, out); !m.Cache.Written {
		t.Errorf("got %+v", m.Cache)
	}
}
