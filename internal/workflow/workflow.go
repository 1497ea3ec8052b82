// Package workflow writes the file by which a repository uses this tool in its CI system.
package workflow

import (
	_ "embed" // the texts
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/lazyregexp"
)

// The forges.
const (
	GitHub = "github"
	GitLab = "gitlab"
)

// Settings are what a workflow depends on.
type Settings struct {
	Branch   string   // the default one
	Monorepo bool     // whether to find the apps in each run, and to build each
	Inputs   []Input  // of the only app, in their order
	Secrets  []string // names of those that its phases ask for; in GitLab they are an input
}

// An Input is one of the action and the component, with its value. One that takes several has them also as a list, which the component
// wants.
type Input struct {
	Name, Value string
	List        []string
}

// Path returns where a forge looks for the file, relative to the root of the repository.
func Path(forge string) string {
	if forge == GitLab {
		return ".gitlab-ci.yml"
	}
	return ".github/workflows/image.yml"
}

var (
	//go:embed github.yml
	githubText string
	//go:embed github-monorepo.yml
	githubMonorepoText string
	//go:embed gitlab.yml
	gitlabText string
	//go:embed gitlab-monorepo.yml
	gitlabMonorepoText string
)

// Text returns the file. An error is about a value that the file's format would take for something else.
func Text(forge string, s Settings) (string, error) {
	text := map[string]map[bool]string{
		GitHub: {false: githubText, true: githubMonorepoText},
		GitLab: {false: gitlabText, true: gitlabMonorepoText},
	}[forge][s.Monorepo]
	if text == "" {
		return "", fmt.Errorf("writing a workflow: unknown forge %q", forge)
	}
	lines, err := s.lines(forge)
	if err == nil && strings.Contains(text, branchMark) {
		var name string
		name, err = branch(s.Branch)
		text = strings.ReplaceAll(text, branchMark, name)
	}
	if err != nil {
		return "", fmt.Errorf("writing a workflow: %w", err)
	}
	return text + lines, nil
}

// branchMark stands for the default branch in the texts.
const branchMark = "BRANCH"

// lines are the end of the file: the inputs of the only app, and the secrets.
func (s Settings) lines(forge string) (string, error) {
	if s.Monorepo {
		return "", nil
	}
	var b strings.Builder
	indent := "      "
	if forge == GitHub && len(s.Inputs)+len(s.Secrets) > 0 {
		b.WriteString("        with:\n")
		indent = "          "
	}
	for _, in := range s.Inputs {
		text, err := value(forge)(in.Value)
		if forge == GitLab && in.List != nil {
			text, err = list(value(forge))(in.List)
		}
		if err != nil {
			return "", err
		}
		b.WriteString(indent + in.Name + ": " + text + "\n")
	}
	switch {
	case forge == GitLab && len(s.Inputs) == 0:
		b.WriteString(indent + "context: .\n")
	case forge == GitHub && len(s.Secrets) > 0:
		b.WriteString(indent + "secrets: |\n")
		for _, name := range s.Secrets {
			b.WriteString(indent + "  " + name + "=${{ secrets." + name + " }}\n")
		}
	}
	return b.String(), nil
}

// branch is a branch as a filter of GitHub's, in which some characters are patterns.
func branch(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%.80q is not UTF-8", name)
	}
	var b strings.Builder
	for _, r := range name {
		if strings.ContainsRune(`*?+[]!\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return scalar(b.String())
}

// value is that of an input, in which neither forge finds an expression.
func value(forge string) func(string) (string, error) {
	return func(text string) (string, error) {
		if forge == GitLab {
			return scalar(strings.ReplaceAll(text, "$", "$$"))
		}
		if strings.Contains(text, "${{") {
			return "", fmt.Errorf("%.80q holds an expression of GitHub's", text)
		}
		return scalar(text)
	}
}

// list is the value of an input that takes several.
func list(value func(string) (string, error)) func([]string) (string, error) {
	return func(texts []string) (string, error) {
		items := make([]string, len(texts))
		for i, text := range texts {
			var err error
			if items[i], err = value(text); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	}
}

// plain is text that has no meaning of its own in YAML, unless it is a word such as true, which is told by its tag.
var plain = lazyregexp.New(`^[A-Za-z.][A-Za-z0-9 ._/@=$&-]*$`)

// scalar is a text on one line of YAML, wherever in it.
func scalar(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("%.80q is not UTF-8", text)
	}
	style := yaml.DoubleQuotedStyle
	if plain.MatchString(text) {
		style = 0
	}
	out, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: style})
	line := strings.TrimSuffix(string(out), "\n")
	if err == nil && strings.Contains(line, "\n") {
		err = fmt.Errorf("%.80q is no single line", text)
	}
	return line, err
}
