package tags

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// maxTag is the longest tag that registries take.
const maxTag = 128

var (
	outside = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	valid   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`) // OCI distribution specification
)

// sanitize makes a tag from text as metadata-action does: what a tag cannot hold becomes a hyphen. That may still be no tag. Text that
// the user wrote is then an error; of text from git, leading dots and hyphens go, and the end of one that is too long
// becomes a hash of the whole, so that two of them do not meet.
func sanitize(s string, written bool) (string, error) {
	tag := outside.ReplaceAllString(s, "-")
	if valid.MatchString(tag) {
		return tag, nil
	}
	if written {
		return "", fmt.Errorf("%q is no tag: it begins with a letter, digit or underscore and has at most %d characters", tag, maxTag)
	}
	tag = strings.TrimLeft(tag, ".-")
	if tag == "" {
		tag = "ref"
	}
	if len(tag) <= maxTag {
		return tag, nil
	}
	sum := sha256.Sum256([]byte(s))
	return tag[:maxTag-9] + "-" + hex.EncodeToString(sum[:4]), nil
}

// split cuts a reference into repository and tag; the tag is latest unless it is given.
func split(ref string) (repo, tag string) {
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		return ref[:i], ref[i+1:]
	}
	return ref, "latest"
}

// reference checks a full reference. Repositories are lower-cased, as registries demand.
func reference(s string) (string, error) {
	repo, tag := split(s)
	if !valid.MatchString(tag) {
		return "", fmt.Errorf("reading tag %q: a tag has at most %d letters, digits, dots, hyphens and underscores", tag, maxTag)
	}
	ref := strings.ToLower(repo) + ":" + tag
	if _, err := name.NewTag(ref); err != nil {
		return "", fmt.Errorf("reading image %q: %w", s, err)
	}
	return ref, nil
}

// Repository makes the name of an image from that of a directory.
func Repository(dir string) string {
	repo := strings.Trim(outside.ReplaceAllString(strings.ToLower(dir), "-"), "._-")
	if len(repo) < 2 {
		return "app"
	}
	return repo
}
