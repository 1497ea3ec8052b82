// Package tags decides under which references an image is pushed. Without rules of the user's own they are those
// that docker/metadata-action makes by default.
package tags

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// A Source is what tags are made from.
type Source struct {
	Scheduled bool
	Branch    string // "" unless a branch is built
	Tag       string // "" unless a tag is built
	Number    int    // of the pull or merge request, 0 if none
}

// maxTag is the longest tag that registries take.
const maxTag = 128

var (
	outside = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	valid   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`) // OCI distribution specification
)

// Names are the default tags: "nightly" for a schedule, the branch, the tag with "latest", "pr-N".
func Names(s Source) []string {
	var names []string
	if s.Scheduled {
		names = append(names, "nightly")
	}
	switch {
	case s.Number != 0:
		names = append(names, "pr-"+strconv.Itoa(s.Number))
	case s.Tag != "":
		names = append(names, sanitize(s.Tag), "latest")
	case s.Branch != "":
		names = append(names, sanitize(s.Branch))
	}
	return names
}

// sanitize makes a tag from a name of git. A name that is too long keeps a hash of the whole, so that two of them
// do not meet.
func sanitize(s string) string {
	tag := strings.TrimLeft(outside.ReplaceAllString(s, "-"), ".-")
	if tag == "" {
		tag = "ref"
	}
	if len(tag) <= maxTag {
		return tag
	}
	sum := sha256.Sum256([]byte(s))
	return tag[:maxTag-9] + "-" + hex.EncodeToString(sum[:4])
}

// References are the full references to push. An entry of tags that holds a slash or a colon is a reference of its own;
// any other is a tag of every image. Without tags, names are used. Repositories are lower-cased, as registries demand.
func References(images, tags, names []string) ([]string, error) {
	var refs []string
	add := func(repo, tag string) error {
		ref := strings.ToLower(repo) + ":" + tag
		if !valid.MatchString(tag) {
			return fmt.Errorf("reading tag %q: a tag has at most %d letters, digits, dots, hyphens and underscores", tag, maxTag)
		}
		if _, err := name.NewTag(ref); err != nil {
			return fmt.Errorf("reading image %q: %w", repo+":"+tag, err)
		}
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
		return nil
	}
	own := names
	for i, tag := range tags {
		if i == 0 {
			own = nil
		}
		if !strings.ContainsAny(tag, "/:") {
			own = append(slices.Clone(own), tag)
			continue
		}
		repo, t := tag, "latest"
		if j := strings.LastIndexByte(tag, ':'); j > strings.LastIndexByte(tag, '/') {
			repo, t = tag[:j], tag[j+1:]
		}
		if err := add(repo, t); err != nil {
			return nil, err
		}
	}
	for _, image := range images {
		for _, tag := range own {
			if err := add(image, tag); err != nil {
				return nil, err
			}
		}
	}
	return refs, nil
}

// Repository makes the name of an image from that of a directory.
func Repository(dir string) string {
	repo := strings.Trim(outside.ReplaceAllString(strings.ToLower(dir), "-"), "._-")
	if len(repo) < 2 {
		return "app"
	}
	return repo
}
