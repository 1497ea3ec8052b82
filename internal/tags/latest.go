package tags

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// isHighest reports whether no higher version has been pushed to the first image. Prereleases do not count, neither here nor there.
func (m *maker) isHighest(c candidate, prefix, suffix string) (bool, error) {
	if c.semver == "" || len(m.images) == 0 || m.src.Existing == nil {
		return false, nil
	}
	existing, err := m.src.Existing(m.images[0])
	if err != nil {
		return false, fmt.Errorf("looking for higher versions than %s: %w", c.semver, err)
	}
	for _, tag := range existing {
		tag, ok := strings.CutPrefix(tag, prefix)
		if !ok {
			continue
		}
		if tag, ok = strings.CutSuffix(tag, suffix); !ok {
			continue
		}
		if v, ok := parseSemver(tag); ok && v.stable && older(c.semver, v.fields["version"]) {
			m.warn("latest stays where it is: %s is lower than %s, which has been pushed", c.semver, v.fields["version"])
			return false, nil
		}
	}
	return true, nil
}

// prerelease is a version that semantic versioning or PEP 440 calls none of its releases.
var prerelease = lazyregexp.New(`^v?[0-9]+(\.[0-9]+)*[.-]?(a|b|c|rc|alpha|beta|pre|preview|dev)[.-]?[0-9]*`)

// isNewest decides where there are no rules: only a stable release moves latest, and only the newest. A git tag that is no version
// cannot be compared, and moves it.
func (m *maker) isNewest(c candidate) (bool, error) {
	if c.semver == "" {
		if v, ok := parseSemver(c.value); ok && !v.stable || prerelease.MatchString(strings.ToLower(c.value)) {
			m.warn("latest stays where it is: %s is a prerelease", c.value)
			return false, nil
		}
		return true, nil
	}
	if m.src.Existing == nil || len(m.images) == 0 {
		return true, nil
	}
	return m.isHighest(c, "", "")
}
