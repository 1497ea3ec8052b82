package lower

import (
	"fmt"

	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
)

// A Store says what a cache directory is from a phase on, in place of what the builder keeps: a state, which the commands of the
// phase and of those after it hand on, and which [StoreLLB] has at the end. What it starts from is part of the steps' cache keys.
type Store struct {
	Phase  string
	Target string // of a [graph.Cache]
	Ref    string // image that it starts from, repository@digest; "" is an empty directory
	Keep   bool   // from this phase on, it is what the builder keeps after all; Ref is ""
}

// Kept separates the cache directories that the builder keeps, and what steps make of them. The name of such a directory is in no cache
// key of the builder, and its content is in none either.
type Kept struct {
	// Owner is in the cache keys of the steps that mount such a directory: a step takes no result that a step of another owner has made
	// with directories of its own. "" is nobody in particular.
	Owner string
	// Space begins the names of the directories: builds with different spaces share none. It is in no cache key.
	Space string
}

// ownerSecret begins the identifier of a secret that nobody has. A secret's identifier is in the cache key of the step that asks for it, and
// one that is optional leaves no trace in the step.
const (
	ownerSecret = "npx-action-owner-"
	ownerTarget = "/run/npx-action/owner"
)

// StoreLLB returns the definition of what a cache directory holds after its last step, and false if it is no store then.
// Its steps are the steps of [LLB] with the same options.
func StoreLLB(g *graph.Graph, target string, platform ocispecs.Platform, opt Options) (*llb.Definition, bool, error) {
	s, err := lowerNodes(g, g.Image, platform, opt)
	if err != nil {
		return nil, false, err
	}
	dir, ok := s.dirs[target]
	if !ok {
		return nil, false, nil
	}
	def, err := marshal(dir, platform, opt)
	if err != nil {
		return nil, false, fmt.Errorf("marshalling %s: %w", target, err)
	}
	return def, true, nil
}

// begin gives the directories that start at a phase their first state. Only the first step of a phase starts them.
func (s *states) begin(phase string) {
	if phase == s.phase {
		return
	}
	s.phase = phase
	for _, store := range s.stores {
		switch {
		case store.Phase != phase:
		case store.Keep:
			delete(s.dirs, store.Target)
		case store.Ref == "":
			s.dirs[store.Target] = llb.Scratch()
		default:
			s.dirs[store.Target] = llb.Image(store.Ref, llb.Platform(s.platform), llb.WithCustomName("[package cache] "+store.Target))
		}
	}
}

// cacheMounts are the mounts of a step's cache directories.
func (s *states) cacheMounts(caches []graph.Cache) []llb.RunOption {
	var opts []llb.RunOption
	keeps := false
	for _, c := range caches {
		if dir, ok := s.dirs[c.Target]; ok {
			opts = append(opts, llb.AddMount(c.Target, dir))
			continue
		}
		keeps = true
		opts = append(opts, llb.AddMount(c.Target, llb.Scratch(), llb.AsPersistentCacheDir(s.kept.Space+c.ID, llb.CacheMountShared)))
	}
	if keeps && s.kept.Owner != "" {
		opts = append(opts, llb.AddSecret(ownerTarget, llb.SecretID(ownerSecret+s.kept.Owner), llb.SecretOptional))
	}
	return opts
}

// handOn keeps what a step leaves in its stores for the next one.
func (s *states) handOn(exec llb.ExecState, caches []graph.Cache) {
	for _, c := range caches {
		if _, ok := s.dirs[c.Target]; ok {
			s.dirs[c.Target] = exec.GetMount(c.Target)
		}
	}
}
