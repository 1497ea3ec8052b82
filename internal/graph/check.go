package graph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

var (
	// Package, then perhaps architecture, version or release, as apt-get takes them.
	aptPattern = lazyregexp.New(`^[a-z0-9][A-Za-z0-9+.:=~*/_-]*$`)

	imagePattern    = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._:/@-]*$`)
	userPattern     = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_-]*$`) // of at most 32 letters
	variablePattern = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)
	secretPattern   = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	cacheKeyPattern = lazyregexp.New(`^[A-Za-z0-9._/@:+-]+$`)

	// A whole entry of paths: nothing in it is special to a shell but variables and the home directory.
	pathsPattern = lazyregexp.New(`^(?:~/)?(?:\$[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\}|[\p{L}\p{N}._/+@,=^-])+$`)
	pathPattern  = lazyregexp.New(`\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|[^$]+`)

	// The phases that Nixpacks' own plans refer to whether or not they exist, with the provider's name in front or without.
	conventional = lazyregexp.New(`^(?:[^:]+:)*(?:setup|install|build)$`)
)

// check checks what the steps take from the plan as it is, and puts the phases in order.
func (b *builder) check() error {
	for name, value := range plan.Sorted(b.plan.Variables) {
		a := at{"", "variables"}
		if !variablePattern.MatchString(name) {
			return a.err("use letters, digits and underscores", "%q is no name of a variable", name)
		}
		if err := text(at{"", "variables." + name}, value); err != nil {
			return err
		}
	}
	for name, content := range plan.Sorted(b.plan.StaticAssets) {
		if !utf8.ValidString(name) || !utf8.ValidString(content) {
			return at{"", "staticAssets"}.err("use text", "%q is not UTF-8", name)
		}
	}
	if !cacheKeyPattern.MatchString(b.opt.CacheKey) {
		return at{"", "cache-key"}.err("use letters, digits and any of ._/@:+-", "%q has other characters", b.opt.CacheKey)
	}
	if b.plan.BuildImage == nil {
		return at{"", "buildImage"}.err("pin the plan first", "it is not set")
	}
	if err := image(at{"", "buildImage"}, *b.plan.BuildImage); err != nil {
		return err
	}
	if tools := b.plan.BuildTools; tools != nil {
		if err := image(at{"", "buildTools"}, *tools); err != nil {
			return err
		}
	}
	for name, ph := range plan.Sorted(b.plan.Phases) {
		if err := b.checkPhase(name, ph); err != nil {
			return err
		}
	}
	var err error
	if b.order, err = plan.Order(b.plan.Phases); err != nil {
		return err
	}
	return b.checkStart()
}

func (b *builder) checkPhase(name string, ph plan.Phase) error {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return at{"", "phases"}.err("rename the phase", "%q is no name of a phase", name)
	}
	for _, d := range ph.DependsOn {
		if _, ok := b.plan.Phases[d]; !ok && !conventional.MatchString(d) {
			return at{name, "dependsOn"}.err("the phases are "+quoted(phaseNames(b.plan)), "there is no phase %q", d)
		}
	}
	for _, list := range []struct {
		key  string
		cmds []string
	}{{"cmds", ph.Cmds}, {"pruneCmds", ph.PruneCmds}} {
		if slices.ContainsFunc(list.cmds, func(cmd string) bool { return strings.TrimSpace(cmd) == "" }) {
			return at{name, list.key}.err("write a command or leave it out", "a command is empty")
		}
	}
	for _, p := range ph.Paths {
		if !pathsPattern.MatchString(p) {
			return at{name, "paths"}.err("use a path that needs no quoting",
				"%q is empty or has a character that is special to a shell", p)
		}
	}
	for _, dir := range ph.Layers {
		if err := checkDirectory(at{name, "layers"}, dir, "target/lib"); err != nil {
			return err
		}
	}
	if err := checkSecrets(name, ph.Secrets); err != nil {
		return err
	}
	lists := []struct {
		key    string
		values []string
	}{
		{"nixPkgs", ph.NixPkgs},
		{"nixLibs", ph.NixLibs},
		{"cmds", ph.Cmds},
		{"pruneCmds", ph.PruneCmds},
		{"onlyIncludeFiles", ph.OnlyIncludeFiles},
		{"cacheDirectories", ph.CacheDirectories},
	}
	for _, list := range lists {
		for _, v := range list.values {
			if err := text(at{name, list.key}, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) checkStart() error {
	start := b.plan.Start
	if start == nil {
		return nil
	}
	if start.Cmd != nil {
		if strings.TrimSpace(*start.Cmd) == "" {
			return at{"", "start.cmd"}.err("write a command or leave the key out", "the command is empty")
		}
		if err := text(at{"", "start.cmd"}, *start.Cmd); err != nil {
			return err
		}
	}
	if u := b.startUser(); start.User != nil && (len(u) > 32 || !userPattern.MatchString(u) && !accountPattern.MatchString(u)) {
		return at{"", "start.user"}.err("use letters, digits, - and _, or a number as in 65532", "%q is no name of a user", u)
	}
	if err := b.checkWritable(*start); err != nil {
		return err
	}
	if err := checkProcesses(*start); err != nil {
		return err
	}
	if err := b.checkHealth(*start); err != nil {
		return err
	}
	if err := b.checkRuntime(); err != nil {
		return err
	}
	if err := b.checkStatic(); err != nil {
		return err
	}
	if start.RunImage == nil {
		return nil
	}
	if err := image(at{"", "start.runImage"}, *start.RunImage); err != nil {
		return err
	}
	for _, f := range start.OnlyIncludeFiles {
		if err := text(at{"", "start.onlyIncludeFiles"}, f); err != nil {
			return err
		}
	}
	return b.checkCaches(start.OnlyIncludeFiles)
}

// checkRuntime refuses a slim image where it is not known what that starts from.
func (b *builder) checkRuntime() error {
	a := at{"", "start.runtime"}
	start := b.plan.Start
	switch {
	case start.Runtime == nil || *start.Runtime == plan.Full:
		return nil
	case *start.Runtime != plan.Slim:
		return a.err("use "+plan.Slim+" or "+plan.Full, "%q is not known", *start.Runtime)
	case b.opt.Sequential:
		return a.err("use "+plan.Full, "this builder cannot merge layers, of which a slim image is made")
	case start.RunImage != nil:
		return a.err("leave one of them out", "the plan has a run image, which is all that a slim image would start from")
	case start.Base != nil && *start.Base != plan.StaticBase:
		return at{"", "start.base"}.err("use "+plan.StaticBase+" or leave the key out", "%q is not known", *start.Base)
	case b.plan.SlimBase() == "":
		return a.err("use "+plan.Full+", or name a runImage or buildTools", "what a slim image of %s starts from is not known", *b.plan.BuildImage)
	}
	return nil
}

// checkCaches refuses to copy out of a cache directory: its files are in no file system that a copy can see.
func (b *builder) checkCaches(files []string) error {
	if b.opt.NoCache {
		return nil
	}
	a := at{"", "start.onlyIncludeFiles"}
	include, err := appPaths(a, files)
	if err != nil {
		return err
	}
	for name, ph := range plan.Sorted(b.plan.Phases) {
		caches, err := mounts(at{name, "cacheDirectories"}, b.opt.CacheKey, ph.CacheDirectories)
		if err != nil {
			return err
		}
		for _, f := range include {
			i := slices.IndexFunc(caches, func(c Cache) bool { return isWithin(inApp(f), c.Target) })
			if i >= 0 {
				return a.err("copy it elsewhere in a command of the phase",
					"%q is in the cache directory %s of phase %s, which is not kept", f, caches[i].Target, name)
			}
		}
	}
	return nil
}

// text refuses what no file system, process or Dockerfile can hold.
func text(a at, s string) error {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return a.err("use text", "%q is not UTF-8 or has a NUL byte", s)
	}
	return nil
}

func image(a at, ref string) error {
	if !imagePattern.MatchString(ref) {
		return a.err("use a name such as ubuntu:noble", "%q is no reference to an image", ref)
	}
	return nil
}

// aptWords returns the package names in entries, each of which may hold several, ready for a shell.
func aptWords(a at, entries []string) ([]string, error) {
	var words []string
	for _, e := range entries {
		for _, w := range strings.Fields(e) {
			if !aptPattern.MatchString(w) {
				return nil, a.err("use a name such as libpq-dev or nginx=1.24.*", "%q is no Debian package", w)
			}
			if strings.Contains(w, "*") {
				w = "'" + w + "'"
			}
			words = append(words, w)
		}
	}
	return words, nil
}

func phaseNames(p plan.Plan) []string {
	var names []string
	for name := range plan.Sorted(p.Phases) {
		names = append(names, name)
	}
	return names
}
