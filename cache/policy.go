package cache

// A Trust says who runs the build.
type Trust struct {
	DefaultBranch bool // a push to the default branch or to a protected one, a tag, a schedule
	PullRequest   bool // a pull or merge request, a merge queue or train
	Fork          bool // whose head is another repository, or a bot with a read-only token
	ReadOnly      bool // the platform lends the cache for reading only
	Local         bool // a developer's own machine
}

// A Policy says what a build may do with the cache, and why.
type Policy struct {
	Read, Write bool
	Reason      string // of a refusal, "" if both are allowed
}

// Mode is the user's wish.
type Mode string

// The modes of cache-write.
const (
	Auto   Mode = "auto"   // as the trust allows
	Always Mode = "always" // also from a pull request of the same repository
	Never  Mode = "never"
)

// Decide applies the write policy: who can write a cache controls what later builds of the default branch
// run, so a pull request reads and does not write, and no wish lets a fork write.
func Decide(mode Mode, t Trust) Policy {
	refuse := func(why string) Policy { return Policy{Read: true, Reason: why} }
	switch {
	case mode == Never:
		return refuse("cache-write is never")
	case t.Fork:
		return refuse("a fork does not write the cache")
	case t.ReadOnly:
		return refuse("the platform gives read-only cache access to this event")
	case mode == Always, t.Local, t.DefaultBranch && !t.PullRequest:
		return Policy{Read: true, Write: true}
	case t.PullRequest:
		return refuse("a pull request does not write the cache")
	}
	return refuse("only the default branch and tags write the cache")
}
