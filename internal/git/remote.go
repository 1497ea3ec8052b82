package git

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Remote returns the address that the remote origin is fetched from, "" if there is none.
func (r *Repository) Remote() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	config, err := r.stores[0].Config()
	if err != nil {
		return ""
	}
	if origin := config.Remotes["origin"]; origin != nil && len(origin.URLs) > 0 {
		return origin.URLs[0]
	}
	return ""
}

// DefaultBranch returns the branch that a clone of origin checked out first, "" if the clone does not say.
func (r *Repository) DefaultBranch() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	const prefix = "refs/remotes/origin/"
	ref, err := r.stores[0].Reference(plumbing.ReferenceName(prefix + "HEAD"))
	if err != nil {
		return ""
	}
	name, ok := strings.CutPrefix(ref.Target().String(), prefix)
	if !ok {
		return ""
	}
	return name
}
