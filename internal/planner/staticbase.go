package planner

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// runsPrograms is an import by which a program of Go starts others, which a static image has not.
var runsPrograms = lazyregexp.New(`"os/exec"`)

// withStaticBase puts a program without libraries on a base without a distribution, where its start needs no shell and its sources start no other program.
func withStaticBase(p plan.Plan, in Input, user *userConfig, detected []Detection, known origins) (plan.Plan, error) {
	if !startsSlim(p, user) || !isStatic(p, detected) || needsShell(p.Start.Healthcheck) {
		return p, nil
	}
	sources, err := in.Tree.Files("**/*.go")
	if err != nil {
		return p, err
	}
	for _, file := range sources {
		if strings.HasPrefix(file, "vendor/") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		name, sub, err := in.Tree.Match(runsPrograms, file)
		if err != nil || name != "" && sub != nil {
			return p, err
		}
	}
	before := plan.Facts(p)
	start := *p.Start
	start.Base = new(plan.StaticBase)
	p.Start = &start
	known.noteAdded(before, p, "the program is one of Go without C, and starts no other")
	return p, nil
}

// needsShell reports whether a health check is no program of the app.
func needsShell(healthcheck *string) bool {
	if healthcheck == nil {
		return false
	}
	words, simple := shell.Words(*healthcheck)
	return !simple || !strings.Contains(words[0], "/") || words[0] == "GET"
}

// isStatic reports whether a plan starts one program of Go that is linked without libraries, and the image holds no package beside it.
func isStatic(p plan.Plan, detected []Detection) bool {
	words, simple := shell.Words(*p.Start.Cmd)
	if !simple || len(words) == 0 || !strings.Contains(words[0], "/") || len(detected) != 1 || detected[0].Provider != "go" || p.Variables["CGO_ENABLED"] != "0" {
		return false
	}
	for _, phase := range p.Phases {
		if len(phase.NixLibs) > 0 {
			return false
		}
	}
	return len(p.StaticAssets) == 0 && len(p.AtRunTime()) == 0
}
