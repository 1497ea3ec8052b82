package build_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/report"
)

func TestMetadata(t *testing.T) {
	began := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	out := build.Outcome{
		Names: []string{"r.example/a:1"}, Pushed: true,
		Began:    began,
		Duration: 1500 * time.Millisecond,
		Result: builder.Result{
			Digest: "sha256:0", ConfigDigest: "sha256:1", CacheExported: true,
			Steps: []builder.Step{{Name: "npm ci", InGraph: true, Cached: true, Duration: time.Second}, {Name: "exporting", Started: began.Add(time.Second), Activities: []builder.Activity{
				{Kind: builder.PullLayers, Start: began.Add(1200 * time.Millisecond), Duration: 300 * time.Millisecond},
			}}},
		},
		Lookup: &cache.Lookup{
			Hit: cache.PartialHit, Why: "changed", Import: []string{"r.example/c:old"}, Export: "r.example/c:new",
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
      "start": 0,
      "seconds": 1
    },
    {
      "name": "exporting",
      "inPlan": false,
      "cached": false,
      "start": 1,
      "seconds": 0,
      "activities": [
        {
          "kind": "pull layers",
          "start": 1.2,
          "seconds": 0.3
        }
      ]
    }
  ]
}
`
	if diff := cmp.Diff(want, string(out.Metadata())); diff != "" {
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
	out := build.Outcome{Names: []string{"r.example/a:1"}, Pushed: true}
	if diff := cmp.Diff(want, string(out.Metadata())); diff != "" {
		t.Errorf("metadata differs (-want +got):\n%s", diff)
	}
}

func TestCacheIsWrittenOnlyIfItWasExported(t *testing.T) {
	out := build.Outcome{Lookup: &cache.Lookup{Export: "r.example/c:new"}}
	if m := string(out.Metadata()); !strings.Contains(m, `"written": false`) || !strings.Contains(m, `"import": []`) {
		t.Errorf("got %s", m)
	}
	out.CacheExported = true
	if m := string(out.Metadata()); !strings.Contains(m, `"written": true`) {
		t.Errorf("got %s", m)
	}
}

func TestBuildReport(t *testing.T) {
	names := []string{"r.example/a:1"}
	out := build.Outcome{
		Names: names, Pushed: true, Attested: []string{"the plan"},
		Duration: time.Minute, Lookup: &cache.Lookup{Hit: cache.PartialHit, Why: "changed", Export: "r.example/c:new"},
		Result: builder.Result{Digest: "sha256:0", CacheExported: true, Steps: []builder.Step{{Name: "[install] npm ci", InGraph: true, Cached: true}, {Name: "exporting", InGraph: true}}},
	}
	want := &report.Build{
		Digest: "sha256:0", Tags: names, Pushed: true, Attested: []string{"the plan"}, Cache: "partial", CacheWhy: "changed", CacheTo: "r.example/c:new", Duration: time.Minute,
		Steps: []report.Step{{Part: "install", Name: "npm ci", Counts: true, Cached: true}, {Name: "exporting", Counts: true}},
	}
	if diff := cmp.Diff(want, out.Report("", nil)); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
	step := &builder.StepError{Name: "[install] npm ci", ExitCode: 1, Tail: []string{"npm \x1b[1;31merror\x1b[0m", "see the log"}}
	failed := build.Outcome{Names: names, Pushed: true}.Report("a fork does not push", fmt.Errorf("building: %w", step))
	want = &report.Build{
		Tags: names, NotPush: "a fork does not push", Failed: "install", Failure: "building: running \"[install] npm ci\": exit status 1\n\nnpm error\nsee the log",
	}
	if diff := cmp.Diff(want, failed); diff != "" {
		t.Errorf("report of a failure differs (-want +got):\n%s", diff)
	}
	if text := out.Timeline(); !strings.Contains(text, "install  0.0 s  cached") {
		t.Errorf("got %q", text)
	}
}
