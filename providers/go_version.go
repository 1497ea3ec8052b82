package providers

import (
	"fmt"
	goversion "go/version"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/plan"
)

// A goVersion is the release that an app gets.
type goVersion struct {
	setup    plan.Phase
	reasons  []Reason // of the setup
	warnings []string
	chosen   []string // as in [Output]
}

// version is the release as edition 1.39 installs it.
func (r goRelease) version(why cause) goVersion {
	return goVersion{
		setup:   plan.Phase{NixPkgs: []string{r.pkg}, NixOverlays: []string{}, NixpkgsArchive: &r.archive},
		reasons: []Reason{why.decided("setup", "nix", ""), why.decided("setup", "nixpkgs", "")},
	}
}

// chooseGo takes, in edition 1.39, the release that go.mod asks for, word for word, else the default.
func chooseGo(app App, module bool) (goVersion, error) {
	if app.choosesVersions() {
		c, err := choose(app, "go")
		phase, reasons := plan.Phase{}, c.reasons()
		if c, why := app.callsC(); c {
			phase.NixPkgs = []string{"gcc"}
			reasons = append(reasons, why.decided("setup", "nix", "gcc"))
		}
		return goVersion{c.install(phase), reasons, c.warnings, []string{c.id()}}, err
	}
	if !module {
		return goDefault.version(byDefault("no version is asked for, as there is no go.mod")), nil
	}
	asked, number, err := goLine(app)
	if err != nil {
		return goVersion{}, err
	}
	if asked == "" {
		return goDefault.version(byDefault("no version is asked for")), nil
	}
	why := cause{file: "go.mod", line: number, why: fmt.Sprintf("the go line asks for %.60q", asked)}
	i := slices.IndexFunc(goReleases, func(r goRelease) bool { return r.number == asked })
	if i >= 0 {
		return goReleases[i].version(why), nil
	}
	why.why += ", which has no package of its own"
	v := goDefault.version(why)
	if goversion.Compare(goversion.Lang("go"+asked), "go"+goDefault.number) > 0 {
		v.warnings = []string{fmt.Sprintf(
			"go.mod asks for Go %s, which has no package here; Go %s is used and has to download that toolchain", asked, goDefault.number)}
	}
	return v, nil
}

// goLine returns the second word of the first line of go.mod that begins with "go", whatever directive it is, and the
// line's number; "" and 0 if there is none.
func goLine(app App) (version string, number int, err error) {
	text, err := app.Tree.Read("go.mod")
	if err != nil {
		return "", 0, err
	}
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "go") {
			continue
		}
		if words := strings.Fields(line); len(words) > 1 {
			return words[1], number, nil
		}
		break
	}
	return "", 0, nil
}

// goSums warns of modules without their sums. Their versions come from go.mod, but the build refuses them. A module
// that is replaced by a folder has no sum.
func goSums(app App) []string {
	if !app.Tree.HasFile("go.mod") || firstFile(app, "go.sum", "go.work") != "" || app.Tree.HasDir("vendor") {
		return nil
	}
	mod, err := readGoMod(app, "go.mod")
	if err != nil {
		return nil
	}
	local := map[string]bool{}
	for _, r := range mod.Replace {
		local[r.Old.Path] = r.New.Version == ""
	}
	if !slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return !local[r.Mod.Path] }) {
		return nil
	}
	return []string{"there is no go.sum, without which go build refuses the modules that go.mod requires; run go mod tidy and commit it"}
}
