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

// A pipeline of GitLab includes the component for each app, and puts the variables of the app over the variables of the component's job. Only
// names that discovery made stand in inputs: GitLab puts an input into the component's text before it reads that text as YAML, so that a
// text of the repository could end the place that it was meant for.
type pipeline struct {
	Include []include      `yaml:"include,omitempty"`
	Jobs    map[string]any `yaml:",inline"`
}

type include struct {
	Component string `yaml:"component"`
	Inputs    inputs `yaml:"inputs"`
}

type inputs struct {
	Job  string `yaml:"job"`
	Name string `yaml:"name"`
}

// job is what the pipeline says about the job of an app that the component makes.
type job struct {
	Variables map[string]any `yaml:"variables"`
}

// A script is a job without a component.
type script struct {
	Script []string            `yaml:"script"`
	Rules  []map[string]string `yaml:"rules"`
}

// A raw variable is one into which nobody puts other variables.
type raw struct {
	Value  *yaml.Node `yaml:"value"`
	Expand bool       `yaml:"expand"`
}

// Pipeline is a child pipeline of GitLab that includes the component once for each app. As a pipeline has at least one job, one
// without an app says so.
func (r Result) Pipeline(component string) (string, error) {
	if len(r.Apps) > MaxIncludes {
		return "", fmt.Errorf("making a pipeline: there are %d apps, and GitLab includes at most %d files", len(r.Apps), MaxIncludes)
	}
	p := pipeline{Jobs: map[string]any{}}
	for _, e := range r.Entries() {
		name := jobPrefix + e.Name
		p.Include = append(p.Include, include{component, inputs{Job: name, Name: e.Name}})
		variables, err := e.variables()
		if err != nil {
			return "", err
		}
		p.Jobs[name] = job{variables}
	}
	if len(r.Apps) == 0 {
		p.Jobs[jobPrefix+"nothing"] = script{Script: []string{"echo no app is affected"}, Rules: []map[string]string{{"when": "always"}}}
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(p); err != nil {
		return "", fmt.Errorf("making a pipeline: %w", err)
	}
	return b.String(), nil
}

// variables are the inputs of the component as its job gets them, less the empty ones.
func (e Entry) variables() (map[string]any, error) {
	all := map[string]any{"NPX_CONTEXT": variable(e.Context)}
	for name, text := range map[string]string{"NPX_CONFIG": e.Config, "NPX_BUILD_CMD": e.BuildCmd, "NPX_START_CMD": e.StartCmd} {
		if text != "" {
			all[name] = variable(text)
		}
	}
	for name, text := range map[string]string{"NPX_IMAGES": e.Images, "NPX_ENV": e.Env, "NPX_PKGS": strings.ReplaceAll(e.Pkgs, " ", "\n")} {
		if text == "" {
			continue
		}
		list, err := encode(strings.Split(text, "\n"), "")
		if err != nil {
			return nil, err
		}
		all[name] = variable(list)
	}
	return all, nil
}

// variable is a text that a job gets as it is. GitLab puts the values of other variables, a job's token among them, in place of $NAME
// and %NAME%. Two dollar signs are one, and nothing is a percent sign, so that a text with one is a raw variable. The text is quoted whatever it is:
// versions of YAML differ in what they take for a number or a word.
func variable(text string) any {
	if strings.Contains(text, "%") {
		return raw{Value: quotedNode(text)}
	}
	return quotedNode(strings.ReplaceAll(text, "$", "$$"))
}

func quotedNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
}
