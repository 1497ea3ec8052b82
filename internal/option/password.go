package option

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/lazyregexp"
)

// Addresses and names of images are printed, kept in caches and handed to a builder. So none may hold a password, and the error about
// one that does has no value in it.

// WithoutPasswords refuses a value that holds a user or a password. Name is what gives it.
func WithoutPasswords(name string, values ...string) error {
	if slices.ContainsFunc(values, HoldsPassword) {
		return fault.Usage("give logins as registry-auth, in the Docker configuration or as a client certificate, and the address alone here",
			"reading %s: it holds a user or a password", name)
	}
	return nil
}

// atDigest is what follows the only at sign that the name of an image may have (OCI image specification, descriptor.md, digests). One that is
// too short is an error with a text of its own.
var atDigest = lazyregexp.New(`^sha[0-9]+:[0-9A-Fa-f]*(?:[,\s]|$)`)

// HoldsPassword reports whether something is before an at sign that is not a user of ssh, who is no secret, or the name of an image.
func HoldsPassword(value string) bool {
	for {
		before, after, ok := strings.Cut(value, "@")
		if !ok {
			return false
		}
		_, user, ssh := strings.Cut(before, "ssh://")
		if !atDigest.MatchString(after) && (!ssh || strings.ContainsAny(user, ":/")) {
			return true
		}
		value = after
	}
}
