// Package reserved is the list of the names that have an owner: tags, repositories, variables and files. What takes a name from a
// repository, such as a branch's, asks here first. Otherwise somebody who may name a branch could say which image is the newest release.
package reserved

import "github.com/org/npx-action/internal/lazyregexp"

// A Giver is where the text of a name comes from.
type Giver string

// The givers. Of tags, only rules and inputs are of people who configure the job.
const (
	Branch Giver = "branch" // the name of a branch
	Tag    Giver = "tag"    // the name of a git tag, or a version in it
	Rule   Giver = "rule"   // the rule's own kind: a request's number, a commit, a schedule
	User   Giver = "input"  // text that an input has word for word
	Output Giver = "output" // the name of an output of a job
	App    Giver = "app"    // the configuration of an app of the repository
)

// A name is a kind of tags with an owner.
type name struct {
	form    *lazyregexp.Regexp
	written string // the form for people, as Markdown
	owner   string
	may     []Giver // who may give it besides the owner
}

// names are in the order in which they are looked up. The default branch may have every name of the second part: it is the repository's
// main line, and nobody else can have its name.
var names = []name{
	{lazyregexp.New(`^npx1-`), "`npx1-…`, and `PREFIX-…` of `cache-ref: REPOSITORY:PREFIX`", "caches and images that may be promoted", nil},
	{lazyregexp.New(`^sha(256|512)-[0-9a-f]{32,}`), "`sha256-HASH…`, `sha512-HASH…`", "signatures and attestations", nil},

	{lazyregexp.New(`^latest$`), "`latest`", "the newest release", []Giver{Tag, Rule, User}},
	{lazyregexp.New(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$`), "a version of three parts, such as `v1.2.3`", "a release", []Giver{Tag, Rule, User}},
	{lazyregexp.New(`^(pr|mr|mq)-[0-9]+$`), "`pr-7`, `mr-7`, `mq-7`", "a request", []Giver{Rule, User}},
	{lazyregexp.New(`^sha-[0-9a-f]{7,}$`), "`sha-0123456`", "a commit", []Giver{Rule, User}},
	{lazyregexp.New(`^(branch|tag)-.*-[0-9a-f]{8}$`), "`branch-…-HASH`, `tag-…-HASH`", "a branch or a git tag whose own name has an owner", []Giver{Rule, User}},
	{lazyregexp.New(`^(nightly|edge)$`), "`nightly`, `edge`", "a schedule or the default branch", []Giver{Tag, Rule, User}},
}

// hard is how many of the names nobody but their owner may give.
const hard = 2

// Of returns whom a tag belongs to, "" if the giver may give it. The standard branch is the default one, in the words of a tag, and
// only it may be given its name; prefixes begin the tags of a cache that has its own.
func Of(tag string, by Giver, standard string, prefixes ...string) (owner string) {
	for _, prefix := range prefixes {
		if prefix != "" && len(tag) > len(prefix) && tag[:len(prefix)] == prefix {
			return names[0].owner
		}
	}
	for i, n := range names {
		if !n.form.MatchString(tag) || i >= hard && by == Branch && tag == standard {
			continue
		}
		for _, giver := range n.may {
			if giver == by {
				return ""
			}
		}
		return n.owner
	}
	if by == Tag && standard != "" && tag == standard {
		return defaultBranch
	}
	return ""
}

// defaultBranch owns the tag that is called as it is.
const defaultBranch = "the default branch"

// Caches is the repository below an image that holds the image's caches.
const Caches = "cache"

// Repository reports whether the last part of a repository's name, below an image, is not an app's.
func Repository(name string) bool { return name == Caches }
