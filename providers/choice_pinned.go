package providers

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
)

// chooseOr is [choose], but for a tool of which the catalogue has nothing to give it gives the attribute of the edition's own archive, whatever
// version that has.
func chooseOr(app App, tool, attribute string) (choice, error) {
	c, err := choose(app, tool)
	if err == nil || !nothingKnown(err) {
		return c, err
	}
	found, err := app.asks(tool)
	if err != nil {
		return choice{}, err
	}
	archive, err := PinnedArchive(app)
	if err != nil {
		return choice{}, err
	}
	why := byDefault("no version of " + tool + " can be chosen")
	if len(found.Asks) > 0 {
		a := found.Asks[0]
		why = cause{a.File, a.Line, a.Why() + ", but " + why.why}
	}
	c = choice{tool: tool, pkg: attribute, archive: archive, why: why, warnings: found.Warnings}
	for _, a := range found.Asks {
		if a.Range.Exact() != "" {
			c.warnings = append(c.warnings, fmt.Sprintf("%s asks for %s %.40s, but no version can be chosen: the one in the archive of the edition is used", a.Place(), tool, a.Text))
		}
	}
	return c, nil
}

// nothingKnown reports whether no version at all can be had.
func nothingKnown(err error) bool {
	var none *catalogue.NoVersionError
	if errors.As(err, &none) {
		return len(none.Near) == 0
	}
	return errors.As(err, new(*catalogue.UnknownError))
}

// PinnedArchive is the edition's own archive of nixpkgs with its hash, as plans have it. The user's rows may give another hash.
func PinnedArchive(app App) (string, error) { return app.hashed(nixpkgs.of(app.Edition)) }

// hashed is an archive of nixpkgs with its hash.
func (a App) hashed(archive catalogue.Archive) (string, error) {
	all, err := a.Versions()
	if err != nil {
		return "", err
	}
	return archive.Commit + "#" + cmp.Or(all.UserHash(archive.Commit), archive.NAR), nil
}

// beside takes the version of a choice from the archive of another one where that has it, so that a plan needs few archives.
func beside(app App, tool string, c, other choice) (choice, error) {
	all, err := app.Versions()
	if err != nil {
		return choice{}, err
	}
	known, err := all.Tool(tool)
	if err != nil {
		return choice{}, err
	}
	commit, _, _ := strings.Cut(other.archive, "#")
	if p := place(known.Packages(c.version), commit); p.Commit == commit {
		c.pkg, c.archive = p.Attribute, other.archive
	}
	return c, nil
}

// languageSetup is the phase that installs the one tool of a language, in lower case as the catalogue calls it, and packages beside it.
func languageSetup(app App, language string, beside ...string) (plan.Phase, []Reason, []string, error) {
	tool := strings.ToLower(language)
	if !app.choosesVersions() {
		return plan.Phase{NixPkgs: append([]string{tool}, beside...), NixOverlays: []string{}},
			[]Reason{byDefault("no version of "+language+" can be asked for").decided("setup", "nix", "")}, nil, nil
	}
	c, err := chooseOr(app, tool, tool)
	if err != nil {
		return plan.Phase{}, nil, nil, err
	}
	phase := c.install(plan.Phase{NixPkgs: beside})
	return phase, append(c.reasons(), c.why.decided("setup", "nix", "")), c.warnings, nil
}
