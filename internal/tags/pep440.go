package tags

import (
	"cmp"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// pep440 is the grammar of PEP 440, appendix B, in the names of its groups too.
var pep440 = lazyregexp.New(`(?i)^v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)` +
	`(?P<pre>[-_.]?(?P<preKind>a|b|c|rc|alpha|beta|pre|preview)[-_.]?(?P<preNumber>\d+)?)?` +
	`(?P<post>(?:-(?P<postImplicit>\d+))|(?:[-_.]?(?:post|rev|r)[-_.]?(?P<postNumber>\d+)?))?` +
	`(?P<dev>[-_.]?dev[-_.]?(?P<devNumber>\d+)?)?` +
	`(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)

// preKinds are the spellings of a pre-release, normalised.
var preKinds = map[string]string{
	"a": "a", "alpha": "a", "b": "b", "beta": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc",
}

// parsePEP440 reads a version of Python's. Its field version is in the normal form.
func parsePEP440(raw string) (v version, ok bool) {
	m := pep440.FindStringSubmatch(strings.TrimSpace(raw))
	if m == nil {
		return version{}, false
	}
	group := func(name string) string { return strings.ToLower(m[pep440.SubexpIndex(name)]) }
	release := strings.Split(group("release"), ".")
	for i := range release {
		release[i] = number(release[i])
	}
	normal := strings.Join(release, ".")
	if epoch := number(group("epoch")); epoch != "0" {
		normal = epoch + "!" + normal
	}
	if group("pre") != "" {
		normal += preKinds[group("preKind")] + number(group("preNumber"))
	}
	if group("post") != "" {
		normal += ".post" + number(cmp.Or(group("postImplicit"), group("postNumber")))
	}
	if group("dev") != "" {
		normal += ".dev" + number(group("devNumber"))
	}
	if local := group("local"); local != "" {
		normal += "+" + localVersion(local)
	}
	release = append(release, "0", "0")
	return version{
		stable: group("pre")+group("post")+group("dev") == "",
		fields: map[string]string{"raw": raw, "version": normal, "major": release[0], "minor": release[1], "patch": release[2]},
	}, true
}

// number drops leading zeros; nothing is 0.
func number(s string) string { return cmp.Or(strings.TrimLeft(s, "0"), "0") }

// localVersion is a local version label. Between its segments are hyphens, as metadata-action puts there, and not the dots of the
// normal form, so that its tags stay the same.
func localVersion(s string) string {
	segments := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_.", r) })
	for i, segment := range segments {
		if strings.Trim(segment, "0123456789") == "" {
			segments[i] = number(segment)
		}
	}
	return strings.Join(segments, "-")
}
