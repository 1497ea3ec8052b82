package build

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/planner"
)

// literal makes a pattern that matches one name.
var literal = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

// leftCredentials is the pattern of the files in which google-github-actions/auth leaves credentials in the workspace.
const leftCredentials = "gha-creds-*.json"

// neverBuilt are patterns of what enters no build, at any level. Git's own files differ from checkout to checkout, and may hold a token.
var neverBuilt = []string{"**/.git", "**/" + leftCredentials}

// IgnorePatterns are what .dockerignore names, and what enters no build. Of patterns, the last that matches counts.
func IgnorePatterns(result planner.Result) ([]string, error) {
	excluded, err := result.Tree.Excluded()
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(excluded.Patterns), neverBuilt...), nil
}
