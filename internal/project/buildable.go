package project

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
)

// NothingHint is what to do about an app that nothing is known about.
const NothingHint = "give the directory that holds the app, or say what to do in nixpacks.toml"

// Nothing is the failure of a plan without phases, nil of all others.
func Nothing(result planner.Result) error {
	if len(result.Plan.Phases) > 0 {
		return nil
	}
	return fault.New(fault.Nothing, fmt.Errorf("no provider matched\n%s", planner.Nothing(result.Tree, nil)), NothingHint)
}

// buildable refuses a plan that no image can come of (nixpacks-1.39.md 5).
func buildable(result planner.Result, withoutStart bool) error {
	if err := Nothing(result); err != nil {
		return err
	}
	if withoutStart || result.Starts() {
		return nil
	}
	err := errors.New("no start command could be found")
	if result.NoStart != "" {
		err = fmt.Errorf("%w: %s", err, result.NoStart)
	}
	return fault.New(fault.App, err, "give --start-cmd, a start script, or cmd below [start] in nixpacks.toml")
}

// Buildable refuses a plan that no image can come of. If the app is a repository of several apps, the hint leads to them.
func (o Options) Buildable(result planner.Result, withoutStart bool) error {
	err := buildable(result, withoutStart)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	// Faults of the other directories are not asked for.
	found, _ := discover.Find(result.Tree, discover.Options{Name: result.Tree.Name(), Starts: o.starts, After139: o.after139})
	var names []string
	dir := ""
	for _, a := range found.Apps {
		if a.Directory != "." {
			names, dir = append(names, a.Name), a.Directory
		}
	}
	switch n := len(names); {
	case n == 1:
		f.Hint = "an app is in " + fault.Shown(dir) + ": npx-action discover says how it is built"
	case n > 1:
		f.Hint = fmt.Sprintf("there are %d apps, %s: npx-action discover says how each is built", n, listedNames(names))
	}
	return f
}

// shownApps bounds how many apps a hint names.
const shownApps = 5

// listedNames joins the first names of a list.
func listedNames(names []string) string {
	if len(names) > shownApps {
		names = append(names[:shownApps:shownApps], "...")
	}
	return strings.Join(names, ", ")
}
