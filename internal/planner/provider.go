package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// detect returns the providers to use: the one that the files show, and those that the user names instead of it or
// in addition, and a warning for each other that the files show too. Vars are those that the detection sees.
func detect(in Input, user *layers, vars plan.Vars) ([]Detection, []string, error) {
	list := knownTo(user.edition, in.Providers)
	found, reason, err := providers.Detect(app(in, vars), list)
	if err != nil {
		return nil, nil, err
	}
	var detected []string
	if found != nil {
		detected = []string{found.Name}
	}
	var all []Detection
	for _, name := range user.providerNames(detected) {
		switch {
		case found != nil && found.Name == name:
			all = append(all, Detection{name, reason})
		case find(list, name) != nil:
			all = append(all, Detection{name, "named in providers"})
		default:
			return nil, nil, unknownProvider(user, list, name)
		}
	}
	if user.merged.Providers != nil {
		return all, nil, nil
	}
	return all, rivals(app(in, vars), list, found), nil
}

// knownTo returns the providers that an edition has, as they are in it.
func knownTo(edition rules.Edition, all []providers.Provider) []providers.Provider {
	var list []providers.Provider
	for _, p := range all {
		if !edition.Has(p.Since) {
			continue
		}
		if edition != rules.Nixpacks && p.Newest != nil {
			p.Detect = p.Newest
		}
		list = append(list, p)
	}
	return list
}

func unknownProvider(user *layers, list []providers.Provider, name string) error {
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	file := user.file.Name
	if file == "" {
		file = "--json-plan"
	}
	return &config.Error{
		File: file,
		Key:  "providers",
		Err:  fmt.Errorf("provider %q not found", name),
		Hint: fmt.Sprintf("edition %s knows %s", user.edition, strings.Join(names, ", ")),
	}
}

// fromProviders merges the plans of result.Detected, the first winning, and says in result and known how they came about.
func fromProviders(in Input, user *layers, result *Result, known origins) (plan.Plan, error) {
	var all plan.Plan
	var metadata []string
	for i, d := range result.Detected {
		provider := find(in.Providers, d.Provider)
		out, err := provider.Plan(app(in, user.vars))
		if err != nil {
			return plan.Plan{}, fmt.Errorf("planning for %s: %w", d.Provider, err)
		}
		result.Warnings = append(result.Warnings, out.Warnings...)
		if out.None {
			continue
		}
		metadata = append(append(metadata, d.Provider), out.Labels...)
		prefix := ""
		if i > 0 {
			prefix = d.Provider
		}
		improved, notes, err := improve(in, user, provider, out, prefix)
		if err != nil {
			return plan.Plan{}, err
		}
		result.Notes = append(result.Notes, notes...)
		result.Warnings = append(result.Warnings, unfixed(out.Fixes, notes)...)
		known.add(d.Provider, prefix, out, notes)
		if prefix != "" {
			improved = plan.Prefix(improved, prefix)
		}
		all = plan.Merge(improved, all)
	}
	if len(result.Detected) > 0 {
		all.Variables = overlay(all.Variables, plan.Vars{"NIXPACKS_METADATA": strings.Join(metadata, ",")})
	}
	result.Locks = lockFiles(in, result.Detected)
	return all, nil
}

// improve applies the rules of the edition to one provider's plan, whose phases will have the prefix.
func improve(in Input, user *layers, provider *providers.Provider, out providers.Output, prefix string) (plan.Plan, []rules.Note, error) {
	install := "install"
	if prefix != "" {
		install = prefix + ":" + install
	}
	subject := rules.Subject{Provider: provider.Name, Plan: out.Plan, BuildOnly: provider.BuildOnly, UserInstall: user.installs(install)}
	for _, f := range out.Fixes {
		subject.Fixes = append(subject.Fixes, rules.Fix{Rule: f.Rule, Over: f.Over, Why: f.Why})
	}
	if provider.InstallFiles != nil {
		subject.InstallFiles = func() ([]string, string, error) { return provider.InstallFiles(app(in, user.vars)) }
	}
	if provider.Prune != nil {
		subject.Prune = func() (string, string, error) { return provider.Prune(app(in, user.vars)) }
	}
	return rules.Apply(user.edition, subject)
}

// unfixed are the warnings about what no rule has fixed.
func unfixed(fixes []providers.Fix, notes []rules.Note) []string {
	var warnings []string
	for _, f := range fixes {
		if f.Warning != "" && !slices.ContainsFunc(notes, func(n rules.Note) bool { return n.Rule == f.Rule }) {
			warnings = append(warnings, f.Warning)
		}
	}
	return warnings
}

func app(in Input, vars plan.Vars) providers.App {
	return providers.App{Tree: in.Tree, Vars: vars, Arch: in.Arch}
}

// find returns the provider of that name, nil if there is none.
func find(list []providers.Provider, name string) *providers.Provider {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}
