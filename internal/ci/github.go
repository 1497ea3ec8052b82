package ci

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/option"
)

// maxPayload bounds the event's payload in bytes; GitHub's own limit for webhooks is 25 MB.
const maxPayload = 32 << 20

// payload is the part of GitHub's event payloads that is used here.
type payload struct {
	Action      string   `json:"action"`
	Number      int      `json:"number"`
	Before      string   `json:"before"`
	BaseRef     string   `json:"base_ref"`
	Commits     []commit `json:"commits"`
	HeadCommit  *commit  `json:"head_commit"`
	PullRequest *struct {
		Number int `json:"number"`
		Head   struct {
			Ref  string `json:"ref"`
			SHA  string `json:"sha"`
			Repo *struct {
				FullName string `json:"full_name"`
			} `json:"repo"`
		} `json:"head"`
		Base struct {
			Ref string `json:"ref"`
			SHA string `json:"sha"`
		} `json:"base"`
	} `json:"pull_request"`
	MergeGroup *struct {
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
	Repository struct {
		FullName      string `json:"full_name"`
		DefaultBranch string `json:"default_branch"`
		Name          string `json:"name"`
		Description   string `json:"description"`
		HTMLURL       string `json:"html_url"`
		License       struct {
			SPDX string `json:"spdx_id"`
		} `json:"license"`
	} `json:"repository"`
}

type commit struct {
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
}

// commitDate is what a push says of one of its commits; zero if it does not.
func (p payload) commitDate(sha string) time.Time {
	commits := p.Commits
	if p.HeadCommit != nil {
		commits = append(slices.Clone(commits), *p.HeadCommit)
	}
	for _, c := range commits {
		if c.ID == sha {
			return timestamp(c.Timestamp)
		}
	}
	return time.Time{}
}

// about is what the payload says of the repository, and the variables where it says nothing.
func (p payload) about(environ map[string]string) About {
	r := p.Repository
	if name := environ["GITHUB_REPOSITORY"]; name != "" {
		r.Name = cmp.Or(r.Name, path.Base(name))
		if server := environ["GITHUB_SERVER_URL"]; server != "" {
			r.HTMLURL = cmp.Or(r.HTMLURL, server+"/"+name)
		}
	}
	return About{r.Name, r.Description, r.HTMLURL, r.License.SPDX}
}

// zeroSHA is what a push event says came before a new branch.
var zeroSHA = lazyregexp.New(`^0*$`)

// ReadGitHub reads a GitHub job. open opens the event file; out is the job's standard output, where the runner
// looks for commands. With an error about inputs, the job has a sink and nothing else.
func ReadGitHub(environ map[string]string, open func(string) (io.ReadCloser, error), out io.Writer) (Job, error) {
	in, err := parseInputs(environ, githubDialect)
	if err != nil {
		return Job{Sink: newGitHubSink(environ, out, in.Context)}, err
	}
	metadata, err := readMetadata(environ)
	if err != nil {
		return Job{Sink: newGitHubSink(environ, out, in.Context)}, err
	}
	p, err := readPayload(environ["GITHUB_EVENT_PATH"], open)
	if err != nil {
		return Job{}, err
	}
	in = in.inCheckout(environ["GITHUB_WORKSPACE"])
	registry := githubRegistry(environ["GITHUB_SERVER_URL"])
	return Job{
		System: GitHub,
		Inputs: in,
		Event:  githubEvent(environ, p),
		Dir:    environ["GITHUB_WORKSPACE"],
		Hosted: environ["RUNNER_ENVIRONMENT"] == "github-hosted",
		Image:  registry + "/" + strings.ToLower(environ["GITHUB_REPOSITORY"]),
		Logins: in.login(option.Login{Registry: registry, Username: environ["GITHUB_ACTOR"], Password: in.Token}),
		Sink:   newGitHubSink(environ, out, in.Context),

		Metadata: metadata,
	}, nil
}

// githubRegistry is the container registry of the server that a job's token is of: ghcr.io for github.com. A GitHub Enterprise Server with
// subdomain isolation, and a tenant of ghe.com, have one of their own at containers.HOSTNAME (GitHub's documentation, "Working with the
// Container registry"; without that isolation there is none, and the input images names another).
func githubRegistry(server string) string {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || strings.EqualFold(u.Hostname(), "github.com") {
		return "ghcr.io"
	}
	return "containers." + strings.ToLower(u.Hostname())
}

func readPayload(path string, open func(string) (io.ReadCloser, error)) (payload, error) {
	var p payload
	if path == "" {
		return p, nil
	}
	f, err := open(path)
	if err != nil {
		return p, fmt.Errorf("reading the event: %w", err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxPayload)).Decode(&p); err != nil {
		return p, fmt.Errorf("reading the event %s: %w", path, err)
	}
	return p, nil
}

func githubEvent(environ map[string]string, p payload) Event {
	e := Event{
		Name:       environ["GITHUB_EVENT_NAME"],
		Ref:        environ["GITHUB_REF"],
		SHA:        environ["GITHUB_SHA"],
		Head:       environ["GITHUB_SHA"],
		Default:    p.Repository.DefaultBranch,
		Protected:  environ["GITHUB_REF_PROTECTED"] == "true",
		Repository: environ["GITHUB_REPOSITORY"],
		API:        environ["GITHUB_API_URL"],
		Actor:      environ["GITHUB_ACTOR"],
		RunURL:     environ["GITHUB_SERVER_URL"] + "/" + environ["GITHUB_REPOSITORY"] + "/actions/runs/" + environ["GITHUB_RUN_ID"],
		BaseBranch: strings.TrimPrefix(p.BaseRef, "refs/heads/"),
		CommitDate: p.commitDate(environ["GITHUB_SHA"]),
		About:      p.about(environ),
		CacheRead:  environ["ACTIONS_CACHE_MODE"] == "read" || environ["ACTIONS_CACHE_MODE"] == "none",
	}
	e.Run, _ = strconv.ParseInt(environ["GITHUB_RUN_NUMBER"], 10, 64)
	e.Attempt, _ = strconv.ParseInt(environ["GITHUB_RUN_ATTEMPT"], 10, 64)
	e.Branch, _ = strings.CutPrefix(e.Ref, "refs/heads/")
	if e.Branch == e.Ref {
		e.Branch = ""
	}
	e.Tag, _ = strings.CutPrefix(e.Ref, "refs/tags/")
	if e.Tag == e.Ref {
		e.Tag = ""
	}
	e.classify(p.Action)
	switch {
	case strings.HasPrefix(e.Name, "pull_request"):
		e.pullRequest(p)
	case e.Name == "merge_group":
		e.Kind = MergeQueue
		if p.MergeGroup != nil {
			e.Base = p.MergeGroup.BaseSHA
		}
	case e.Tag != "":
		e.Kind = Tag // whatever the event is
	case e.Name == "schedule":
		e.Kind = Schedule
		e.Default = cmp.Or(e.Default, e.Branch) // schedules run there only, and some tell no repository
	case e.Name == "workflow_dispatch":
		e.Kind = Manual
	case e.Name == "push":
		e.Kind = Push
		if !zeroSHA.MatchString(p.Before) {
			e.Base = p.Before
		}
	default:
		e.Kind = Other
	}
	if e.Actor == "dependabot[bot]" && (e.Kind == PullRequest || strings.HasPrefix(e.Branch, "dependabot/")) {
		e.Fork = true // its token is read-only, like a fork's, until what it proposes is merged
	}
	return e
}

func (e *Event) pullRequest(p payload) {
	e.Kind, e.Number = PullRequest, p.Number
	e.Fork = true // until the payload shows that the head is in this repository
	if pr := p.PullRequest; pr != nil {
		e.Number = cmp.Or(e.Number, pr.Number) // a review has it there only
		e.Head, e.Base, e.Branch, e.BaseBranch = pr.Head.SHA, pr.Base.SHA, pr.Head.Ref, pr.Base.Ref
		e.BaseTip = true
		e.Fork = pr.Head.Repo == nil || !sameRepository(pr.Head.Repo.FullName, p.Repository.FullName)
	}
	if e.Privileged {
		e.Ref = fmt.Sprintf("refs/pull/%d/merge", e.Number)
	}
}

// sameRepository reports whether two names of repositories are of one. Two that are not known are not.
func sameRepository(a, b string) bool { return a != "" && strings.EqualFold(a, b) }
