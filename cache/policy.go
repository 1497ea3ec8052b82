package cache

// A Policy says what a build may do with the cache, and why. Who can write a cache controls what later builds run.
type Policy struct {
	Read, Write bool
	Reason      string // of a refusal, "" if both are allowed
}

// Mode is the user's wish.
type Mode string

// The modes of cache-write.
const (
	Auto   Mode = "auto"   // as the event allows
	Always Mode = "always" // also from a pull request of the same repository
	Never  Mode = "never"
)
