package discover

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxIncludes is how many files a pipeline of GitLab may include by default.
const MaxIncludes = 150

// jobPrefix keeps names of jobs from being words that GitLab has a use for, such as services.
const jobPrefix = "npx-"

type pipeline struct {
	Include []include         `yaml:"include,omitempty"`
	Jobs    map[string]script `yaml:",inline"`
}

type include struct {
	Component string `yaml:"component"`
	Inputs    inputs `yaml:"inputs"`
}

// inputs are those of the component, the empty ones left out.
type inputs struct {
	Job        string   `yaml:"job"`
	Context    string   `yaml:"context"`
	CommentKey string   `yaml:"comment-key"`
	Images     []string `yaml:"images,omitempty"`
	Config     string   `yaml:"config,omitempty"`
	Env        []string `yaml:"env,omitempty"`
	Pkgs       []string `yaml:"pkgs,omitempty"`
	BuildCmd   string   `yaml:"build-cmd,omitempty"`
	StartCmd   string   `yaml:"start-cmd,omitempty"`
}

type script struct {
	Script []string            `yaml:"script"`
	Rules  []map[string]string `yaml:"rules"`
}

// Pipeline is a child pipeline of GitLab that includes the component once for each app. As a pipeline has at least one job, one
// without an app says so.
func (r Result) Pipeline(component string) (string, error) {
	if len(r.Apps) > MaxIncludes {
		return "", fmt.Errorf("making a pipeline: there are %d apps, and GitLab includes at most %d files", len(r.Apps), MaxIncludes)
	}
	var p pipeline
	for _, e := range r.Entries() {
		p.Include = append(p.Include, include{component, inputs{
			Job: jobPrefix + e.Name, CommentKey: e.Name,
			Context: plain(e.Context), Images: items(e.Images), Config: plain(e.Config), Env: items(e.Env), Pkgs: items(e.Pkgs),
			BuildCmd: plain(e.BuildCmd), StartCmd: plain(e.StartCmd),
		}})
	}
	if len(r.Apps) == 0 {
		p.Jobs = map[string]script{jobPrefix + "nothing": {Script: []string{"echo no app is affected"}, Rules: []map[string]string{{"when": "always"}}}}
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(p); err != nil {
		return "", fmt.Errorf("making a pipeline: %w", err)
	}
	return b.String(), nil
}

// plain keeps GitLab from putting variables in for what begins with a dollar sign.
func plain(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// items are the lines of a text, which are a list in GitLab's inputs.
func items(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			list = append(list, plain(line))
		}
	}
	return list
}
