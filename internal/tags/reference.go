package tags

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	parser "github.com/distribution/reference"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/lazyregexp"
)

// maxTag is the longest tag that registries take.
const maxTag = 128

var (
	outside = lazyregexp.New(`[^A-Za-z0-9._-]+`)
	allowed = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`) // OCI distribution specification
)

// valid reports whether registries take a tag.
func valid(tag string) bool { return len(tag) <= maxTag && allowed.MatchString(tag) }

// sanitize makes a tag from text as metadata-action does: what a tag cannot hold becomes a hyphen. That may still be no tag. Text that
// the user wrote is then an error; of text from git, leading dots and hyphens go. Where that text is too long, or has letters
// outside of ASCII, which would all become the same hyphen, it ends in a hash of the whole, so that two of them do not meet.
func sanitize(s string, written bool) (string, error) {
	tag := outside.ReplaceAllString(s, "-")
	if valid(tag) && (written || !lossy(s)) {
		return tag, nil
	}
	if written {
		return "", fmt.Errorf("%q is no tag: it begins with a letter, digit or underscore and has at most %d characters", tag, maxTag)
	}
	tag = strings.TrimLeft(tag, ".-")
	if tag == "" {
		tag = "ref"
	}
	if len(tag) <= maxTag && !lossy(s) {
		return tag, nil
	}
	return withHash(tag, s), nil
}

// lossy reports whether a text has more than ASCII. Punctuation that becomes a hyphen is left as metadata-action has it.
func lossy(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// withHash ends a tag in the hash of a text.
func withHash(tag, text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.TrimRight(tag[:min(len(tag), maxTag-9)], "-.") + "-" + hex.EncodeToString(sum[:4])
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
	if !valid(tag) {
		return "", fmt.Errorf("reading tag %q: a tag has at most %d letters, digits, dots, hyphens and underscores", tag, maxTag)
	}
	repo, err := Image(repo)
	return repo + ":" + tag, err
}

// Image checks the name of an image, which has neither tag nor digest, by the grammar of references, and returns it in lower case, as registries
// demand. An error shows no password.
func Image(s string) (string, error) {
	repo := strings.ToLower(s)
	named, err := parser.ParseNormalizedNamed(repo)
	switch {
	case err == nil && !parser.IsNameOnly(named):
		err = errors.New("it has a tag or a digest; tags are given by themselves")
	case err == nil:
		_, err = name.NewRepository(repo)
	}
	if err == nil {
		return repo, nil
	}
	if strings.Contains(s, "@") && !parser.ReferenceRegexp.MatchString(repo) {
		return "", errors.New("reading image: it holds a user or a password")
	}
	return "", fmt.Errorf("reading image %q: %w", s, err)
}

// Repository makes the name of an image from the name of a directory.
func Repository(dir string) string {
	repo := strings.Trim(outside.ReplaceAllString(strings.ToLower(dir), "-"), "._-")
	if len(repo) < 2 {
		return "app"
	}
	return repo
}
