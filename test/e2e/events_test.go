package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

// testContainerEvents runs the image with the event files that GitHub gives as examples of its webhooks.
func testContainerEvents(t *testing.T, d docker) {
	examples := webhooks(t)
	d.run(t, "create", "--name", "events", released)
	defer d.run(t, "rm", "--volumes", "events")
	for i, tt := range []struct {
		name, event, ref string
		choose           func(payload) bool
		change           func(payload)
		tags             []string // that are pushed
		comments         bool
	}{
		{name: "pull request opened", event: "pull_request", ref: "refs/pull/2/merge", choose: action("opened"), comments: true},
		{name: "pull request synchronised", event: "pull_request", ref: "refs/pull/2/merge", choose: action("synchronize"), comments: true},
		{name: "pull request from a fork", event: "pull_request", ref: "refs/pull/2/merge", choose: action("opened"), comments: true,
			change: func(p payload) { p.at("pull_request", "head", "repo")["full_name"] = "mallory/Hello-World" }},
		{name: "push to the default branch", event: "push", ref: "refs/heads/master", choose: ref("refs/heads/master"), tags: []string{"master"}},
		{name: "tag", event: "push", ref: "refs/tags/simple-tag", choose: ref("refs/tags/simple-tag"), tags: []string{"simple-tag", "latest"}},
		{name: "schedule", event: "schedule", ref: "refs/heads/master", tags: []string{"nightly", "master"}},
		{name: "merge group", event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64",
			choose: action("checks_requested")},
		{name: "dispatch", event: "workflow_dispatch", ref: "refs/heads/main", choose: ref("refs/heads/main"), tags: []string{"main"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// A schedule has next to nothing besides the repository.
			p := payload{"schedule": "0 5 * * *", "repository": examples["push"][0]["repository"]}
			if tt.choose != nil {
				p = examples[tt.event][slices.IndexFunc(examples[tt.event], tt.choose)].clone(t)
			}
			if tt.change != nil {
				tt.change(p)
			}
			r, f := eventRunner(t, d, p)
			r.event, r.ref = tt.event, tt.ref
			image := fmt.Sprintf("%s/acme/event-%d", here.Registry, i)
			run := r.start(t, map[string]string{"images": image}, "--privileged", "--volumes-from", "events")
			if run.Status != 0 {
				t.Fatalf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
			}
			for _, tag := range tt.tags {
				if !registrytest.Exists(t, image+":"+tag) {
					t.Errorf("%s is not pushed\n%s", tag, run.Stdout)
				}
			}
			output := slurp(t, filepath.Join(r.temp, "_runner_file_commands", "output"))
			if got, want := outputValue(output, "pushed"), fmt.Sprint(tt.tags != nil); got != want {
				t.Errorf("pushed is %s:\n%s", got, output)
			}
			if comments := f.Comments(2); (len(comments) == 1) != tt.comments {
				t.Errorf("comments: %+v", comments)
			}
		})
	}
}

// outputValue finds an output in the runner's file.
func outputValue(file, name string) string {
	_, rest, _ := strings.Cut("\n"+file, "\n"+name+"<<")
	_, value, _ := strings.Cut(rest, "\n")
	value, _, _ = strings.Cut(value, "\n")
	return value
}

// eventRunner is a runner for an event of the repository that it names. The base commit of the pull request is only at the forge.
func eventRunner(t *testing.T, d docker, p payload) (*runner, *forges.GitHub) {
	t.Helper()
	repository, _ := p.at("repository")["full_name"].(string)
	f := forges.NewGitHub(t, repository)
	f.Grant("the-token", forges.Token{Account: "github-actions[bot]", Comment: true})
	r := newRunner(t, d, newForge(t))
	r.repository, r.api = repository, f.Serve()
	f.Open(2, "")
	standard, _ := p.at("repository")["default_branch"].(string)
	commits := []string{r.sha}
	if request := p.at("pull_request"); request != nil {
		head, _ := p.at("pull_request", "head")["sha"].(string)
		base, _ := p.at("pull_request", "base")["sha"].(string)
		f.Open(2, head)
		commits = []string{base, r.sha}
		f.Commit(base, map[string]string{"nixpacks.toml": slurp(t, filepath.Join(r.work, "nixpacks.toml"))})
	}
	f.Branch(standard, false, commits...)
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	write(t, r.temp, "_github_workflow/event.json", string(text))
	return r, f
}

// A payload is an event file.
type payload map[string]any

// at returns the object at a path, nil if there is none.
func (p payload) at(path ...string) map[string]any {
	value := map[string]any(p)
	for _, key := range path {
		value, _ = value[key].(map[string]any)
	}
	return value
}

func (p payload) clone(t *testing.T) payload {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var out payload
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func action(name string) func(payload) bool {
	return func(p payload) bool { return p["action"] == name }
}

func ref(name string) func(payload) bool {
	return func(p payload) bool { return p["ref"] == name }
}

// webhooks are the examples of GitHub's webhooks by event.
func webhooks(t *testing.T) map[string][]payload {
	t.Helper()
	text, err := world.Webhooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Name     string
		Examples []payload
	}
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	all := map[string][]payload{}
	for _, e := range events {
		all[e.Name] = e.Examples
	}
	return all
}
