package providers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

const (
	rubyVersionFile = ".ruby-version"
	rubyVariable    = "NIXPACKS_RUBY_VERSION"
	rubyHint        = "write one version and nothing else, such as 3.3.6"
)

var (
	// rubyName is what rbenv can be asked for without a word of it meaning something to the shell.
	rubyName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._+@-]*$`)

	// rubyDirective is the first that there seems to be in a Gemfile, up to the last quote that something follows.
	rubyDirective = lazyregexp.New(`ruby ['"](.*)['"][^>]`)

	// rubyRequirement is a directive that many versions satisfy, such as `>= 3.2", "< 4`.
	rubyRequirement = lazyregexp.New(`^[~<>=!]{1,2} *[\w.]+(?:["'], *["'][~<>=!]{0,2} *[\w.]+)*$`)

	rubyLocked = lazyregexp.New(`ruby ((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))[^>]`)

	bundlerName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// maxRubyName is how many bytes the name of a version may have. A count in the expressions would cost each start of the program.
const maxRubyName = 100

func isRubyName(text string) bool { return len(text) <= maxRubyName && rubyName.MatchString(text) }

// A rubyVersion is the version that is used, and where it is asked for.
type rubyVersion struct {
	text string // as Nixpacks writes it: with "ruby-" in front if it is from a Gemfile or a lock
	cause
}

// number returns the version as rbenv knows it.
func (v rubyVersion) number() string {
	n := v.text
	for strings.HasPrefix(n, "ruby-") {
		n = n[len("ruby-"):]
	}
	return n
}

// compilesRust reports whether the version is made of numbers and has a part in Rust. That of 4.0 is not seen: so
// Nixpacks 1.39.
func (v rubyVersion) compilesRust() bool {
	words := strings.Split(v.number(), ".")
	if len(words) < 2 {
		return false
	}
	major, errMajor := strconv.ParseUint(words[0], 10, 8)
	minor, errMinor := strconv.ParseUint(words[1], 10, 8)
	return errMajor == nil && errMinor == nil && major >= 3 && minor >= 1
}

// chooseVersion returns what the first of the variable, .ruby-version, Gemfile and Gemfile.lock gives.
func (r *rubyApp) chooseVersion() (rubyVersion, error) {
	if text, ok := r.Vars.Config("RUBY_VERSION"); ok {
		v := rubyVersion{text, byVariable(r.App, "RUBY_VERSION")}
		if !isRubyName(v.number()) {
			return v, fmt.Errorf("reading the variable %s: %w; %s", rubyVariable, notRuby(text), rubyHint)
		}
		return v, nil
	}
	if r.Tree.HasFile(rubyVersionFile) {
		return rubyFromFile(r.App)
	}
	asked, ok := r.gemfile.ruby(rubyDirective)
	if ok && isRubyName(asked.number()) {
		return asked, nil
	}
	locked, inLock := r.lock.ruby(rubyLocked)
	switch text := strings.TrimPrefix(asked.text, "ruby-"); {
	case ok && (!inLock || !rubyRequirement.MatchString(text)):
		return asked, &source.Error{Op: "reading", Name: asked.file, Line: asked.line, Err: notRuby(text), Hint: "name one version in " + rubyVersionFile}
	case ok:
		locked.why = fmt.Sprintf("Gemfile asks for %q, which Gemfile.lock resolves", text)
	}
	if !inLock {
		return locked, noRuby(r.App)
	}
	return locked, nil
}

func notRuby(text string) error { return fmt.Errorf("%.60q is not one version of Ruby", text) }

// noRuby says that there is no version, or why a file that may have one does not count.
func noRuby(app App) error {
	for _, name := range presentFiles(app, rubyGemfiles...) {
		if _, err := app.Tree.Read(name); err != nil {
			return err
		}
	}
	return &source.Error{Op: "reading", Name: "Gemfile", Err: errors.New("no version of Ruby is asked for"), Hint: "specify ruby's version in " + rubyVersionFile}
}

func rubyFromFile(app App) (rubyVersion, error) {
	text, err := app.Tree.Read(rubyVersionFile)
	if err != nil {
		return rubyVersion{}, err
	}
	text = strings.TrimSpace(text)
	v := rubyVersion{text, cause{rubyVersionFile, 1, fmt.Sprintf("%s is %.60q", rubyVersionFile, text)}}
	if !isRubyName(v.number()) {
		return v, &source.Error{Op: "reading", Name: rubyVersionFile, Line: 1, Err: notRuby(v.text), Hint: rubyHint}
	}
	return v, nil
}

// ruby returns what a file asks for, whether it is a version or not.
func (f rubyText) ruby(re *lazyregexp.Regexp) (rubyVersion, bool) {
	at := re.FindStringSubmatchIndex(f.text)
	if at == nil {
		return rubyVersion{}, false
	}
	word := f.text[at[2]:at[3]]
	return rubyVersion{"ruby-" + word, cause{f.name, lineAt(f.text, at[0]), fmt.Sprintf("%s says ruby %.60q", f.name, word)}}, true
}

// A rubyBundler is the Bundler that is installed.
type rubyBundler struct {
	gem string // "bundler", or with ":" and a version
	cause
}

// bundledWith is the heading of the version of Bundler in a lock.
const bundledWith = "BUNDLED WITH"

// chooseBundler returns the version that wrote the lock, or that none is asked for.
func chooseBundler(lock rubyText) (rubyBundler, error) {
	newest := rubyBundler{"bundler", byDefault("no version of Bundler is asked for")}
	before, after, found := strings.Cut(lock.text, bundledWith)
	_, after, _ = strings.Cut(after, "\n")
	version, _, _ := strings.Cut(after, "\n")
	version = strings.TrimSpace(version)
	if !found || version == "" {
		return newest, nil
	}
	line := 2 + strings.Count(before, "\n")
	if len(version) > maxRubyName || !bundlerName.MatchString(version) {
		return newest, &source.Error{
			Op: "reading", Name: lock.name, Line: line,
			Err:  fmt.Errorf("%.60q is not a version of Bundler", version),
			Hint: "let Bundler write the file",
		}
	}
	return rubyBundler{"bundler:" + version, cause{lock.name, line, "Bundler " + version + " wrote Gemfile.lock"}}, nil
}

// warnings tells of versions that the tools will miss at run time, and of a lock that is not there.
func (r *rubyApp) warnings() []string {
	if r.choosesVersions() {
		return append(slices.Clone(r.choiceWarnings), noLockfile(r.App, "Gemfile.lock")...)
	}
	var list []string
	used := r.version
	if v, err := rubyFromFile(r.App); err == nil && v.number() != used.number() {
		list = append(list, fmt.Sprintf("%s asks for Ruby %s, but %s is used, as %s; rbenv looks for the former", rubyVersionFile, v.number(), used.number(), used.why))
	}
	asked, ok := r.gemfile.ruby(rubyDirective)
	if ok && isRubyName(asked.number()) && asked.number() != used.number() {
		list = append(list, fmt.Sprintf("Gemfile asks for Ruby %s, but %s is used, as %s; Bundler refuses that", asked.number(), used.number(), used.why))
	}
	return append(list, noLockfile(r.App, "Gemfile.lock")...)
}

// rubyRuntime is Ruby, which plans install by rbenv.
var rubyRuntime = Runtime{
	Name:     "Ruby",
	Packages: patterns(`^ruby_(\d+)_(\d+)$`),
	Releases: []Release{
		{"2.6", "2022-04-12", []string{"ruby_2_6", "rbenv@2.6"}},
		{"2.7", "2023-03-31", []string{"ruby_2_7", "rbenv@2.7"}},
		{"3.0", "2024-04-23", []string{"ruby_3_0", "rbenv@3.0"}},
		{"3.1", "2025-03-26", []string{"ruby_3_1", "rbenv@3.1"}},
		{"3.2", "2026-03-31", []string{"ruby_3_2", "rbenv@3.2"}},
	},
}
