package ci

// An author says by whose doing an event is there, and so what decides how far its code is trusted.
type author string

const (
	byRef      author = "ref"     // somebody who may write: the ref that the event is of decides
	byTag      author = "tag"     // likewise, if the ref is a tag
	byRelease  author = "release" // likewise, if the release was published
	byQueue    author = "queue"   // a merge queue
	byRequest  author = "request" // whoever opened a pull or merge request
	byOutsider author = "outside" // perhaps somebody without rights, and the job has the rights of the repository
)

// githubEvents are the events that are known; one that is not listed is foreign. GitHub adds events, and a new one shall not push before
// somebody has read what it is. Each job runs with the rights of the repository, but for pull_request and its reviews, whose
// token only reads if the head is a fork's (docs.github.com, "Events that trigger workflows").
var githubEvents = map[string]author{
	"push":              byRef,
	"schedule":          byRef, // of the default branch always
	"workflow_dispatch": byRef,
	"create":            byTag,
	"release":           byRelease,

	"merge_group": byQueue,

	"pull_request":        byRequest,
	"pull_request_review": byRequest,

	"pull_request_target": byOutsider,
	"workflow_run":        byOutsider,
	"issue_comment":       byOutsider,
	"discussion_comment":  byOutsider,
	"check_run":           byOutsider,
	"check_suite":         byOutsider,
	"status":              byOutsider,
}

// gitlabSources are the values of CI_PIPELINE_SOURCE that are known; one that is not listed is foreign. GitLab lets nobody run a pipeline
// of a protected ref who may not push or merge there, whatever started it (docs.gitlab.com, "Pipeline security on
// protected branches"), so the ref decides for all who start one of the project's own configuration. A pipeline with a merge request is
// that request's, also a child of its pipeline, and so is not looked up here. Foreign on purpose:
// external and external_pull_request_event (the code is of a request on another forge, or no job runs), webide and the ondemand_dast ones
// (their configuration is not the project's), security_orchestration_policy and the pipeline_execution_policy ones (a policy's).
var gitlabSources = map[string]author{
	"push":            byRef,
	"schedule":        byRef,
	"web":             byRef,
	"api":             byRef,
	"trigger":         byRef, // a trigger token, which has the rights of its owner
	"pipeline":        byRef, // another project's job, which has the rights of who started it
	"chat":            byRef, // of the default branch, by a member
	"parent_pipeline": byRef, // a child has the ref of its parent, and so what discover starts pushes where the parent does

	"merge_request_event": byRequest, // of which GitLab does not say which: foreign
}

// remedyEvent is the way out for an event that is not listed.
const remedyEvent = "run on push, a tag, a schedule or by hand, or set trust-ref to the ref that is checked out"

// unlistedReason is the reason why the code of an event without a row is foreign.
func unlistedReason(kind, name string) string {
	if name == "" {
		return kind + " has no name, so nobody knows whose code it runs"
	}
	return kind + " " + name + " is not one whose code is known to be the repository's"
}

// distrust takes the code for a stranger's, whatever the ref is. The first reason stays.
func (e *Event) distrust(why, remedy string) {
	if e.Doubt == "" {
		e.Doubt, e.Remedy = why, remedy
	}
}

// classify puts a GitHub event in its row.
func (e *Event) classify(action string) {
	const kind = "the event"
	switch author, ok := githubEvents[e.Name]; {
	case !ok, author == byTag && e.Tag == "":
		e.distrust(unlistedReason(kind, e.Name), remedyEvent)
	case author == byRelease && action != "published":
		e.distrust("the release was not published", "write types: [published] below release in the workflow")
	case author == byOutsider:
		e.Privileged = true
	}
}
