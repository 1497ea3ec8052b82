package cache

import "slices"

// A Writer says by whose code a cache was written, or an image that may be promoted. It is part of the tag, so that a build finds what it may
// trust by the name alone.
type Writer string

// The writers, the most trusted first.
const (
	ByTrusted Writer = ""        // reviewed code: the default branch, protected ones, tags; its tags have no word for it
	ByBranch  Writer = "branch"  // other branches
	ByRequest Writer = "request" // pull and merge requests of the same repository
)

// writers are in the order of the constants.
var writers = []Writer{ByTrusted, ByBranch, ByRequest}

// WriterOf returns what a job of a standing writes as; ok is false for one that writes nothing, whatever its inputs say: a merge queue, a fork,
// and every standing without a name here.
func WriterOf(standing string) (w Writer, ok bool) {
	switch standing {
	case "trusted":
		return ByTrusted, true
	case "branch":
		return ByBranch, true
	case "request":
		return ByRequest, true
	}
	return ByTrusted, false
}

// Readable are the writers whose caches and images a build may take, which itself writes as w: itself and the more trusted ones. The most
// trusted comes last, as what is nearest is the newest.
func (w Writer) Readable() []Writer {
	list := slices.Clone(writers[:slices.Index(writers, w)+1])
	slices.Reverse(list)
	return list
}

// prefixed puts the writer behind the prefix of a tag.
func (w Writer) prefixed(prefix string) string {
	if w == ByTrusted {
		return prefix
	}
	return prefix + "-" + string(w)
}
