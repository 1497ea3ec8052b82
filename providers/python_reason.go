package providers

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// requirementsWarnings warn of the first requirement that is not exact. All of them may be, so they are looked at one by one.
func requirementsWarnings(app App) []string {
	text, err := readRequirements(app, "requirements.txt")
	if err != nil {
		return nil
	}
	name, line := looseRequirement(text)
	if name == "" {
		return nil
	}
	return []string{fmt.Sprintf("requirements.txt line %d leaves the version of %s open, so each build may install another; write %s==VERSION", line, name, name)}
}

var (
	requirementName = lazyregexp.New(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[;<>~!(])`)
	requirementFile = lazyregexp.New(`\.(?:whl|zip|tar\.\w+)$`)
	constraintsLine = lazyregexp.New(`^(?:-c|--constraint)\b`)
)

// looseRequirement returns the first package without an exact version, and its line. With constraints there is none.
func looseRequirement(text string) (name string, line int) {
	lines, _ := requirementLines(text)
	for _, l := range lines {
		if constraintsLine.MatchString(l.text) {
			return "", 0
		}
		m := requirementName.FindStringSubmatch(l.text)
		if version, _, _ := strings.Cut(l.text, ";"); m != nil && name == "" && !strings.Contains(version, "==") && !requirementFile.MatchString(m[1]) {
			name, line = m[1], l.number
		}
	}
	return name, line
}

// pythonVariableReasons say where the versions of the tools are from.
func pythonVariableReasons(app App, variables map[string]string) []Reason {
	var reasons []Reason
	for _, t := range pythonTools {
		version, ok := variables[t.versionVariable()]
		if !ok {
			continue
		}
		why := byDefault("no version of " + t.name + " is asked for")
		if asked, ok, err := t.askedVersion(app); err == nil && ok {
			why = byLine(app, toolVersionsFile, t.name+" "+asked, "it asks for "+t.name+" "+version)
		}
		reasons = append(reasons, why.decided("", "variable "+t.versionVariable(), ""))
	}
	for name := range plan.Sorted(pythonVariables) {
		reasons = append(reasons, byDefault("set for every Python app").decided("", "variable "+name, ""))
	}
	return reasons
}
