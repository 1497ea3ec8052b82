package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/reserved"
)

// monorepo is a checkout with two commits: the second changes one of two apps. It returns the first.
func monorepo(t *testing.T) (dir, base string) {
	t.Helper()
	dir = t.TempDir()
	for _, app := range []string{"api", "web"} {
		apptest.Write(t, dir, "services/"+app+"/package.json", `{"scripts":{"start":"node ."}}`)
	}
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	record := func() string {
		w, err := repo.Worktree()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.AddWithOptions(&git.AddOptions{All: true}); err != nil {
			t.Fatal(err)
		}
		hash, err := w.Commit("change", &git.CommitOptions{Author: &object.Signature{Name: "a", Email: "a@b.example"}})
		if err != nil {
			t.Fatal(err)
		}
		return hash.String()
	}
	base = record()
	apptest.Write(t, dir, "services/web/index.js", "")
	record()
	return dir, base
}

// discoverIn runs a job in mode discover, and returns its status, its output and its outputs.
func discoverIn(t *testing.T, checkout, base string, extra ...string) (status int, out, outputs string) {
	t.Helper()
	dir := t.TempDir()
	event := filepath.Join(dir, "event.json")
	text := fmt.Sprintf(`{"number":7,"pull_request":{"head":{"sha":"abc","repo":{"full_name":"a/b"}},"base":{"sha":%q}},"repository":{"full_name":"A/b"}}`, base)
	if err := os.WriteFile(event, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	forge := httptest.NewServer(http.NotFoundHandler()) // it has no commit that the clone lacks
	defer forge.Close()
	var stdout bytes.Buffer
	status = Main(t.Context(), Process{Dir: checkout, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stdout, Environ: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_API_URL=" + forge.URL, "GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=" + event, "GITHUB_REPOSITORY=A/b",
		"GITHUB_WORKSPACE=" + checkout, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "INPUT_MODE=discover"}, extra...)})
	written, _ := os.ReadFile(filepath.Join(dir, "output"))
	return status, stdout.String(), string(written)
}

func TestAJobHandsOnTheAppsThatItsEventAffects(t *testing.T) {
	checkout, base := monorepo(t)
	for _, tt := range []struct {
		name  string
		base  string
		extra []string
		want  []string // contexts and images
		said  string
	}{
		{"a pull request", base, nil, []string{"services/web ghcr.io/a/b/web"}, "1 of 2 apps are affected since " + base[:12]},
		{"all apps", base, []string{"INPUT_AFFECTED=false"}, []string{"services/api ghcr.io/a/b/api", "services/web ghcr.io/a/b/web"}, ""},
		{"an event without a base", "", nil, []string{"services/api ghcr.io/a/b/api", "services/web ghcr.io/a/b/web"}, "all apps are affected"},
		{"a base that the clone lacks", strings.Repeat("1", 40), nil, []string{"services/api ghcr.io/a/b/api", "services/web ghcr.io/a/b/web"}, "all apps are taken to be affected"},
		{"a base of one's own", "", []string{"INPUT_BASE-REF=HEAD"}, nil, "0 of 2 apps"},
		{"a part of the checkout", base, []string{"INPUT_CONTEXT=services"}, []string{"services/web ghcr.io/a/b/web"}, ""},
		{"an image of one's own", base, []string{"INPUT_IMAGES=docker.io/me/{name}"}, []string{"services/web docker.io/me/web"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, out, written := discoverIn(t, checkout, tt.base, tt.extra...)
			if status != fault.OK || !strings.Contains(out, tt.said) {
				t.Fatalf("status %d\n%s", status, out)
			}
			var matrix struct {
				Include []struct{ Context, Images string }
			}
			for line := range strings.Lines(written) {
				if strings.HasPrefix(line, "{") {
					if err := json.Unmarshal([]byte(line), &matrix); err != nil {
						t.Fatal(err)
					}
				}
			}
			var got []string
			for _, a := range matrix.Include {
				got = append(got, a.Context+" "+a.Images)
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q, want %q\n%s", got, tt.want, written)
			}
			if !strings.Contains(written, fmt.Sprintf("\n%d\n", len(tt.want))) {
				t.Errorf("the count is not %d:\n%s", len(tt.want), written)
			}
		})
	}
}

func TestAJobThatCannotDiscover(t *testing.T) {
	checkout, base := monorepo(t)
	for input, want := range map[string]string{
		"INPUT_IMAGES=name=x,enable=true": "no name of an image",
		"INPUT_CONTEXT=..":                "is outside",
		"INPUT_AFFECTED=perhaps":          "neither true nor false",
	} {
		if status, out, _ := discoverIn(t, checkout, base, input); status != fault.Misuse || !strings.Contains(out, want) {
			t.Errorf("%s: status %d\n%s", input, status, out)
		}
	}
	apptest.Write(t, checkout, "services/web/package.json", "\n{")
	status, out, written := discoverIn(t, checkout, base)
	if status != fault.OK || !strings.Contains(out, "::warning file=services/web/package.json,line=2::services/web cannot be planned") || !strings.Contains(written, `"context":"services/web"`) {
		t.Errorf("one broken manifest: status %d\n%s%s", status, out, written)
	}
	if err := os.RemoveAll(filepath.Join(checkout, "services/api")); err != nil {
		t.Fatal(err)
	}
	status, out, _ = discoverIn(t, checkout, base)
	if status != fault.App || !strings.Contains(out, "::error file=services/web/package.json,line=2::parsing services/web/package.json:2") {
		t.Errorf("a broken manifest: status %d\n%s", status, out)
	}
}

func TestAGitLabJobLeavesAPipeline(t *testing.T) {
	checkout, base := monorepo(t)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.Symlink(victim, filepath.Join(checkout, reserved.Apps)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	status := Main(t.Context(), Process{Dir: checkout, Stdout: &out, Stderr: &out, Environ: []string{
		"GITLAB_CI=true", "CI_PROJECT_DIR=" + checkout, "CI_REGISTRY_IMAGE=registry.example/a/b", "CI_PIPELINE_SOURCE=merge_request_event",
		"CI_MERGE_REQUEST_IID=7", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + base, "NPX_MODE=discover"}})
	text, err := os.ReadFile(filepath.Join(checkout, reserved.Apps))
	if status != fault.OK || err != nil || !strings.Contains(string(text), `"[\"registry.example/a/b/web\"]"`) || strings.Contains(string(text), "api") {
		t.Errorf("status %d %v\n%s\n%s", status, err, &out, text)
	}
	if _, err := os.Stat(victim); err == nil {
		t.Error("a link was written through")
	}
	if env, _ := os.ReadFile(filepath.Join(checkout, "npx.env")); string(env) != "NPXOUT_COUNT=1\n" {
		t.Errorf("outputs: %q", env)
	}
}

func TestAChildPipelineIncludesTheComponentOfItsRelease(t *testing.T) {
	for version, want := range map[string]string{"v1.4.0": "npx@1.4.0", "v1.4.0-3-gabcdef0": "npx@1", "v2.0.0-rc.1": "npx@1", "devel": "npx@1", "": "npx@1"} {
		if got := component(version); !strings.HasSuffix(got, "/"+want) {
			t.Errorf("%q includes %s, want %s", version, got, want)
		}
	}
}
