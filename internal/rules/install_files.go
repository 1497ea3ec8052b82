package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// installFiles shows the install phase nothing but the files that it reads, so that a change elsewhere in the
// app does not repeat it (nixpacks-1.39.md 6.1, item 21). Whatever runs after it sees the whole app.
var installFiles = Rule{Name: "install-files", Since: "2026.12", Apply: applyInstallFiles}

func applyInstallFiles(s Subject) (plan.Plan, string, error) {
	install := s.Plan.Phases[installPhase]
	if s.InstallFiles == nil || s.UserInstall || len(install.Cmds) == 0 || install.OnlyIncludeFiles != nil {
		return s.Plan, "", nil
	}
	files, blocker, err := s.InstallFiles()
	switch {
	case err != nil:
		return plan.Plan{}, "", err
	case blocker != "":
		return s.Plan, wholeApp(blocker), nil
	case len(files) == 0:
		return s.Plan, "", nil
	}
	if early := copiesBefore(s.Plan); early != "" {
		return s.Plan, wholeApp("phase " + early + " runs before it and sees it"), nil
	}
	return afterInstall(withInstallFiles(s.Plan, files)), onlySees(files), nil
}

// copiesBefore names a phase that the install waits for and that has the whole app copied, or returns "".
func copiesBefore(p plan.Plan) string {
	for name, phase := range plan.Sorted(p.Phases) {
		if name != installPhase && copiesAll(phase) && waitsFor(p, installPhase, name) {
			return name
		}
	}
	return ""
}

// afterInstall lets the phases that have the whole app copied, and that could run before the install, run after it.
func afterInstall(p plan.Plan) plan.Plan {
	p = p.Clone()
	for name, phase := range plan.Sorted(p.Phases) {
		if name != installPhase && copiesAll(phase) && !waitsFor(p, name, installPhase) {
			phase.DependsOn = append(phase.DependsOn, installPhase)
			p.Phases[name] = phase
		}
	}
	return p
}

// copiesAll reports whether a phase does something and has the whole app copied for it (nixpacks-1.39.md 4.1).
func copiesAll(p plan.Phase) bool {
	return p.OnlyIncludeFiles == nil && len(p.Cmds)+len(p.Paths) > 0
}

// waitsFor reports whether a phase depends on another, directly or not.
func waitsFor(p plan.Plan, name, other string) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(n string) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		return slices.ContainsFunc(p.Phases[n].DependsOn, func(d string) bool { return d == other || visit(d) })
	}
	return visit(name)
}

// wholeApp is the note on an install that is not narrowed down.
func wholeApp(blocker string) string { return "install sees the whole app: " + blocker }

// maxListed is how many files a note names.
const maxListed = 6

// onlySees is the note on an install that sees files.
func onlySees(files []string) string {
	if n := len(files) - maxListed; n > 0 {
		return fmt.Sprintf("install sees %s and %d more only", strings.Join(files[:maxListed], ", "), n)
	}
	return "install sees " + strings.Join(files, ", ") + " only"
}
