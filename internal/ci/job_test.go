package ci

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/reserved"
)

func TestInputs(t *testing.T) {
	job := readGitHub(t, "{}", map[string]string{
		"INPUT_INSTALL-CMD": "npm ci", "INPUT_ENV": "A=1,2\n\n# note\n B=x y ", "INPUT_PKGS": "jq, ripgrep\nfd",
		"INPUT_CACHE": "False", "INPUT_CONTEXT": "", "INPUT_PASSWORD": "pw", "INPUT_REGISTRY": "r.io", "INPUT_USERNAME": "u",
	})
	in := job.Inputs
	if diff := cmp.Diff(option.Lines{"A=1,2", "B=x y"}, in.Env); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(option.Words{"jq", "ripgrep", "fd"}, in.Pkgs); diff != "" {
		t.Error(diff)
	}
	if in.InstallCmd.String() != "npm ci" || in.Cache || in.Context != "." || in.Push != "auto" {
		t.Errorf("%+v", in)
	}
	if diff := cmp.Diff([]option.Login{{Registry: "r.io", Username: "u", Password: "pw"}}, job.Logins); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"INPUT_CACHE", "INPUT_PUSH", "INPUT_MODE", "INPUT_COMMENT", "INPUT_CACHE-WRITE"} {
		_, err := ReadGitHub(map[string]string{bad: "perhaps"}, open("{}"), io.Discard)
		var input *InputError
		if !errors.As(err, &input) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestWhiteSpaceAroundInputsIsDroppedButNotInSecrets(t *testing.T) {
	job := readGitHub(t, "{}", map[string]string{
		"INPUT_TOKEN": "ghs_x\n", "INPUT_PASSWORD": " pw\r\n", "INPUT_MODE": "plan\n", "INPUT_PUSH": "True\n", "INPUT_SBOM": "FALSE", "INPUT_PROVENANCE": "mode=max ",
		"INPUT_SECRETS": "A= x \n\"B=y\n \"", "INPUT_USERNAME": "\n", "INPUT_LOAD": "\n",
	})
	in := job.Inputs
	got := []string{in.Token, in.Password, in.Mode, in.Push, in.SBOM, in.Provenance, in.Username, in.Secrets[0].Value, in.Secrets[1].Value}
	if diff := cmp.Diff([]string{"ghs_x", "pw", "plan", "true", "false", "mode=max", "", " x ", "y\n "}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnInputThatIsNotUTF8IsNamed(t *testing.T) {
	_, err := ReadGitHub(map[string]string{"INPUT_IMAGES": ".\xf2/00"}, open("{}"), io.Discard)
	var input *InputError
	if !errors.As(err, &input) || err.Error() != "reading input images: it is not UTF-8" {
		t.Errorf("%v", err)
	}
}

func TestMetadata(t *testing.T) {
	const payload = `{"base_ref":"refs/heads/rel","commits":[{"id":"other","timestamp":"2020-01-01T00:00:00Z"}],` +
		`"head_commit":{"id":"merge","timestamp":"2031-03-09T23:15:00+01:00"},` +
		`"repository":{"name":"shop","description":"A shop","html_url":"https://f.example/s","license":{"spdx_id":"MIT"}}}`
	job := readGitHub(t, payload, map[string]string{
		"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1", "DOCKER_METADATA_SHORT_SHA_LENGTH": "12", "DOCKER_METADATA_ANNOTATIONS_LEVELS": "manifest,index",
		"DOCKER_METADATA_PR_HEAD_SHA": "True",
	})
	e := job.Event
	if got := e.CommitDate.UTC().Format(time.RFC3339); got != "2031-03-09T22:15:00Z" || e.BaseBranch != "rel" || job.MetadataSHA() != "merge" {
		t.Errorf("date %s, base %s, SHA %s", got, e.BaseBranch, job.MetadataSHA())
	}
	if diff := cmp.Diff(About{"shop", "A shop", "https://f.example/s", "MIT"}, e.About); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Metadata{12, true, []string{"manifest", "index"}}, job.Metadata); diff != "" {
		t.Error(diff)
	}
	job = readGitHub(t, "{}", map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_SERVER_URL": "https://f.example"})
	if diff := cmp.Diff(About{Name: "shop", URL: "https://f.example/acme/shop"}, job.Event.About); diff != "" {
		t.Errorf("an event that tells no repository: %s", diff)
	}
	job = readGitHub(t, pull("acme/shop"), map[string]string{"GITHUB_EVENT_NAME": "pull_request"})
	if got := job.MetadataSHA(); got != "merge" || !job.Event.CommitDate.IsZero() {
		t.Errorf("SHA of a pull request is %s of %s", got, job.Event.CommitDate)
	}
	if job.Metadata.HeadSHA = true; job.MetadataSHA() != "headsha" || job.MetadataEvent() != "pull_request" {
		t.Errorf("SHA of its head is %s", job.MetadataSHA())
	}
	for _, bad := range []string{"0", "-1", "seven"} {
		environ := map[string]string{"DOCKER_METADATA_SHORT_SHA_LENGTH": bad}
		var input *InputError
		if _, err := ReadGitHub(environ, open("{}"), io.Discard); !errors.As(err, &input) {
			t.Errorf("%s: %v", bad, err)
		}
		if _, err := ReadGitLab(environ, nil, io.Discard); !errors.As(err, &input) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestGitLabEventsInTheWordsOfGitHub(t *testing.T) {
	for want, environ := range map[string]map[string]string{
		"schedule":          {"CI_PIPELINE_SOURCE": "schedule"},
		"pull_request":      {"CI_MERGE_REQUEST_IID": "1"},
		"merge_group":       {"CI_MERGE_REQUEST_IID": "1", "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"},
		"push":              {"CI_COMMIT_TAG": "v1"},
		"workflow_dispatch": {"CI_PIPELINE_SOURCE": "web"},
	} {
		environ["CI_COMMIT_TIMESTAMP"], environ["CI_PROJECT_NAME"] = "2031-03-09T23:15:00Z", "shop"
		job, err := ReadGitLab(environ, nil, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if got := job.MetadataEvent(); got != want || job.Event.CommitDate.Year() != 2031 || job.Event.About.Name != "shop" {
			t.Errorf("%s: %s, %+v", want, got, job.Event)
		}
	}
}

func TestTheTokenLogsInToGitHubsRegistry(t *testing.T) {
	job := readGitHub(t, "{}", map[string]string{"INPUT_TOKEN": "tok"})
	if diff := cmp.Diff([]option.Login{{Registry: "ghcr.io", Username: "ann", Password: "tok"}}, job.Logins); diff != "" {
		t.Error(diff)
	}
	if job := readGitHub(t, "{}", nil); job.Logins != nil {
		t.Errorf("logins without a token: %v", job.Logins)
	}
}

func TestGitHubReportsABadEventFile(t *testing.T) {
	environ := map[string]string{"GITHUB_EVENT_PATH": "event.json"}
	if _, err := ReadGitHub(environ, open("{"), io.Discard); err == nil || !strings.Contains(err.Error(), "event.json") {
		t.Errorf("got %v", err)
	}
	missing := func(string) (io.ReadCloser, error) { return nil, os.ErrNotExist }
	if _, err := ReadGitHub(environ, missing, io.Discard); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestGitHubSinkCannotBeInjected(t *testing.T) {
	dir := t.TempDir()
	output, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	var out bytes.Buffer
	s := newGitHubSink(map[string]string{"GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary}, &out, ".")
	evil := "x\n" + delimiter + "\npwned<<EOF\n1\nEOF\n"
	if err := s.Output("plan", evil); err == nil {
		t.Error("an output with the delimiter is written")
	}
	if err := s.Summary(evil); err == nil {
		t.Error("a summary with the delimiter is written")
	}
	if err := s.Summary(strings.Repeat("x", maxSummary)); err == nil {
		t.Error("a summary over the limit is written")
	}
	if err := s.Output("digest", "sha256:1\nsecond"); err != nil {
		t.Fatal(err)
	}
	if err := s.Summary("# fine"); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(output)
	if !strings.Contains(string(text), "digest<<") || strings.Contains(string(text), "pwned") {
		t.Errorf("output file:\n%s", text)
	}
	s.Warning("50% done\n::set-output name=x::y")
	err := s.Log(func(w io.Writer) error {
		_, err := io.WriteString(w, "::error::from the build\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	token, stopped := strings.CutPrefix(lines[1], "::stop-commands::")
	if !stopped || !strings.HasPrefix(lines[0], "::warning::50%25 done%0A") || lines[len(lines)-1] != "::"+token+"::" {
		t.Errorf("standard output:\n%s", out.String())
	}
}

func TestGitHubSinkMasksEveryLineOfASecret(t *testing.T) {
	var out bytes.Buffer
	newGitHubSink(nil, &out, ".").Mask("first\nsecond\n\nab")
	if got, want := out.String(), "::add-mask::first\n::add-mask::second\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestGitHubSinkWithoutFilesIsAnErrorAndNoPanic(t *testing.T) {
	s := newGitHubSink(map[string]string{"GITHUB_STEP_SUMMARY": "/nonexistent/dir/file"}, io.Discard, ".")
	if err := s.Output("a", "b"); err == nil {
		t.Error("no error without GITHUB_OUTPUT")
	}
	if err := s.Summary("x"); err == nil {
		t.Error("no error for a missing directory")
	}
}

type file struct{ *bytes.Buffer }

func (file) Close() error { return nil }

func TestGitLabSink(t *testing.T) {
	files := map[string]*bytes.Buffer{}
	create := func(name string) (io.WriteCloser, error) {
		files[name] = &bytes.Buffer{}
		return file{files[name]}, nil
	}
	var out bytes.Buffer
	job, err := ReadGitLab(map[string]string{"NPX_CACHE_REF": "r.io/c", "CI_REGISTRY_IMAGE": "r/x"}, create, &out)
	if err != nil {
		t.Fatal(err)
	}
	if job.Inputs.CacheRef != "r.io/c" || job.Image != "r/x" {
		t.Errorf("job: %+v", job)
	}
	s := job.Sink
	for _, kv := range [][2]string{{"digest", "sha256:1"}, {"plan-changed", "true"}, {"evil", "a\nB=c"}} {
		if err := s.Output(kv[0], kv[1]); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := files[reserved.Dotenv].String(), "NPXOUT_DIGEST=sha256:1\nNPXOUT_PLAN_CHANGED=true\n"; got != want {
		t.Errorf("dotenv:\n%s", got)
	}
	if err := s.Summary("text"); err != nil || files[reserved.Summary].String() != "text" {
		t.Errorf("summary: %v", err)
	}
	s.Notice("n")
	s.Warning("a\nb")
	s.Error("c")
	if got := out.String(); got != "n\nwarning: a b\nerror: c\n" {
		t.Errorf("output: %q", got)
	}
}

func TestAJobsTokenIsForTheRegistryOfItsServer(t *testing.T) {
	for server, registry := range map[string]string{
		"": "ghcr.io", "https://github.com": "ghcr.io", "https://GitHub.com/": "ghcr.io",
		"https://github.acme.example": "containers.github.acme.example", "https://acme.ghe.com": "containers.acme.ghe.com", "https://forge.example:8443": "containers.forge.example",
	} {
		job := readGitHub(t, "{}", map[string]string{"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": "Acme/Shop", "GITHUB_ACTOR": "ann", "INPUT_TOKEN": "t"})
		if diff := cmp.Diff([]option.Login{{Registry: registry, Username: "ann", Password: "t"}}, job.Logins); diff != "" || job.Image != registry+"/acme/shop" {
			t.Errorf("%s: image %s, logins %s", server, job.Image, diff)
		}
	}
}
