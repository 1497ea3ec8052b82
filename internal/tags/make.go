package tags

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A maker applies rules to an event, one after the other.
type maker struct {
	Settings
	src Source

	main     string // the first tag
	partial  []string
	latest   bool // decided with the first tag
	warnings []string
}

// shortSHA is how long a short SHA is unless the source says otherwise.
const shortSHA = 7

func (m *maker) warn(format string, args ...any) {
	m.warnings = append(m.warnings, fmt.Sprintf(format, args...))
}

func (m *maker) run() error {
	for _, r := range m.rules {
		enabled := r.enable.render(m.global)
		switch enabled {
		case "false":
			continue
		case "true":
		default:
			return fmt.Errorf("reading tag rule %q: enable is %q and neither true nor false", r.text, enabled)
		}
		c, ok := m.value(r)
		if !ok {
			continue
		}
		if err := m.add(r, c); err != nil {
			return err
		}
	}
	return nil
}

// A candidate is the value of a rule, without prefix and suffix.
type candidate struct {
	value  string
	latest bool   // what latest=auto comes to
	semver string // the version that latest=highest compares, "" if none
}

// value evaluates a rule; false if it does not apply.
func (m *maker) value(r rule) (candidate, bool) {
	branch, onBranch := strings.CutPrefix(m.src.Ref, "refs/heads/")
	switch r.kind {
	case "schedule":
		return candidate{value: r.pattern.render(m.global)}, strings.Contains(m.src.Event, "schedule")
	case "semver", "pep440":
		return m.versioned(r)
	case "match":
		return m.matched(r)
	case "edge":
		want := r.branch
		if want == "" {
			want = m.src.Default
		}
		return candidate{value: "edge"}, onBranch && branch == want
	case "ref":
		return m.ref(r)
	case "raw":
		return candidate{value: r.value.render(m.global)}, true
	}
	if r.long { // sha
		return candidate{value: m.src.SHA}, m.src.SHA != ""
	}
	return candidate{value: m.short()}, m.src.SHA != ""
}

// queued is the branch of GitHub's merge queue.
var queued = lazyregexp.New(`^refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]+$`)

// ref evaluates a rule of that type.
func (m *maker) ref(r rule) (candidate, bool) {
	if r.event == "mq" {
		if found := queued.FindStringSubmatch(m.src.Ref); found != nil {
			return candidate{value: found[1]}, true
		}
		number, ok := strings.CutPrefix(m.src.Ref, "refs/pull/")
		return candidate{value: strings.TrimSuffix(number, "/merge")}, ok && m.src.Event == "merge_group"
	}
	prefix := map[string]string{"branch": "refs/heads/", "tag": "refs/tags/"}[r.event]
	if prefix == "" {
		prefix = "refs/pull/"
	}
	name, ok := strings.CutPrefix(m.src.Ref, prefix)
	switch r.event {
	case "tag":
		v, _ := parseSemver(name)
		return candidate{name, true, v.stableVersion()}, ok
	case "pr", "mr":
		name = strings.TrimSuffix(name, "/merge")
	}
	return candidate{value: name}, ok
}

// subject is the tag that the event is about, or what the rule gives in its place.
func (m *maker) subject(r rule) (string, bool) {
	if r.value != nil {
		return r.value.render(m.global), true
	}
	return strings.CutPrefix(m.src.Ref, "refs/tags/")
}

// versioned evaluates a rule of type semver or pep440.
func (m *maker) versioned(r rule) (candidate, bool) {
	text, ok := m.subject(r)
	if !ok {
		return candidate{}, false
	}
	if r.match != nil {
		if groups, _ := r.match.find(text); groups == nil {
			m.warn("tag rule %q: %s does not match %s", r.text, r.match.text, text)
		} else {
			text = groups[1]
		}
	}
	text = strings.ReplaceAll(text, "/", "-")
	parse, name := parseSemver, "a semantic version"
	if r.kind == "pep440" {
		parse, name = parsePEP440, "a version of PEP 440"
	}
	v, ok := parse(text)
	if !ok {
		m.warn("tag rule %q: %s is not %s", r.text, text, name)
		return candidate{}, false
	}
	c := candidate{latest: v.stable, semver: v.stableVersion()}
	switch {
	case v.stable || r.pattern.raw():
		c.value = r.pattern.render(func(e expression) string { return v.fields[e.name] })
	default: // a prerelease moves no tag but its own
		c.value = v.fields["version"]
	}
	if r.kind == "pep440" && c.semver != "" {
		full, _ := parseSemver(strings.Join([]string{v.fields["major"], v.fields["minor"], v.fields["patch"]}, "."))
		c.semver = full.stableVersion()
	}
	return c, true
}

// stableVersion is what latest=highest compares.
func (v version) stableVersion() string {
	if !v.stable {
		return ""
	}
	return v.fields["version"]
}

// matched evaluates a rule of type match.
func (m *maker) matched(r rule) (candidate, bool) {
	text, ok := m.subject(r)
	if !ok {
		return candidate{}, false
	}
	groups, found := r.match.find(text)
	if groups == nil {
		m.warn("tag rule %q: %s does not match %s", r.text, r.match.text, text)
		return candidate{}, false
	}
	if r.group < 0 || r.group >= len(groups) || !found[r.group] {
		m.warn("tag rule %q: %s has no group %d in %s", r.text, r.match.text, r.group, text)
		return candidate{}, false
	}
	v, _ := parseSemver(groups[r.group])
	return candidate{groups[r.group], true, v.stableVersion()}, true
}

// add names the image by a rule's value. The first decides about latest.
func (m *maker) add(r rule, c candidate) error {
	prefix, suffix := m.affixes(r)
	full := prefix + c.value + suffix
	if full == "" {
		return nil
	}
	written := r.kind == "raw" && r.value.literal() && (r.prefix == nil || r.prefix.literal()) && (r.suffix == nil || r.suffix.literal())
	tag, err := sanitize(full, written)
	if err != nil {
		return fmt.Errorf("reading tag rule %q: %w", r.text, err)
	}
	if tag, err = m.owned(r, tag, full); err != nil {
		return err
	}
	if m.main != "" {
		m.partial = append(m.partial, tag)
		return nil
	}
	m.main = tag
	switch m.flavor.latest {
	case "auto":
		m.latest = c.latest
		if m.standard && c.latest {
			m.latest, err = m.isNewest(c)
		}
	case highest:
		m.latest, err = m.isHighest(c, prefix, suffix)
	default:
		m.latest = m.flavor.latest == "true"
	}
	return err
}

// affixes are the rule's own prefix and suffix, even if they are empty, or the flavor's.
func (m *maker) affixes(r rule) (prefix, suffix string) {
	p, s := r.prefix, r.suffix
	if p == nil {
		p = m.flavor.prefix
	}
	if s == nil {
		s = m.flavor.suffix
	}
	return p.render(m.global), s.render(m.global)
}

// latestName is the tag latest in this flavor.
func (m *maker) latestName() string {
	name := "latest"
	if m.flavor.prefixOnLatest {
		name = m.flavor.prefix.render(m.global) + name
	}
	if m.flavor.suffixOnLatest {
		name += m.flavor.suffix.render(m.global)
	}
	name, _ = sanitize(name, false)
	return name
}

// global gives the expressions that may stand anywhere.
func (m *maker) global(e expression) string {
	branch, onBranch := strings.CutPrefix(m.src.Ref, "refs/heads/")
	switch e.name {
	case "branch":
		if onBranch {
			return branch
		}
	case "tag":
		if tag, ok := strings.CutPrefix(m.src.Ref, "refs/tags/"); ok {
			return tag
		}
	case "sha":
		return m.short()
	case "base_ref":
		if !onBranch {
			return m.src.Base
		}
	case "is_default_branch":
		return fmt.Sprint(m.onDefaultBranch())
	case "is_not_default_branch":
		return fmt.Sprint(!m.onDefaultBranch())
	case "date":
		return e.at(m.src.Date)
	case "commit_date":
		if m.src.CommitDate.IsZero() {
			return e.at(m.src.Date)
		}
		return e.at(m.src.CommitDate)
	}
	return ""
}

func (m *maker) short() string {
	n := m.src.Short
	if n == 0 {
		n = shortSHA
	}
	return m.src.SHA[:min(n, len(m.src.SHA))]
}

// onDefaultBranch is also true of the events that always run there on GitHub, if the default branch is not known.
func (m *maker) onDefaultBranch() bool {
	branch := strings.TrimPrefix(m.src.Ref, "refs/heads/")
	if branch == "" {
		return false
	}
	if m.src.Default != "" {
		return branch == m.src.Default
	}
	for _, event := range []string{"create", "discussion", "issues", "schedule"} {
		if strings.Contains(m.src.Event, event) {
			return true
		}
	}
	return false
}
