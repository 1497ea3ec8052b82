package ci

import (
	"errors"
	"time"

	"github.com/org/npx-action/internal/option"
)

// A Job is all that a CI system says about a run.
type Job struct {
	System string // GitHub or GitLab
	Inputs Inputs
	Event  Event
	Dir    string // the checkout
	Hosted bool   // the machine is the platform's, and of this job alone
	Image  string // where the image goes unless the inputs say otherwise; "" without a registry
	Logins []option.Login
	Sink   Sink
	Token  string // of the job itself, by which GitLab lets it read; "" on GitHub, where it is an input

	Authority string // PEM file of the authority that the forge's certificate is of, "" if the system trusts it

	Metadata Metadata
}

// login returns the one of the inputs, or the platform's own.
func (in Inputs) login(own option.Login) []option.Login {
	if in.Password != "" {
		return []option.Login{{Registry: in.Registry, Username: in.Username, Password: in.Password}}
	}
	if len(in.RegistryAuth) > 0 {
		return in.RegistryAuth
	}
	if own.Password != "" {
		return []option.Login{own}
	}
	return nil
}

// The CI systems.
const (
	GitHub = "github"
	GitLab = "gitlab"
)

// ErrNoSystem says that the process does not run in a known CI system.
var ErrNoSystem = errors.New("this is neither a GitHub nor a GitLab job")

// A Kind is what happened, in words that both systems share.
type Kind string

// The kinds of event.
const (
	Push        Kind = "push" // to a branch
	Tag         Kind = "tag"
	PullRequest Kind = "pull request" // or merge request
	MergeQueue  Kind = "merge queue"  // or merge train
	Schedule    Kind = "schedule"
	Manual      Kind = "manual"
	Other       Kind = "other"
)

// An Event is why the job runs.
type Event struct {
	Kind       Kind
	Name       string // the system's own name, such as pull_request_target
	Ref        string // refs/heads/..., refs/tags/... or refs/pull/N/merge
	SHA        string // the commit in the checkout
	Head       string // the head of the pull request; elsewhere SHA
	Base       string // the commit to compare with, "" if unknown
	BaseTip    bool   // Base is the newest commit of its branch: what Head began with is where both come from
	Branch     string // "" for tags; the head branch of a pull request
	BaseBranch string // that a pull request is for, or that a tag was made on; "" if unknown
	Tag        string
	Default    string // the default branch
	Protected  bool
	Number     int    // of the pull or merge request, 0 if none
	Fork       bool   // the head is in another repository, or a bot's with a read-only token
	Privileged bool   // the job has rights that the author of the code need not have (pull_request_target)
	Doubt      string // why the code is taken for a stranger's whatever the ref is, "" if it is not
	Remedy     string // what removes the doubt
	OnBranch   string // of a tag: the default or a protected branch that has its commit; "" if none is known to
	TagDoubt   string // of a tag: why no branch is known, "" if somebody knows that there is none
	Repository string // owner/name, or the project's path
	Project    string // GitLab's project number
	API        string // base URL of the REST API
	RunURL     string
	CommitDate time.Time // of SHA, zero if the event does not say
	About      About
	Run        int64 // rises from run to run
	Attempt    int64
	Actor      string
	CacheRead  bool // the platform lends caches for reading only
}
