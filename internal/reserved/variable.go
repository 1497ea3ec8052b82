package reserved

import (
	"slices"
	"strings"
)

// The prefixes of the variables by which a job has its inputs, and by which a job of GitLab leaves its outputs to all later jobs. They cannot
// meet: else the tags of one app would be an input of the next one.
const (
	GitHubInputs  = "INPUT_"
	GitLabInputs  = "NPX_"
	GitLabOutputs = "NPXOUT_"
)

// A variable is a kind of variables with an owner, by the prefix of their names.
type variable struct {
	prefix, owner string
	may           []Giver
}

// variables are those of a job. GITHUB_ is not among them: apps that log people in have GITHUB_CLIENT_ID.
var variables = []variable{
	{"ACTIONS_", "the CI system", nil},
	{"CI_", "the CI system", nil},
	{"RUNNER_", "the CI system", nil},
	{GitHubInputs, "inputs", []Giver{User}},
	{GitLabInputs, "inputs", []Giver{User}},
	{GitLabOutputs, "outputs", []Giver{Output}},
}

// Variable returns the prefix by which a variable belongs to somebody else, "" if the giver may give it.
func Variable(name string, by Giver) (prefix string) {
	for _, v := range variables {
		if strings.HasPrefix(name, v.prefix) && !slices.Contains(v.may, by) {
			return v.prefix
		}
	}
	return ""
}
