package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/nearest"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// detect returns the providers to use: the one that the files show, and the providers that the user names instead of
// it or in addition, and a warning for each other that the files show too. Vars are the variables that the detection sees.
func detect(in Input, user *userConfig, vars plan.Vars) ([]Detection, []string, error) {
	list := knownTo(user.edition, in.Providers)
	found, reason, err := providers.OfMember(app(in, user, vars), list)
	member := found != nil
	if found == nil && err == nil {
		found, reason, err = providers.Detect(app(in, user, vars), list)
	}
	if err != nil {
		return nil, nil, err
	}
	var detected []string
	beside, besideWhy := "", ""
	if found != nil {
		detected = []string{found.Name}
		if found.Beside != nil {
			beside, besideWhy = found.Beside(app(in, user, vars))
		}
		if beside != "" {
			detected = append(detected, beside)
		}
	}
	var all []Detection
	for _, name := range user.providerNames(detected) {
		switch {
		case found != nil && found.Name == name:
			all = append(all, Detection{name, reason})
		case beside == name && user.merged.Providers == nil:
			all = append(all, Detection{name, besideWhy})
		case find(list, name) != nil:
			all = append(all, Detection{name, "named in providers"})
		default:
			return nil, nil, unknownProvider(user, list, name)
		}
	}
	if user.merged.Providers != nil || member {
		return all, nil, nil
	}
	return all, rivals(app(in, user, vars), list, found), nil
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

func unknownProvider(user *userConfig, list []providers.Provider, name string) error {
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
		Hint: nearest.Hint(name, names, fmt.Sprintf("edition %s knows %s", user.edition, strings.Join(names, ", "))),
	}
}

// fromProviders merges the plans of result.Detected, the first winning, and says in result and known how they came about. NoStart
// is as in [providers.Output].
func fromProviders(in Input, user *userConfig, result *Result, known origins, excluded *exclusions) (all plan.Plan, noStart string, err error) {
	var metadata []string
	for i, d := range result.Detected {
		provider := find(in.Providers, d.Provider)
		what := app(in, user, user.vars)
		if i > 0 && what.UserStart == nil && all.Start != nil && user.edition.Has(besideSince) {
			what.UserStart = all.Start.Cmd // it needs nothing to start by itself
		}
		out, err := provider.Plan(what)
		if err != nil {
			return plan.Plan{}, "", fmt.Errorf("planning for %s: %w", d.Provider, err)
		}
		result.Warnings = append(result.Warnings, out.Warnings...)
		noStart = cmp.Or(noStart, out.NoStart)
		result.Chosen = append(result.Chosen, out.Chosen...)
		if out.None {
			continue
		}
		metadata = append(append(metadata, d.Provider), out.Labels...)
		prefix := ""
		if i > 0 {
			prefix = d.Provider
			out = besideFirst(out)
		}
		improved, notes, err := improve(in, user, provider, out, prefix, excluded)
		if err != nil {
			return plan.Plan{}, "", err
		}
		result.Notes = append(result.Notes, notes...)
		result.Warnings = append(result.Warnings, unfixedWarnings(out.Fixes, notes)...)
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
	return all, noStart, nil
}

// besideSince is the first edition in which a provider knows that another one starts the app.
const besideSince = "2026.12"

// besideFirst is a plan for the image of another provider's app, which needs more than the files that this one starts with.
func besideFirst(out providers.Output) providers.Output {
	if out.Plan.Start != nil {
		start := *out.Plan.Start
		start.OnlyIncludeFiles = nil
		out.Plan.Start = &start
	}
	out.BuildOnly = nil
	return out
}

// improve applies the rules of the edition to one provider's plan, whose phases will have the prefix.
func improve(in Input, user *userConfig, provider *providers.Provider, out providers.Output, prefix string, excluded *exclusions) (plan.Plan, []rules.Note, error) {
	install := "install"
	if prefix != "" {
		install = prefix + ":" + install
	}
	subject := rules.Subject{Provider: provider.Name, Plan: out.Plan, BuildOnly: slices.Concat(provider.BuildOnly, out.BuildOnly),
		UserInstall: user.installs(install), UserCommands: user.commands()}
	for _, f := range out.Fixes {
		subject.Fixes = append(subject.Fixes, rules.Fix{Rule: f.Rule, Over: f.Over, Why: f.Why})
	}
	if provider.InstallFiles != nil {
		subject.InstallFiles = func() ([]string, string, error) {
			files, blocker, err := provider.InstallFiles(app(in, user, user.vars))
			return excluded.without(install, files), blocker, err
		}
	}
	if provider.Prebuilt != nil {
		subject.Prebuilt = func() (string, string, error) { return provider.Prebuilt(app(in, user, user.vars)) }
	}
	if provider.Prune != nil {
		subject.Prune = func() (string, string, error) { return provider.Prune(app(in, user, user.vars)) }
	}
	return rules.Apply(user.edition, subject)
}

// unfixedWarnings are the warnings about what no rule has fixed.
func unfixedWarnings(fixes []providers.Fix, notes []rules.Note) []string {
	var warnings []string
	for _, f := range fixes {
		if f.Warning != "" && !slices.ContainsFunc(notes, func(n rules.Note) bool { return n.Rule == f.Rule }) {
			warnings = append(warnings, f.Warning)
		}
	}
	return warnings
}

func app(in Input, user *userConfig, vars plan.Vars) providers.App {
	return providers.App{Tree: in.Tree, Vars: vars, Arch: in.Arch, Edition: user.edition, UserStart: user.start(), Processes: user.processes(),
		Catalogue: user.catalogue, Strict: user.strict, Asked: user.asked()}
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
