package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// Refs are the references of one build's caches. Branch and Default are equal on the default branch;
// either is empty where there is no such branch.
type Refs struct {
	Exact   string // by Key.Exact: written once
	Branch  string // the newest cache of this branch
	Default string // the newest cache of the default branch
	Setup   string // by Key.Setup: the newest cache with the same packages and other lockfiles
}

// A Scope says for which repository, platform and branches refs are made.
type Scope struct {
	Repository string // such as registry.example/app/cache, optionally with :prefix for the tags
	Platform   string // such as linux/amd64
	Branch     string // "" for tags and detached heads
	Default    string // the default branch, "" if unknown
}

// Repository returns where the cache of an image lives unless the user says otherwise: the nested
// repository "cache", or the image's own where registries allow no nesting or want repositories made by hand.
func Repository(image string) (string, error) {
	repo, err := name.ParseReference(image)
	if err != nil {
		return "", fmt.Errorf("reading image %q: %w", image, err)
	}
	r := repo.Context()
	host := r.RegistryStr()
	if host == name.DefaultRegistry || strings.Contains(host, ".dkr.ecr.") || host == "public.ecr.aws" {
		return r.Name(), nil
	}
	return r.Name() + "/cache", nil
}

// defaultPrefix begins the tags of caches and of images that may be promoted.
const defaultPrefix = "npx1"

// NewRefs names the caches of a key. Tags are valid in every registry: at most 128 of [A-Za-z0-9_.-].
func NewRefs(s Scope, k Key) (Refs, error) {
	repo, prefix := s.Repository, defaultPrefix
	if i := strings.LastIndexByte(repo, ':'); i > strings.LastIndexByte(repo, '/') {
		repo, prefix = repo[:i], repo[i+1:]
	}
	if _, err := name.NewTag(repo + ":" + prefix); err != nil {
		return Refs{}, fmt.Errorf("reading cache reference %q: %w", s.Repository, err)
	}
	if len(prefix) > 32 {
		return Refs{}, fmt.Errorf("reading cache reference %q: the tag prefix is longer than 32 characters", s.Repository)
	}
	ref := func(suffix string) string {
		return repo + ":" + prefix + "-" + slug(s.Platform, 20) + "-" + suffix
	}
	r := Refs{Exact: ref(k.Exact), Setup: ref("s-" + k.Setup)}
	if s.Branch != "" {
		r.Branch = ref("b-" + branchSlug(s.Branch))
	}
	if s.Default != "" {
		r.Default = ref("b-" + branchSlug(s.Default))
	}
	return r, nil
}

// partsRef is the reference of the document that says which parts the newest cache of a branch was made of.
func partsRef(branchRef string) string { return branchRef + "-parts" }

var unsafe = regexp.MustCompile(`[^A-Za-z0-9_.]+`)

func slug(s string, limit int) string {
	s = strings.Trim(unsafe.ReplaceAllString(s, "-"), "-.")
	return s[:min(len(s), limit)]
}

// branchSlug keeps apart branches that have the same slug, such as a/b and a-b.
func branchSlug(branch string) string {
	sum := sha256.Sum256([]byte(branch))
	return slug(branch, 40) + "-" + hex.EncodeToString(sum[:4])
}
