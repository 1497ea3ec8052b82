package tags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/reserved"
)

// giver says where the text of a rule's tag comes from.
func (m *maker) giver(r rule) reserved.Giver {
	has := func(names ...string) bool {
		for _, t := range []template{r.value, r.pattern, r.prefix, r.suffix, m.flavor.prefix, m.flavor.suffix} {
			if slices.ContainsFunc(t, func(p part) bool { return slices.Contains(names, p.name) }) {
				return true
			}
		}
		return false
	}
	onTag := strings.HasPrefix(m.src.Ref, "refs/tags/") // the others are empty there, but for a tag's branch
	switch {
	case onTag && (r.kind == "ref" || r.kind == "match" || r.kind == "semver" || r.kind == "pep440" || has("tag")):
		return reserved.Tag
	case r.kind == "ref" && r.event == "branch", has("branch", "base_ref"):
		return reserved.Branch
	case r.kind == "raw" && r.value.literal():
		return reserved.User
	}
	return reserved.Rule
}

// owned is the tag, unless it belongs to somebody else. What the user wrote is then an error. The name of a branch or a git tag gets
// another form, as no build shall fail by what somebody called a branch.
func (m *maker) owned(r rule, tag, full string) (string, error) {
	by := m.giver(r)
	owner := reserved.Of(tag, by, m.standardTag(), m.src.Reserved...)
	if owner == "" {
		return tag, nil
	}
	if by == reserved.User || by == reserved.Rule {
		return "", fmt.Errorf("reading tag rule %q: the tag %s belongs to %s; choose another", r.text, tag, owner)
	}
	other := withHash(string(by)+"-"+tag, full)
	m.warn("the image is called %s, as the tag %s belongs to %s and not to a %s", other, tag, owner, by)
	return other, nil
}

// standardTag is the default branch as a tag.
func (m *maker) standardTag() string {
	if m.src.Default == "" {
		return ""
	}
	tag, err := sanitize(m.src.Default, false)
	if err != nil {
		return ""
	}
	return tag
}

// ownedReferences refuses full references to tags that belong to somebody else.
func (m *maker) ownedReferences() error {
	for _, ref := range m.references {
		if _, tag := split(ref); reserved.Of(tag, reserved.User, "", m.src.Reserved...) != "" {
			return fmt.Errorf("reading tag %q: the tag belongs to %s; choose another", ref, reserved.Of(tag, reserved.User, "", m.src.Reserved...))
		}
	}
	return nil
}
