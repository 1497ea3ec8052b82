package providers

import (
	"iter"
	"path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// leaves ranges over the strings in decoded JSON or YAML, in byte order of the keys.
func leaves(v any) iter.Seq[string] {
	return func(yield func(string) bool) { walkLeaves(v, yield) }
}

func walkLeaves(v any, yield func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return yield(v)
	case []any:
		for _, e := range v {
			if !walkLeaves(e, yield) {
				return false
			}
		}
	case map[string]any:
		for _, e := range plan.Sorted(v) {
			if !walkLeaves(e, yield) {
				return false
			}
		}
	}
	return true
}

// patches adds the files of a map from packages to patches, relative to the root.
func (f *nodeFiles) patches(who string, v any) {
	for s := range leaves(v) {
		f.needed(who, s)
	}
}

var (
	specLocal   = lazyregexp.New(`^(?:file|link|portal):|^[./~\\]|^[A-Za-z]:[/\\]`)
	specArchive = lazyregexp.New(`(?i)\.(?:tgz|tar|tar\.gz)$`)
	specRemote  = lazyregexp.New(`^(?:git\+)?(?:https?|ssh|git)://`)
)

// specs adds the local packages and patches that versions name, relative to dir.
func (f *nodeFiles) specs(who, dir string, v any) {
	for s := range leaves(v) {
		f.spec(who, dir, strings.TrimSpace(s))
	}
}

func (f *nodeFiles) spec(who, dir, s string) {
	// Yarn's resolutions may put the package's name in front, as do aliases.
	if at := strings.LastIndex(s, "@file:"); at > 0 {
		s = s[at+1:]
	}
	switch {
	case strings.HasPrefix(s, "git+file:"):
		f.block("%s has a package in a local repository", who)
	case strings.HasPrefix(s, "exec:"):
		f.block("%s has a package that a script makes (exec:)", who)
	case strings.HasPrefix(s, "patch:"):
		f.patchSpec(who, dir, s)
	case specRemote.MatchString(s):
	case !specLocal.MatchString(s) && !specArchive.MatchString(s):
	case isVersion(s):
	default:
		f.local(who, dir, s)
	}
}

// isVersion reports whether a text that begins like a path is a range of versions, such as "~1.2".
func isVersion(s string) bool {
	_, ok := parseNodeRange(s)
	return ok && !strings.ContainsAny(s, "/\\")
}

// patchSpec adds the files of a version such as "patch:left-pad@npm%3A1.0.0#./.yarn/patches/a.patch".
func (f *nodeFiles) patchSpec(who, dir, s string) {
	_, list, _ := strings.Cut(s, "#")
	list, _, _ = strings.Cut(list, "::") // parameters, such as the locator
	for name := range strings.SplitSeq(list, "&") {
		name = strings.TrimPrefix(name, "optional!")
		switch rest, atRoot := strings.CutPrefix(name, "~/"); {
		case strings.HasPrefix(strings.TrimPrefix(name, "~"), "builtin<"):
		case atRoot:
			f.needed(who, rest)
		default:
			f.needed(who, path.Join(dir, name))
		}
	}
}

// local adds a package that lies in the app: an archive, or a directory with all that is in it.
func (f *nodeFiles) local(who, dir, s string) {
	for _, protocol := range []string{"file:", "link:", "portal:"} {
		s = strings.TrimPrefix(s, protocol)
	}
	s, _, _ = strings.Cut(s, "::")
	name := path.Join(dir, s)
	switch tree := f.app.Tree; {
	case path.IsAbs(s) || strings.HasPrefix(s, "~") || strings.ContainsAny(s, "\\#?%"):
		f.block("%s has a package at a path that is not understood", who)
	case tree.HasFile(name):
		f.add(name)
	case f.names[name]:
	case name == "." || !tree.HasFile(path.Join(name, "package.json")):
		f.block("%s has a package at a path that is not one", who)
	default:
		f.dir(name)
		f.manifest(name)
	}
}
