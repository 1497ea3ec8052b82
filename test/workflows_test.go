package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A projectWorkflow is what of the project's own workflows has rules.
type projectWorkflow struct {
	Permissions map[string]string
	Jobs        map[string]struct {
		Uses        string
		Permissions map[string]string
		Environment string
		Steps       []struct {
			Uses string
			With map[string]any
		}
	}
}

// pinned is an action by the hash of a commit, with the version that this is for people and Dependabot.
var pinned = regexp.MustCompile(`(?m)^ *(?:- )?uses: (?:\./\S*|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)

func TestTheProjectsWorkflowsTrustLittle(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all, good := strings.Count(string(text), "uses: "), len(pinned.FindAll(text, -1)); all != good {
			t.Errorf("%s: %d of %d actions are pinned by hash and named by version", file, good, all)
		}
		if strings.Contains(string(text), "pull_request_target") {
			t.Errorf("%s gives rights to the code of strangers", file)
		}
		var w projectWorkflow
		load(t, file, &w)
		if w.Permissions == nil || len(w.Permissions) > 0 {
			t.Errorf("%s: permissions are %v where each job should ask for its own", file, w.Permissions)
		}
		for name, job := range w.Jobs {
			if len(job.Permissions) == 0 {
				t.Errorf("%s: the job %s does not say its permissions", file, name)
			}
			if job.Environment == "" && (job.Permissions["packages"] == "write" || job.Permissions["contents"] == "write" || job.Permissions["id-token"] == "write") {
				t.Errorf("%s: the job %s may publish and waits for no environment", file, name)
			}
			if job.Permissions["packages"] == "write" && job.Permissions["contents"] == "write" {
				t.Errorf("%s: the job %s has more rights than one step uses", file, name)
			}
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != false {
					t.Errorf("%s: the job %s leaves its token in the checkout", file, name)
				}
			}
		}
	}
}

// script runs a script of the release in a directory.
func script(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	path, err := filepath.Abs("../.github/release/" + name)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	return string(out), err
}

func TestTheShorterTagsOfARelease(t *testing.T) {
	for version, want := range map[string]string{
		"1.4.0": "1.4\n1\n", "12.0.30": "12.0\n12\n", "0.4.1": "0.4\n", "2.0.0-rc.1": "",
	} {
		if got, err := script(t, ".", "version.sh", version); got != want || err != nil {
			t.Errorf("%s: %q %v, want %q", version, got, err, want)
		}
	}
	for _, tt := range []struct {
		version  string
		released []string
		want     string
	}{
		{"1.4.1", []string{"1.4.0", "1.3.9", "0.9.0"}, "1.4\n1\n"},
		{"1.3.10", []string{"1.4.0", "1.3.9"}, "1.3\n"},
		{"1.3.8", []string{"1.4.0", "1.3.10"}, ""},
		{"1.10.0", []string{"1.9.0"}, "1.10\n1\n"},
		{"1.9.1", []string{"1.10.0"}, "1.9\n"},
		{"2.0.0", []string{"1.4.0", "12.0.0", "2.1.0-rc.1"}, "2.0\n2\n"},
		{"1.4.0", []string{"11.4.1", "1.40.0-rc.1", "1", "latest"}, "1.4\n1\n"},
	} {
		if got, err := script(t, ".", "version.sh", append([]string{tt.version}, tt.released...)...); got != tt.want || err != nil {
			t.Errorf("%s after %v: %q %v, want %q", tt.version, tt.released, got, err, tt.want)
		}
	}
	for _, version := range []string{"", "1.4", "v1.4.0", "1.04.0", "1.4.0+5", "1.4.0-", "1.4.0\n2.0.0", "1.4.0;id", "$(id)", "../1.4.0"} {
		if got, err := script(t, ".", "version.sh", version); err == nil || got != "" {
			t.Errorf("%q is taken for a version: %q", version, got)
		}
	}
}

func TestAReleaseRunsItsImageByDigest(t *testing.T) {
	const image, digest = "ghcr.io/org/npx-action", "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	dir := t.TempDir()
	files := []string{"action.yml", "gitlab/templates/npx.yml", "gitlab/templates/discover.yml"}
	if err := os.MkdirAll(filepath.Join(dir, "gitlab/templates"), 0o755); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		before[name] = string(text)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := script(t, dir, "pin.sh", image, "1.4.0", "latest"); err == nil {
		t.Error("a word is taken for a digest")
	}
	if _, err := script(t, dir, "pin.sh", image, "1.4.0", digest); err != nil {
		t.Fatal(err)
	}
	for i, name := range files {
		old, changed := "default: "+image+":1\n", "default: "+image+":1.4.0@"+digest+"\n"
		if i == 0 {
			old, changed = "image: Dockerfile\n", "image: docker://"+image+"@"+digest+"\n"
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Replace(before[name], old, changed, 1), string(text)); diff != "" || string(text) == before[name] {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := script(t, dir, "pin.sh", image, "1.4.0", digest); err == nil {
		t.Error("what is pinned is pinned again")
	}
}
