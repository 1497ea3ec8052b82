package cli

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/test/forges"
)

// A leak is a way in which a value of a job could get out. The value may come into the job by a file that an earlier step left, by what the
// CI system puts into an input in place of a variable, or by the base commit.
type leak struct {
	name   string
	files  map[string]string // of the checkout; VALUE is the value
	inputs map[string]string // by name, in upper case with hyphens
	base   map[string]string // files of the base commit
	fails  string            // part of the error; "" if nothing of the value can be anywhere
}

const startOnly = "[start]\ncmd = \"true\"\n"

var leaks = []leak{
	{name: "a name alone", inputs: map[string]string{"ENV": "INPUT_TOKEN\nNPX_TOKEN\nCI_JOB_TOKEN"}, fails: "is not NAME=VALUE"},
	{name: "an empty value", inputs: map[string]string{"ENV": "INPUT_TOKEN=\nNPX_TOKEN=\nCI_JOB_TOKEN=\nACTIONS_RUNTIME_TOKEN="}},
	{name: "a list in a name", inputs: map[string]string{"ENV": `["INPUT_TOKEN","NPX_TOKEN","x=` + `"]`}, fails: "input env"},
	{name: "a variable of the configuration", files: map[string]string{"nixpacks.toml": "[variables]\nA = \"VALUE\"\n" + startOnly}, fails: "is in the plan: variables.A"},
	{name: "base64 of a login", files: map[string]string{"nixpacks.toml": "[variables]\nA = \"BASE64\"\n" + startOnly}, fails: "is in the plan: variables.A"},
	{name: "percent-encoded in a command", files: map[string]string{"nixpacks.toml": "[start]\ncmd = \"curl https://x.example/?PERCENT\"\n"}, fails: "is in the plan: start.cmd"},
	{name: "the name of a variable", files: map[string]string{"nixpacks.toml": "[variables]\n\"VALUE\" = \"x\"\n" + startOnly}, fails: "is in the plan"},
	{name: "the name of a phase", files: map[string]string{"nixpacks.toml": "[phases.\"VALUE\"]\ncmds = [\"true\"]\n" + startOnly}, fails: "is in "},
	{name: "a package", files: map[string]string{"nixpacks.toml": "[phases.setup]\naptPkgs = [\"VALUE\"]\n" + startOnly}, fails: "is in "},
	{name: "a file of the plan", files: map[string]string{"nixpacks.toml": "[staticAssets]\n\"a.txt\" = \"VALUE\"\n" + startOnly}, fails: "is in the plan"},
	{name: "a Procfile", files: map[string]string{"Procfile": "web: run VALUE\n"}, fails: "is in "},
	{name: "a script of package.json", files: map[string]string{"package.json": `{"scripts":{"start":"node VALUE"}}`, "index.js": ""}, fails: ""},
	{name: "a broken file", files: map[string]string{"nixpacks.toml": "[variables\nVALUE = VALUE\n"}, fails: "nixpacks.toml"},
	{name: "an unknown key", files: map[string]string{"nixpacks.toml": "VALUE = 1\n" + startOnly}},
	{name: "a wrong value", files: map[string]string{"nixpacks.toml": "providers = [\"VALUE\"]\n" + startOnly}, fails: "***"},
	{name: "the plan of the base", base: map[string]string{"nixpacks.toml": "[start]\ncmd = \"run VALUE\"\n"}},
	{name: "a variable of an input", inputs: map[string]string{"ENV": "A=VALUE"}, fails: "is in the plan: variables.A"},
	{name: "a command of an input", inputs: map[string]string{"BUILD-CMD": "echo VALUE"}, fails: "is in the plan"},
	{name: "a label", inputs: map[string]string{"LABELS": "a=VALUE", "MODE": "auto"}},
	{name: "an annotation", inputs: map[string]string{"ANNOTATIONS": "a=BASE64", "MODE": "auto"}},
	{name: "the directory of the app", files: map[string]string{"FLAT/package.json": `{"scripts":{"start":"node ."}}`}, inputs: map[string]string{"CONTEXT": "FLAT"}, fails: "is in "},
	{name: "a directory that is not there", inputs: map[string]string{"CONTEXT": "VALUE"}, fails: "***"},
	{name: "a tag", inputs: map[string]string{"TAGS": "type=raw,value=FLAT", "MODE": "auto"}},
	{name: "an image", inputs: map[string]string{"IMAGES": "r.example/FLAT", "MODE": "auto"}},
	{name: "a word that an input does not take", inputs: map[string]string{"PUSH": "VALUE"}, fails: "push"},
	{name: "an app that is found", inputs: map[string]string{"MODE": "discover"}, files: map[string]string{"nixpacks.toml": "[apps.web]\ndirectory = \".\"\nvariables = { A = \"VALUE\" }\n"}, fails: "is in "},
	{name: "the directory of an app that is found", inputs: map[string]string{"MODE": "discover"}, files: map[string]string{
		"FLAT/package.json": `{"scripts":{"start":"node ."}}`, "nixpacks.toml": "apps = [\"FLAT\"]\n"}, fails: "is in "},
}

// heldBy are the variables that hold credentials; each way out is tried with one of them. A FLAT value is one that names can hold.
var heldBy = map[string][]string{
	"GitHub": {"INPUT_TOKEN=%s", "INPUT_PASSWORD=%s", "INPUT_SECRETS=NPM=%s", "INPUT_REGISTRY-AUTH=- password: %s", "ACTIONS_RUNTIME_TOKEN=%s", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=%s"},
	"GitLab": {"NPX_TOKEN=%s", "NPX_PASSWORD=%s", "NPX_SECRETS=NPM=%s", "NPX_REGISTRY_AUTH=- password: %s", "CI_JOB_TOKEN=%s", "CI_REGISTRY_PASSWORD=%s"},
}

// occasions are events, as variables over those of a pull request.
var occasions = map[string][][]string{
	"GitHub": {
		{}, {"GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main"}, {"GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/other"},
		{"GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/tags/v1"}, {"GITHUB_EVENT_NAME=create", "GITHUB_REF=refs/tags/v1"}, {"GITHUB_EVENT_NAME=schedule", "GITHUB_REF=refs/heads/main"},
		{"GITHUB_EVENT_NAME=workflow_dispatch", "GITHUB_REF=refs/heads/main"}, {"GITHUB_EVENT_NAME=release", "GITHUB_REF=refs/tags/v1"}, {"GITHUB_EVENT_NAME=merge_group"},
		{"GITHUB_EVENT_NAME=pull_request_review"}, {"GITHUB_EVENT_NAME=pull_request_target"}, {"GITHUB_EVENT_NAME=workflow_run"}, {"GITHUB_EVENT_NAME=issue_comment"},
		{"GITHUB_EVENT_NAME=discussion_comment"}, {"GITHUB_EVENT_NAME=check_run"}, {"GITHUB_EVENT_NAME=check_suite"}, {"GITHUB_EVENT_NAME=status"},
		{"GITHUB_EVENT_NAME=repository_dispatch"}, {"GITHUB_EVENT_NAME=nobody-knows"}, {"GITHUB_EVENT_NAME="}, {"GITHUB_ACTOR=dependabot[bot]"},
	},
	"GitLab": {
		{}, {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID=100"}, {"CI_MERGE_REQUEST_EVENT_TYPE=merge_train"},
		{"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=main", "CI_COMMIT_REF_PROTECTED=true"},
		{"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=other"}, {"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_TAG=v1"},
		{"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=schedule", "CI_COMMIT_BRANCH=main"}, {"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=web", "CI_COMMIT_BRANCH=main"},
		{"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE=trigger", "CI_COMMIT_BRANCH=main"}, {"CI_MERGE_REQUEST_IID=", "CI_PIPELINE_SOURCE="},
	},
}

func TestNoValueOfAJobGetsOut(t *testing.T) {
	for n, l := range leaks {
		for system, events := range occasions {
			t.Run(l.name+"/"+system, func(t *testing.T) {
				w := l.prepare(t, system)
				for i, event := range events {
					w.try(t, l, heldBy[system][(n+i)%len(heldBy[system])], event)
				}
			})
		}
	}
}

// A wayOut is a job that is ready to be run with a leak.
type wayOut struct {
	job     forgeJob
	request openRequest
	prefix  string // of the variables of inputs
	value   string
	inputs  []string
}

// prepare makes the checkout and the forge.
func (l leak) prepare(t *testing.T, system string) wayOut {
	t.Helper()
	w := wayOut{value: "correct-horse/battery+staple=1"}
	if strings.Contains(fmt.Sprint(l.files, l.inputs), "FLAT") {
		w.value = "correct-horse-battery-staple1"
	}
	fill := strings.NewReplacer("VALUE", w.value, "FLAT", w.value, "PERCENT", url.QueryEscape(w.value),
		"BASE64", base64.StdEncoding.EncodeToString([]byte("me:"+w.value))).Replace
	separator := "-"
	if system == "GitHub" {
		g := forges.NewGitHub(t, "acme/shop")
		w.request, w.job, w.prefix = g, githubJob(t, g.Serve()), "INPUT_"
	} else {
		g := forges.NewGitLab(t, "99")
		w.request, w.job, w.prefix, separator = g, gitlabJob(t, g.Serve()), "NPX_", "_"
	}
	for _, token := range []string{w.value, otherToken} {
		w.request.Grant(token, forges.Token{Account: "npx[bot]", Comment: true})
	}
	w.request.Open(7, headCommit)
	base := map[string]string{"package.json": `{}`}
	for name, text := range l.base {
		base[name] = fill(text)
	}
	w.request.Commit(baseCommit, base)
	for name, text := range l.files {
		apptest.Write(t, w.job.checkout, fill(name), fill(text))
	}
	head := commitOf(t, w.job.checkout)
	w.inputs = []string{"GITHUB_SHA=" + head, "CI_COMMIT_SHA=" + head, w.prefix + "REGISTRY" + separator + "MIRROR=ghcr.io=127.0.0.1:1",
		"CI_REGISTRY_IMAGE=registry.example/acme/shop"}
	for name, text := range l.inputs {
		w.inputs = append(w.inputs, w.prefix+strings.ReplaceAll(name, "-", separator)+"="+fill(text))
	}
	return w
}

// otherToken is what a job comments with whose token is not the value.
const otherToken = "token-of-the-forge"

// try runs the job of an event whose environment holds the value in a variable.
func (w wayOut) try(t *testing.T, l leak, held string, event []string) {
	t.Helper()
	environ := slices.Concat(w.inputs, event, []string{w.prefix + "TOKEN=" + otherToken, fmt.Sprintf(held, w.value)})
	status, out := w.job.run(t, environ...)
	log := withoutMasks(out)
	if l.fails != "" && (status == fault.OK || !strings.Contains(log, l.fails)) {
		t.Errorf("%q: status %d\n%s", event, status, log)
	}
	shown := log + w.job.left(t, w.request)
	for _, form := range formsOf(w.value) {
		if strings.Contains(shown, form) {
			t.Fatalf("%q: %s gets out, status %d:\n%s", event, form, status, shown)
		}
	}
}

// formsOf are texts that give a value away.
func formsOf(value string) []string {
	forms := []string{value, url.QueryEscape(value), strings.ReplaceAll(value, "-", `\-`)}
	for _, before := range []string{"", "e:", "me:"} {
		all := base64.StdEncoding.EncodeToString([]byte(before + value))
		forms = append(forms, all[(len(before)+2)/3*4:len(all)-4])
	}
	return forms
}

// commitOf commits all files of a checkout, and returns the commit.
func commitOf(t *testing.T, dir string) string {
	t.Helper()
	repo, err := git.PlainOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	w, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddWithOptions(&git.AddOptions{All: true}); err != nil {
		t.Fatal(err)
	}
	hash, err := w.Commit("all", &git.CommitOptions{Author: &object.Signature{Name: "a", Email: "a@b.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return hash.String()
}
