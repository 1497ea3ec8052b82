//go:build world

// Package contract holds what this project takes to be the words of forges and of other actions against what they publish.
package contract

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

var update = flag.Bool("update", false, "rewrite the extract of GitHub's description in test/forges")

func npm(t *testing.T, spec, integrity string) string {
	t.Helper()
	dir, err := world.Package(t.Context(), spec, integrity)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTheExtractIsWhatGitHubDescribes(t *testing.T) {
	dir := npm(t, "@octokit/openapi@23.0.2", "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==")
	f, err := os.Open(filepath.Join(dir, "generated", "api.github.com.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := forges.Extract(f)
	if err != nil {
		t.Fatal(err)
	}
	const extract = "../forges/github.json"
	if *update {
		if err := os.WriteFile(extract, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(extract)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-published +kept), see -update:\n%s", extract, diff)
	}
}

// TestWebhooksOfGitHub reads an event file for every example that GitHub gives of the events for which a workflow with this action runs.
func TestWebhooksOfGitHub(t *testing.T) {
	text, err := world.Webhooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Name     string
		Examples []json.RawMessage
	}
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]ci.Kind{"pull_request": ci.PullRequest, "push": ci.Push, "merge_group": ci.MergeQueue, "workflow_dispatch": ci.Manual,
		"release": ci.Tag, "create": ci.Tag, "issue_comment": ci.Other, "workflow_run": ci.Other}
	read := map[string]int{}
	for _, event := range events {
		kind, ok := kinds[event.Name]
		if !ok {
			continue
		}
		for _, payload := range event.Examples {
			read[event.Name]++
			testWebhook(t, event.Name, kind, payload)
		}
	}
	for name := range kinds {
		if read[name] == 0 {
			t.Errorf("there is no example of %s", name)
		}
	}
}

// webhook is what the runner takes from an event for a job's environment, and what its payload must agree with.
type webhook struct {
	Ref, After string
	Repository struct {
		FullName string `json:"full_name"`
	}
	PullRequest *struct {
		Number     int
		Head, Base struct {
			SHA  string
			Ref  string
			Repo *struct {
				FullName string `json:"full_name"`
			}
		}
	} `json:"pull_request"`
	MergeGroup *struct {
		BaseSHA string `json:"base_sha"`
		HeadRef string `json:"head_ref"`
	} `json:"merge_group"`
}

func testWebhook(t *testing.T, name string, kind ci.Kind, payload []byte) {
	t.Helper()
	var w webhook
	if err := json.Unmarshal(payload, &w); err != nil {
		t.Fatal(err)
	}
	environ := map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "event.json", "GITHUB_REPOSITORY": w.Repository.FullName,
		"GITHUB_REF": w.Ref, "GITHUB_SHA": w.After}
	switch {
	case name == "release" || name == "create":
		environ["GITHUB_REF"] = "refs/tags/v1"
	case name == "push" && strings.HasPrefix(w.Ref, "refs/tags/"):
		kind = ci.Tag
	case w.MergeGroup != nil:
		environ["GITHUB_REF"] = w.MergeGroup.HeadRef
	}
	job, err := ci.ReadGitHub(environ, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(payload))), nil }, io.Discard)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	e := job.Event
	if e.Kind != kind || e.Repository != w.Repository.FullName {
		t.Errorf("%s: %s in %s", name, e.Kind, e.Repository)
	}
	if w.MergeGroup != nil && e.Base != w.MergeGroup.BaseSHA {
		t.Errorf("%s: base %s", name, e.Base)
	}
	if pr := w.PullRequest; pr != nil {
		fork := pr.Head.Repo == nil || pr.Head.Repo.FullName != w.Repository.FullName
		if e.Number != pr.Number || e.Head != pr.Head.SHA || e.Base != pr.Base.SHA || e.Branch != pr.Head.Ref || e.BaseBranch != pr.Base.Ref || e.Fork != fork {
			t.Errorf("%s: %+v", name, e)
		}
	}
}
