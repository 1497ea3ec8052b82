package rules

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// installFiles shows the install phase nothing but the files that it reads, so that a change elsewhere in the
// app does not repeat it (specification 6.1, item 21). Whatever runs after it sees the whole app.
var installFiles = Rule{Name: "install-files", Since: "2026.11", Apply: applyInstallFiles}

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
	return withInstallFiles(s.Plan, files), onlySees(files), nil
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
