package tags

import (
	"strings"

	"golang.org/x/mod/semver"
)

// A version is what a rule of the types semver and pep440 makes tags from.
type version struct {
	stable bool
	fields map[string]string
}

// maxSemver is the longest version that node-semver reads.
const maxSemver = 256

// parseSemver reads a version as node-semver does: with or without a v, in full, and strictly. The grammar is that of golang.org/x/mod,
// which also has v1 and v1.2 for short: they are refused here.
func parseSemver(raw string) (v version, ok bool) {
	text := strings.TrimPrefix(strings.TrimSpace(raw), "v")
	prefixed := "v" + text
	if !semver.IsValid(prefixed) || len(raw) > maxSemver {
		return version{}, false
	}
	canonical := strings.TrimPrefix(semver.Canonical(prefixed), "v") // without the build metadata
	build := strings.TrimPrefix(semver.Build(prefixed), "+")
	prerelease := strings.TrimPrefix(semver.Prerelease(prefixed), "-")
	if !strings.HasPrefix(text, canonical) {
		return version{}, false
	}
	core := strings.Split(strings.TrimSuffix(canonical, semver.Prerelease(prefixed)), ".")
	for _, number := range core {
		if !safe(number) {
			return version{}, false
		}
	}
	return version{stable: prerelease == "", fields: map[string]string{
		"raw": raw, "version": canonical, "major": core[0], "minor": core[1], "patch": core[2],
		"prerelease": commaList(prerelease), "build": commaList(build),
	}}, true
}

// commaList shows identifiers as metadata-action does, for which they are a list.
func commaList(identifiers string) string { return strings.ReplaceAll(identifiers, ".", ",") }

// safe reports whether a number without leading zeros is one that JavaScript counts exactly, as node-semver demands.
func safe(number string) bool {
	const largest = "9007199254740991" // 2^53-1
	return len(number) < len(largest) || len(number) == len(largest) && number <= largest
}

// older reports whether a comes before b; both are what parseSemver calls version.
func older(a, b string) bool { return semver.Compare("v"+a, "v"+b) < 0 }
