package ci

import (
	"io"
	"strconv"

	"github.com/org/npx-action/internal/option"
)

// ReadGitLab reads a GitLab job. create makes a file of the job's directory, for artifacts. With an error about
// inputs, the job has a sink and nothing else.
func ReadGitLab(environ map[string]string, create func(string) (io.WriteCloser, error), out io.Writer) (Job, error) {
	in, err := parseInputs(environ, gitlabDialect)
	sink := &gitlabSink{out: out, create: create, app: in.Context}
	if err != nil {
		return Job{Sink: sink}, err
	}
	metadata, err := readMetadata(environ)
	if err != nil {
		return Job{Sink: sink}, err
	}
	in = in.inCheckout(environ["CI_PROJECT_DIR"])
	sink.app = in.Context
	return Job{
		System: GitLab,
		Inputs: in,
		Event:  gitlabEvent(environ),
		Token:  environ["CI_JOB_TOKEN"],
		Dir:    environ["CI_PROJECT_DIR"],
		Image:  environ["CI_REGISTRY_IMAGE"],
		Logins: in.login(option.Login{Registry: environ["CI_REGISTRY"], Username: environ["CI_REGISTRY_USER"], Password: environ["CI_REGISTRY_PASSWORD"]}),
		Sink:   sink,

		Authority: environ["CI_SERVER_TLS_CA_FILE"],
		Metadata:  metadata,
	}, nil
}

func gitlabEvent(environ map[string]string) Event {
	e := Event{
		Name:       environ["CI_PIPELINE_SOURCE"],
		SHA:        environ["CI_COMMIT_SHA"],
		Head:       environ["CI_COMMIT_SHA"],
		Branch:     environ["CI_COMMIT_BRANCH"],
		Tag:        environ["CI_COMMIT_TAG"],
		Default:    environ["CI_DEFAULT_BRANCH"],
		Protected:  environ["CI_COMMIT_REF_PROTECTED"] == "true",
		Repository: environ["CI_PROJECT_PATH"],
		Project:    environ["CI_PROJECT_ID"],
		API:        environ["CI_API_V4_URL"],
		Actor:      environ["GITLAB_USER_LOGIN"],
		RunURL:     environ["CI_JOB_URL"],
		BaseBranch: environ["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"],
		CommitDate: timestamp(environ["CI_COMMIT_TIMESTAMP"]),
		About:      About{Name: environ["CI_PROJECT_NAME"], Description: environ["CI_PROJECT_DESCRIPTION"], URL: environ["CI_PROJECT_URL"]},
	}
	e.Run, _ = strconv.ParseInt(environ["CI_PIPELINE_IID"], 10, 64)
	e.Attempt, _ = strconv.ParseInt(environ["CI_JOB_ID"], 10, 64)
	switch {
	case environ["CI_MERGE_REQUEST_IID"] != "":
		e.mergeRequest(environ)
		return e
	case e.Tag != "":
		e.Kind, e.Ref = Tag, "refs/tags/"+e.Tag
	case e.Name == "schedule":
		e.Kind, e.Ref = Schedule, "refs/heads/"+e.Branch
	case e.Name == "push":
		e.Kind, e.Ref = Push, "refs/heads/"+e.Branch
		if before := environ["CI_COMMIT_BEFORE_SHA"]; !zeroSHA.MatchString(before) {
			e.Base = before
		}
	default:
		e.Kind, e.Ref = Manual, "refs/heads/"+e.Branch
	}
	if gitlabSources[e.Name] != byRef {
		e.distrust(unlistedReason("the pipeline's source", e.Name), remedyEvent)
	}
	return e
}

func (e *Event) mergeRequest(environ map[string]string) {
	e.Kind = PullRequest
	if environ["CI_MERGE_REQUEST_EVENT_TYPE"] == "merge_train" {
		e.Kind = MergeQueue
	}
	e.Number, _ = strconv.Atoi(environ["CI_MERGE_REQUEST_IID"])
	e.Ref = "refs/pull/" + environ["CI_MERGE_REQUEST_IID"] + "/merge"
	e.Branch = environ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"]
	e.Fork = !sameRepository(environ["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"], environ["CI_MERGE_REQUEST_PROJECT_ID"])
	if project := environ["CI_MERGE_REQUEST_PROJECT_ID"]; project != "" {
		e.Project = project // the note goes to the target project, also from a fork's pipeline
	}
	// Both are empty in a detached pipeline, whose only base is the merge base.
	e.Base = environ["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"]
	e.BaseTip = e.Base != ""
	if e.Base == "" {
		e.Base = environ["CI_MERGE_REQUEST_DIFF_BASE_SHA"]
	}
	if head := environ["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"]; head != "" {
		e.Head = head
	}
}
