package ci

// A standing is how far the code of an event is trusted: by whose rights it is there.
type standing string

// The standings, the most trusted first.
const (
	trusted standing = "trusted" // the default branch, protected branches and tags, and tags of their commits: reviewed, or by someone who may release
	branch  standing = "branch"  // by someone who may write to the repository
	queue   standing = "queue"   // reviewed, but it may never be on a branch
	request standing = "request" // a pull or merge request of the same repository
	foreign standing = "foreign" // by someone who has no rights here, by a bot that is given none, or by nobody knows whom
	exposed standing = "exposed" // foreign, perhaps, in a job that has the rights of the repository
)

// standing puts an event into one row of the table. An unknown event is foreign.
func (e Event) standing() standing {
	switch {
	case e.Privileged:
		return exposed
	case e.Fork, e.Doubt != "":
		return foreign
	case e.Kind == PullRequest:
		return request
	case e.Kind == MergeQueue:
		return queue
	case e.Kind != Tag && e.Kind != Push && e.Kind != Schedule && e.Kind != Manual:
		return foreign
	case e.Protected, e.Branch != "" && e.Branch == e.Default, e.Kind == Tag && e.OnBranch != "":
		return trusted
	}
	return branch
}

// Standing is how far the code of the event is trusted, as a word that stays the same from release to release: trusted, branch, queue,
// request, foreign or exposed. What code of one standing has written, code of a more trusted one does not read.
func (e Event) Standing() string { return string(e.standing()) }

// An answer is a cell of the table.
type answer string

const (
	yes   answer = "yes"   // unless the inputs forbid it
	asked answer = "asked" // only if the inputs ask for it
	never answer = "never" // whatever the inputs say
)

// A row says what the code of a standing may do, and why not, for push and cache alike. Every event is planned, as planning runs nothing of
// the repository, and reads caches, as whoever reads a cache can read the image.
type row struct {
	build, push, cacheWrite answer
	secrets                 answer // whether the build gets the secrets that are given
	comment                 answer // where there is a request
	why                     string
}

// table is the policy. Who can write a cache controls what later builds of the default branch run, so it is that of the image, or stricter.
// Who has secrets can send them anywhere, so only code gets them whose author has rights in the repository or was reviewed.
var table = map[standing]row{
	trusted: {build: yes, push: yes, cacheWrite: yes, secrets: yes, comment: never},
	branch:  {build: yes, push: asked, cacheWrite: asked, secrets: yes, comment: never, why: "this is neither the default branch nor a protected one"},
	queue:   {build: yes, push: asked, cacheWrite: never, secrets: yes, comment: never, why: "what a merge queue builds may never be merged"},
	request: {build: yes, push: asked, cacheWrite: asked, secrets: yes, comment: yes, why: "a pull request is built and not pushed"},
	foreign: {build: yes, push: never, cacheWrite: never, secrets: never, comment: yes, why: "the code comes from a fork, or a bot without rights"},
	exposed: {build: never, push: never, cacheWrite: never, secrets: never, comment: yes, why: "it runs with rights that the author of the code does not have"},
}

// A Decision is whether something is done. Why says why it is not and how to get it, "" if it is.
type Decision struct {
	Allowed bool
	Why     string
}

// Rights are what a job does for its event.
type Rights struct{ Build, Push, CacheWrite, Secrets, Comment Decision }

// Rights decides by the table, by the inputs and by what the platform lends.
func (e Event) Rights(in Inputs) Rights {
	s := e.standing()
	r := table[s]
	remedy := elsewhere[s]
	switch {
	case s == exposed:
		r.why = e.Name + ": " + r.why
	case s == foreign && !e.Fork && e.Doubt != "":
		r.why, remedy = e.Doubt, e.Remedy
	case s == branch && e.Kind == Tag:
		r.why = "neither the default branch nor a protected one has the tag's commit"
		if e.TagDoubt != "" {
			r.why = "nobody knows whether the default branch or a protected one has the tag's commit: " + e.TagDoubt
		}
	}
	refuse := func(why, remedy string) Decision { return Decision{Why: why + "; " + remedy} }
	decide := func(a answer, wish, how, value string) Decision {
		switch {
		case wish == "false" || wish == "never":
			return Decision{Why: how + " is " + wish}
		case a == yes || a == asked && wish != "auto":
			return Decision{Allowed: true}
		case a == asked:
			return refuse(r.why, "set "+how+": "+value)
		}
		return refuse(r.why, remedy)
	}
	rights := Rights{
		Build:      decide(r.build, "", "", ""),
		Push:       decide(r.push, in.Push, "push", "true"),
		CacheWrite: decide(r.cacheWrite, in.CacheWrite, "cache-write", "always"),
		Secrets:    decide(r.secrets, "", "", ""),
		Comment:    Decision{Allowed: r.comment == yes && e.Kind == PullRequest && e.Number != 0 && in.Comment != "never"},
	}
	if in.Mode == "plan" {
		rights.Build = Decision{Why: "mode is plan"}
	}
	if rights.CacheWrite.Allowed && e.CacheRead {
		rights.CacheWrite = refuse("the platform lends this event its caches for reading only", "give the job cache-mode: write")
	}
	return rights
}

// elsewhere says where that is done which a standing never does.
var elsewhere = map[standing]string{
	queue:   "it is done after the merge",
	foreign: "it is done after the merge, or on branches of this repository",
	exposed: "run on pull_request instead",
}
