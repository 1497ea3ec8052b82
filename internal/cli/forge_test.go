package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/test/forges"
)

const (
	baseCommit = "1111111111111111111111111111111111111111"
	headCommit = "2222222222222222222222222222222222222222"
)

// A forgeJob is a job that only plans, for pull or merge request 7 of a repository of which the base commit is not in the checkout.
type forgeJob struct {
	checkout string
	environ  []string
}

func (j forgeJob) run(t *testing.T, extra ...string) (status int, out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Main(t.Context(), Process{Environ: append(append([]string{}, j.environ...), extra...), Dir: j.checkout,
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	return status, stdout.String() + stderr.String()
}

// shallowCheckout has an app in a repository without history.
func shallowCheckout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := git.PlainInit(dir, false); err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, dir, "package.json", `{"scripts":{"start":"node ."}}`)
	return dir
}

func githubJob(t *testing.T, api string) forgeJob {
	t.Helper()
	dir, checkout := t.TempDir(), shallowCheckout(t)
	apptest.Write(t, dir, "event.json", fmt.Sprintf(`{"number":7,"pull_request":{"head":{"sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"sha":%q}},`+
		`"repository":{"full_name":"acme/shop","default_branch":"main"}}`, headCommit, baseCommit))
	return forgeJob{checkout, []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=" + api,
		"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_WORKSPACE=" + checkout, "GITHUB_RUN_NUMBER=1",
		"GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "INPUT_MODE=plan"}}
}

func gitlabJob(t *testing.T, api string) forgeJob {
	t.Helper()
	checkout := shallowCheckout(t)
	return forgeJob{checkout, []string{"GITLAB_CI=true", "CI_PIPELINE_SOURCE=merge_request_event", "CI_PROJECT_ID=99", "CI_PROJECT_PATH=acme/shop",
		"CI_MERGE_REQUEST_IID=7", "CI_MERGE_REQUEST_PROJECT_ID=99", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=99", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + baseCommit,
		"CI_COMMIT_SHA=" + headCommit, "CI_API_V4_URL=" + api, "CI_PROJECT_DIR=" + checkout, "CI_PIPELINE_IID=1", "NPX_MODE=plan"}}
}

// An openRequest is what both forges of [forges] can do, here for request 7.
type openRequest interface {
	Grant(secret string, token forges.Token)
	Open(number int, head string)
	Commit(hash string, files map[string]string)
	Comments(number int) []forges.Comment
	Requests() []string
}

// onEachForge runs a test with a job of each system.
func onEachForge(t *testing.T, test func(t *testing.T, request openRequest, job forgeJob, token string)) {
	t.Helper()
	prepare := func(r openRequest) {
		r.Grant("may-write", forges.Token{Account: "npx[bot]", Comment: true})
		r.Grant("may-read", forges.Token{Account: "npx[bot]"})
		r.Open(7, headCommit)
	}
	t.Run("GitHub", func(t *testing.T) {
		g := forges.NewGitHub(t, "acme/shop")
		prepare(g)
		test(t, g, githubJob(t, g.Serve()), "INPUT_TOKEN=")
	})
	t.Run("GitLab", func(t *testing.T) {
		g := forges.NewGitLab(t, "99")
		prepare(g)
		test(t, g, gitlabJob(t, g.Serve()), "NPX_TOKEN=")
	})
}

func TestAJobComparesWithABaseThatOnlyTheForgeHas(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		request.Commit(baseCommit, map[string]string{"package.json": `{}`, "Procfile": "web: run-of-the-base\n"})
		status, out := job.run(t, token+"may-write")
		if status != fault.OK || strings.Contains(out, "no comparison") {
			t.Fatalf("status %d\n%s", status, out)
		}
		comments := request.Comments(7)
		if len(comments) != 1 || !strings.Contains(comments[0].Body, "run-of-the-base") {
			t.Errorf("comments: %+v", comments)
		}
	})
}

func TestAJobComments(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		if status, out := job.run(t, token+"may-write", prefix+"_COMMENT=never"); status != fault.OK || len(request.Comments(7)) != 0 {
			t.Errorf("comment is never: status %d, %+v\n%s", status, request.Comments(7), out)
		}
		if status, out := job.run(t); status != fault.OK || len(request.Comments(7)) != 0 || !strings.Contains(out, "no token") {
			t.Errorf("no token: status %d, %+v\n%s", status, request.Comments(7), out)
		}
		if status, out := job.run(t, token+"may-read"); status != fault.OK || !strings.Contains(out, "pull-requests: write") {
			t.Errorf("a token that may read: status %d\n%s", status, out)
		}
		if status, out := job.run(t, token+"expired"); status != fault.OK || strings.Contains(strings.ReplaceAll(out, "::add-mask::expired", ""), "=expired") {
			t.Errorf("a token that is none: status %d\n%s", status, out)
		}
		status, out := job.run(t, token+"may-write")
		if comments := request.Comments(7); status != fault.OK || len(comments) != 1 || !strings.Contains(comments[0].Body, "`node`") {
			t.Errorf("status %d, comments %+v\n%s", status, comments, out)
		}
	})
}

// TestAppsOfOneDirectoryAreToldApartByName is about members of a workspace, which are all built from its root.
func TestAppsOfOneDirectoryAreToldApartByName(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		key := prefix + map[string]string{"INPUT": "_COMMENT-KEY=apps", "NPX": "_COMMENT_KEY=apps"}[prefix]
		for _, name := range []string{"api", "web"} {
			if status, out := job.run(t, token+"may-write", key, prefix+"_NAME="+name); status != fault.OK {
				t.Fatalf("status %d\n%s", status, out)
			}
		}
		comments := request.Comments(7)
		if len(comments) != 1 || !strings.Contains(comments[0].Body, "#### `api`") || !strings.Contains(comments[0].Body, "#### `web`") {
			t.Errorf("one comment of two apps: %+v", comments)
		}
		for _, name := range []string{"api", "web"} {
			if status, out := job.run(t, token+"may-write", prefix+"_NAME="+name); status != fault.OK {
				t.Fatalf("status %d\n%s", status, out)
			}
		}
		if comments := request.Comments(7); len(comments) != 3 || !strings.Contains(comments[2].Body, "### Build plan of `web`") {
			t.Errorf("a comment for each: %+v", comments)
		}
	})
}

// TestAMistakeIsToldOnceWithItsHint is about both modes of a job: one that plans, and one that finds apps.
func TestAMistakeIsToldOnceWithItsHint(t *testing.T) {
	onEachForge(t, func(t *testing.T, _ openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		for _, tt := range []struct {
			name, config string
			want         string
			hint         string
			status       int
		}{
			{"an unknown provider", "providers = ['fortran']\n", `providers: provider "fortran" not found`, "knows", fault.Misuse},
			{"apps that are none", "\napps = 1\n", "nixpacks.toml:2: apps: it is neither a list nor a table", "apps is a list of globs", fault.Misuse},
			{"nothing to plan", "providers = []\n", "no provider matched", project.NothingHint, fault.Nothing},
		} {
			apptest.Write(t, job.checkout, "nixpacks.toml", tt.config)
			for _, mode := range []string{"plan", "discover"} {
				status, out := job.run(t, prefix+"_MODE="+mode)
				if status == fault.OK && mode == "discover" || status == fault.OK && strings.Contains(tt.config, "apps") {
					continue // that is no mistake in this mode
				}
				if status != tt.status || strings.Count(out, tt.want) != 1 || strings.Count(out, tt.hint) != 1 || strings.Contains(out, "\nhint:") ||
					strings.Contains(out, "file=shard.yml") {
					t.Errorf("%s, %s: status %d\n%s", tt.name, mode, status, out)
				}
			}
		}
	})
}

// TestAnInputThatTheForgesClientCannotUseIsToldOnce is about inputs that are read before the app is looked at.
func TestAnInputThatTheForgesClientCannotUseIsToldOnce(t *testing.T) {
	onEachForge(t, func(t *testing.T, _ openRequest, job forgeJob, token string) {
		input := "NPX_CA_CERTIFICATES"
		if strings.HasPrefix(token, "INPUT_") {
			input = "INPUT_CA-CERTIFICATES"
		}
		status, out := job.run(t, input+"=missing.pem")
		if status == fault.OK || strings.Count(out, "missing.pem") != 1 {
			t.Errorf("status %d\n%s", status, out)
		}
	})
}

// TestACommentNamesANewSourceOfPackages is about a lockfile with the same versions from another host.
func TestACommentNamesANewSourceOfPackages(t *testing.T) {
	lock := func(host string) string {
		return `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/pad": {"version": "1.0.0", "resolved": "https://` + host + `/pad.tgz"}}}`
	}
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		manifest := `{"dependencies": {"pad": "1.0.0"}, "scripts": {"start": "node ."}}`
		request.Commit(baseCommit, map[string]string{"package.json": manifest, "package-lock.json": lock("registry.npmjs.org")})
		apptest.Write(t, job.checkout, "package.json", manifest)
		apptest.Write(t, job.checkout, "package-lock.json", lock("evil.example"))
		status, out := job.run(t, token+"may-write")
		comments := request.Comments(7)
		if status != fault.OK || len(comments) != 1 || !strings.Contains(comments[0].Body, "**packages now come from** `evil.example`") {
			t.Errorf("status %d, %+v\n%s", status, comments, out)
		}
	})
}

// TestACommentShowsNoValueThatLooksLikeASecret is about a configuration with such values in both commits. The file of the plan is for programs.
func TestACommentShowsNoValueThatLooksLikeASecret(t *testing.T) {
	configuration := func(password string) string {
		return "[variables]\nDB_PASSWORD = \"" + password + "\"\n[start]\ncmd = \"run --password " + password + "\"\n"
	}
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		request.Commit(baseCommit, map[string]string{"nixpacks.toml": configuration("old-correct-horse-1")})
		apptest.Write(t, job.checkout, "nixpacks.toml", configuration("new-correct-horse-2"))
		status, out := job.run(t, token+"may-write")
		comments := request.Comments(7)
		if status != fault.OK || len(comments) != 1 || !strings.Contains(comments[0].Body, "| variable `DB_PASSWORD` | `***` → `***`") ||
			!strings.Contains(comments[0].Body, "DB_PASSWORD` looks like a secret") {
			t.Fatalf("status %d, %+v\n%s", status, comments, out)
		}
		built, err := os.ReadFile(filepath.Join(job.checkout, "npx-plan.json"))
		if err != nil || !strings.Contains(string(built), "new-correct-horse-2") {
			t.Errorf("%s, %v", built, err)
		}
		if err := os.Remove(filepath.Join(job.checkout, "npx-plan.json")); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(job.checkout, "nixpacks.toml")); err != nil {
			t.Fatal(err)
		}
		if shown := out + job.left(t, request); strings.Contains(shown, "correct-horse") {
			t.Errorf("the value is shown:\n%s", shown)
		}
	})
}
