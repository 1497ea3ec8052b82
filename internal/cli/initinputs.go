package cli

import (
	"cmp"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/workflow"
)

// secretName is what both forges take as the name of a secret.
var secretName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// inputsOf are the inputs that tell a job of an app; none for one in the root.
func inputsOf(a discover.App) []workflow.Input {
	e := a.Entry()
	return filled([]workflow.Input{
		{Name: "context", Value: strings.TrimPrefix(e.Context, ".")}, {Name: "config", Value: e.Config}, {Name: "env", Value: e.Env, List: a.Env},
		{Name: "pkgs", Value: e.Pkgs, List: a.Pkgs}, {Name: "build-cmd", Value: e.BuildCmd}, {Name: "start-cmd", Value: e.StartCmd},
	})
}

// filled are the inputs that have a value.
func filled(list []workflow.Input) []workflow.Input {
	return slices.DeleteFunc(list, func(in workflow.Input) bool { return in.Value == "" })
}

// givenInputs are the options of a plan as inputs, so that a job makes the same plan. An option that no input can be is refused.
func (p *program) givenInputs() ([]workflow.Input, error) {
	o := p.options
	if o.JSONPlan != "" {
		return nil, fault.Usage("save it as nixpacks.json", "writing a workflow: no input is a plan, which --json-plan gives")
	}
	for _, v := range o.Env {
		if !strings.Contains(v, "=") || strings.ContainsAny(v, "\r\n") {
			return nil, fault.Usage("give NAME=VALUE, in one line", "writing a workflow: the input env takes no %.40q", v)
		}
	}
	if text := o.Platform.String(); text != "linux/"+runtime.GOARCH {
		o.Platforms = strings.Split(text, ",")
	}
	var inputs []workflow.Input
	for _, declared := range option.Flags(option.Plans, "") {
		if declared.Input == nil {
			continue
		}
		given := declared.Texts(o.Plan)
		if declared.Kind == option.KindCommand && given != nil && given[0] == "" {
			return nil, fault.Usage("put it into nixpacks.toml", "writing a workflow: an empty command, which --%s gives, is no input", declared.Flagged())
		}
		in := workflow.Input{Name: declared.Name, Value: declared.Join(given)}
		if declared.Kind.List() {
			in.List = given
		}
		inputs = append(inputs, in)
	}
	return filled(inputs), nil
}

// settle says what the workflow depends on: for one app its inputs, with those that are given over them. Several apps share a file, in
// which an option would count for all.
func (p *program) settle(dir, branch, forge string, apps []discover.App) (workflow.Settings, error) {
	s := workflow.Settings{Branch: branch, Monorepo: len(apps) > 1}
	given, err := p.givenInputs()
	if err != nil {
		return s, err
	}
	if s.Monorepo && len(given) > 0 {
		return s, fault.Usage("put it into the nixpacks.toml of each app", "writing a workflow: there are %d apps, and the option for %s would count for all", len(apps), given[0].Name)
	}
	for _, a := range apps {
		secrets, err := p.secretsOf(dir, a)
		if err != nil {
			return s, err
		}
		s.Secrets = append(s.Secrets, secrets...)
	}
	slices.Sort(s.Secrets)
	s.Secrets = slices.Compact(s.Secrets)
	if s.Monorepo {
		if len(s.Secrets) > 0 {
			p.say("note", "phases ask for the secrets "+strings.Join(s.Secrets, ", ")+": give them to the jobs that build, with the input secrets, or in GitLab with the CI/CD variable NPX_SECRETS")
		}
		s.Secrets = nil
		return s, nil
	}
	s.Inputs = inputsOf(apps[0])
	for _, in := range given {
		i := slices.IndexFunc(s.Inputs, func(own workflow.Input) bool { return own.Name == in.Name })
		switch {
		case i < 0:
			s.Inputs = append(s.Inputs, in)
		case in.List != nil:
			o, _ := option.Find(in.Name)
			s.Inputs[i].Value = o.Join([]string{s.Inputs[i].Value, in.Value})
			s.Inputs[i].List = slices.Concat(s.Inputs[i].List, in.List)
		default:
			s.Inputs[i] = in
		}
	}
	if forge == workflow.GitLab && len(s.Secrets) > 0 {
		in := workflow.Input{Name: "secret-envs"}
		for _, name := range s.Secrets {
			in.List = append(in.List, name+"="+name)
		}
		s.Inputs = append(s.Inputs, in)
	}
	return s, nil
}

// secretsOf are the names of the secrets that the phases of an app ask for.
func (p *program) secretsOf(dir string, a discover.App) ([]string, error) {
	o := p.planning()
	o.Config = cmp.Or(o.Config, a.Config)
	in, _, err := o.Input(path.Join(dir, a.Context))
	if err != nil {
		return nil, err
	}
	result, err := planner.Make(in)
	var names []string
	for _, phase := range result.Plan.Phases {
		for _, name := range phase.Secrets {
			if !secretName.MatchString(name) {
				return nil, fault.Usage("rename it", "writing a workflow: the secret %.80q has no name that a CI system takes", name)
			}
			names = append(names, name)
		}
	}
	return names, err
}
