package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// rubyProvider follows nixpacks-1.39.md 3.16.
var rubyProvider = Provider{
	Name:         "ruby",
	Looks:        "Gemfile",
	Detect:       func(app App) (string, error) { return firstFile(app, "Gemfile"), nil },
	Plan:         planRuby,
	InstallFiles: rubyInstallFiles,
	Locks:        rubyGemfiles,
	BuildOnly:    append([]string{"rustc"}, rubyTools...),

	Language: Language{
		Manifests: []Manifest{{File: "Gemfile", Locks: []string{"Gemfile.lock"}}},
		Lockfiles: []Lockfile{{"Gemfile.lock", BundlerLock}},
		Settings:  []string{".ruby-version", toolVersionsFile},
		Caches:    []Cache{{Dir: bundleCache, Downloads: true}},
		Runtimes:  []Runtime{rubyRuntime},
		Programs:  []string{"bundler", "rbenv"},
	},
}

var rubyGemfiles = []string{"Gemfile", "Gemfile.lock"}

// A rubyApp is an app with what its files say about Ruby. A Gemfile or lock that cannot be read is as none: so for
// Nixpacks 1.39.
type rubyApp struct {
	App
	gemfile, lock rubyText

	version rubyVersion
	chosen  *choice // a built Ruby, in editions after 1.39; nil if rbenv compiles it

	choiceWarnings []string
	bundler        rubyBundler
	rails          cause // of no file if the app is not one of Rails
	reasons        []Reason
	buildOnly      []string // of the system
	noStart        string   // as in [Output]
}

// A rubyText is a file of the app with its text, "" if there is none.
type rubyText struct{ name, text string }

func loadRuby(app App) *rubyApp {
	load := func(name string) rubyText {
		text, _ := app.Tree.Read(name)
		return rubyText{name, text}
	}
	return &rubyApp{App: app, gemfile: load("Gemfile"), lock: load("Gemfile.lock"), rails: findRails(app)}
}

func planRuby(app App) (Output, error) {
	r := loadRuby(app)
	var err error
	if app.choosesVersions() {
		err = r.chooseBuilt()
	} else {
		r.version, err = r.chooseVersion()
	}
	if err != nil {
		return Output{}, err
	}
	if r.bundler, err = chooseBundler(r.lock); err != nil {
		return Output{}, err
	}
	out := Output{
		Plan: plan.Plan{
			Phases:    map[string]plan.Phase{"setup": r.setupPhase(), "install": r.installPhase(), "build": r.buildPhase()},
			Start:     r.start(),
			Variables: r.variables(),
		},
		Warnings: r.warnings(),
	}
	out.Reasons, out.NoStart, out.BuildOnly = r.reasons, r.noStart, r.buildOnly
	if out.Fixes, err = r.healthCheck(); err != nil {
		return Output{}, err
	}
	if r.chosen != nil {
		out.Chosen = []string{r.chosen.pkg}
	}
	if err := r.addNode(&out); err != nil {
		return Output{}, err
	}
	return out, nil
}

// addNode adds what installs the app's Node packages, or Node alone for a gem that runs JavaScript. Of Node's plan
// nothing else counts, and node:install waits for Ruby's setup: so does Nixpacks 1.39.
func (r *rubyApp) addNode(out *Output) error {
	why := byFile("package.json", "the app has Node packages")
	if !r.Tree.HasFile("package.json") {
		if why = r.uses("execjs"); why.file == "" {
			return nil
		}
	}
	node, err := planNode(r.App)
	if err != nil {
		return err
	}
	for _, name := range []string{"setup", "install"} {
		out.Plan.Phases["node:"+name] = node.Plan.Phases[name]
	}
	build := out.Plan.Phases["build"]
	build.DependsOn = append(build.DependsOn, "node:install")
	out.Plan.Phases["build"] = build

	out.Reasons = append(out.Reasons, why.decided("build", "after", "node:install"))
	for _, reason := range node.Reasons {
		if name := reason.Fact.Phase; name == "setup" || name == "install" {
			reason.Fact.Phase = "node:" + name
			out.Reasons = append(out.Reasons, reason)
		}
	}
	out.Warnings = slices.Concat(out.Warnings, node.Warnings)
	out.Chosen = append(out.Chosen, node.Chosen...)
	return nil
}

// uses returns where the Gemfile or its lock has a text first; no cause if nowhere.
func (r *rubyApp) uses(text string) cause { return findText(text, r.gemfile, r.lock) }

func findText(text string, files ...rubyText) cause {
	for _, f := range files {
		if at := strings.Index(f.text, text); at >= 0 {
			return cause{f.name, lineAt(f.text, at), fmt.Sprintf("%s contains %q", f.name, text)}
		}
	}
	return cause{}
}

// lineAt returns the line, from 1, of an offset.
func lineAt(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

func (r *rubyApp) because(c cause, phase, field, value string) {
	r.reasons = append(r.reasons, c.decided(phase, field, value))
}
