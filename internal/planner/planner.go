// Package planner turns an app's files and the user's layers into the finished plan (nixpacks-1.39.md 0).
//
// It is a pure function of its [Input]: it reads no clock, network, environment or file outside the tree.
package planner

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// Input is all that a plan depends on.
type Input struct {
	Tree      *source.Tree
	Env       plan.Vars            // declared with --env
	Config    *config.Explicit     // the file of --config, nil if not given
	JSONPlan  string               // the text of --json-plan, "" if not given
	Flags     config.Flags         // the other options
	Edition   string               // "" for NIXPACKS_EDITION, else the configuration's edition, else the newest
	Arch      string               // as in [providers.App]
	Providers []providers.Provider // nil for [providers.All]
	Catalogue *catalogue.Catalogue // as in [providers.App]
	Strict    bool                 // as in [providers.App]
}

// Result is a finished plan and how it came about.
type Result struct {
	Plan     plan.Plan     // pinned
	Full     *plan.Plan    // the same for a full image, for builders that make no slim ones; nil if Plan is that, or the user asks for a slim one
	Unpruned *plan.Plan    // the same with all that its phases install, for an image that does not start without; nil if Plan is that, or the user prunes
	Edition  rules.Edition // that the plan was made by
	Detected []Detection   // the providers used, in order
	Notes    []rules.Note  // what the rules changed or why they did not, in order
	Origins  []Origin      // of every fact of the plan, in the order of [plan.Facts]
	Warnings []string      // one sentence each, in order of the layers
	NoStart  string        // why nothing is started, as in [providers.Output]; "" if nobody knows or something is

	Tree         *source.Tree // the app: the input's tree, or a sub-directory of it
	Subdirectory string       // of the input's tree, slash-separated; "" if the plan is the root's
	Locks        []string     // lock files of the providers used that exist, relative to Tree, in byte order
	Chosen       []string     // as in [providers.Output], of all providers
	Downloads    []Download   // of archives that nobody but the app's files knows, in the order of Origins
}

// A Detection is a provider that takes part in a plan, and why.
type Detection struct {
	Provider string
	Reason   string // such as "package.json"
}

// maxDepth bounds the search for the app in sub-directories, which a link to its own directory would make endless.
const maxDepth = 32

// Make plans the app. An app that nothing is known about has a plan without phases, as in Nixpacks; [Nothing] says
// more. A mistake in the configuration is a [*config.Error], one in the app's files a [*source.Error] or one of the
// provider's own.
func Make(in Input) (Result, error) {
	if in.Providers == nil {
		in.Providers = providers.All()
	}
	return run(in, nil, 0)
}

// Detect names the providers that a plan would use, in order. Under edition 1.39 sub-directories do not count,
// and neither do the variables of configuration files (nixpacks-1.39.md 1.3, 1.9).
func Detect(in Input) ([]string, error) {
	if in.Providers == nil {
		in.Providers = providers.All()
	}
	user, err := readUserConfig(in, nil)
	if err != nil {
		return nil, err
	}
	var found []Detection
	if user.compat139 {
		found, _, err = detect(in, user, in.Env)
	} else {
		var result Result
		result, err = run(in, nil, 0)
		found = result.Detected
	}
	names := []string{}
	for _, d := range found {
		names = append(names, d.Provider)
	}
	return names, err
}

// Edition is the one that the plan of an app is made by.
func Edition(in Input) (rules.Edition, error) {
	user, err := readUserConfig(in, nil)
	if err != nil {
		return "", err
	}
	return user.edition, nil
}

// run plans in.Tree and, if there is nothing in it, its only sub-directory. Above holds the layers of the directory
// that this one is the only one of.
func run(in Input, above *userConfig, depth int) (Result, error) {
	user, err := readUserConfig(in, above)
	if err != nil {
		return Result{}, err
	}
	if user.wishes, err = readWishes(in, user); err != nil {
		return Result{}, err
	}
	result := Result{Tree: in.Tree, Edition: user.edition, Warnings: user.warnings}
	detected, rivals, err := detect(in, user, user.vars)
	if err != nil {
		return Result{}, err
	}
	result.Detected, result.Warnings = detected, append(result.Warnings, rivals...)
	excluded, err := newExclusions(in.Tree, user.compat139)
	if err != nil {
		return Result{}, err
	}
	known := origins{}
	base, noStart, err := fromProviders(in, user, &result, known, excluded)
	if err != nil {
		return Result{}, err
	}
	base = withManaged(base, in, user, &result, known)
	result.Warnings = append(result.Warnings, user.preferService(base)...)
	granted, err := user.grant(merge(base, user), base, result.Chosen)
	if err != nil {
		return Result{}, err
	}
	result.Warnings = append(result.Warnings, granted.warnings...)
	result.Chosen = append(result.Chosen, granted.chosen...)
	archived, err := withArchive(withoutTwins(granted.plan, granted.base), in, user)
	if err != nil {
		return Result{}, err
	}
	result.Plan = finish(archived, user)
	if visible := excluded.plan(result.Plan); !user.compat139 {
		result.Plan = visible
	}
	if result.Plan.Slim() && !user.merged.Slim() {
		result.Full = new(full(result.Plan, user))
	}
	if result.Plan, err = withStaticBase(result.Plan, in, user, result.Detected, known); err != nil {
		return Result{}, err
	}
	if result.Plan, err = withInit(result.Plan, in, user, result.Detected, known); err != nil {
		return Result{}, err
	}
	result.Plan = withoutParts(result.Plan, in.Tree, user, known)
	result.Plan = withOneBase(result.Plan, user, known)
	result.Unpruned = unprunedPlan(result.Plan, user)
	result.Origins = known.explain(result.Plan, in, user, granted.origins)
	if result.Downloads, err = downloads(in, result.Origins, user.file.Name); err != nil {
		return Result{}, err
	}
	result.Warnings = slices.Concat(result.Warnings, droppedPackages(granted.base, result.Plan, result.Origins), excluded.warnings(), passedOver(in.Tree),
		advise(result.Plan, app(in, user, user.vars), result.Chosen))
	if !user.compat139 && !result.Starts() {
		result.NoStart = noStart
		result.Warnings = append(result.Warnings, startless(noStart)...)
	}
	if len(result.Plan.Phases) > 0 || depth == maxDepth {
		return result, nil
	}
	return retry(in, user, result, depth)
}

// merge lays the layers over the providers' plan.
func merge(base plan.Plan, user *userConfig) plan.Plan {
	p := plan.Merge(base, user.procfile.Plan)
	for _, layer := range user.stack {
		p = plan.Merge(p, layer)
	}
	return p
}

// finish pins a merged plan.
func finish(p plan.Plan, user *userConfig) plan.Plan {
	if len(user.vars) > 0 {
		p.Variables = overlay(p.Variables, user.vars)
	}
	if setup, ok := user.flags.Phases["setup"]; ok && user.compat139 && p.Phases["setup"].NixOverlays == nil {
		// Nixpacks prints the key with those options.
		setup = p.Phases["setup"]
		setup.NixOverlays = []string{}
		p.Phases["setup"] = setup
	}
	p = plan.Pin(p, user.vars.Truthy("DEBIAN"))
	p.Edition = nil
	said := user.merged.Start
	askedFull := !user.compat139 && said != nil && said.Runtime != nil && !p.Slim()
	ownImages := p.Start != nil && (p.Start.RunImage != nil || p.SlimBase() == "") && !user.merged.Slim()
	if askedFull || ownImages {
		return full(p, user) // the rules did not know of the user's runtime and images
	}
	return p
}

// retry plans the only sub-directory, if there is just one, instead of the directory that gave the empty result.
func retry(in Input, user *userConfig, empty Result, depth int) (Result, error) {
	name, err := onlyDirectory(in.Tree, user.compat139)
	if err != nil || name == "" {
		return empty, err
	}
	if in.Tree, err = in.Tree.Sub(name); err != nil {
		return Result{}, err
	}
	result, err := run(in, user, depth+1)
	if err != nil {
		return Result{}, fmt.Errorf("planning sub-directory %s: %w", name, err)
	}
	if !user.compat139 && len(result.Plan.Phases) == 0 {
		return empty, nil
	}
	result.Subdirectory = path.Join(name, result.Subdirectory)
	if user.procfile.Plan.Start != nil && !user.compat139 {
		result.Warnings = append(result.Warnings, fmt.Sprintf("Procfile is ignored, as the app is in %s", name))
	}
	return result, nil
}

// onlyDirectory returns the name of the root's only directory, "" if there are more or none. Nixpacks 1.39 counts
// hidden ones, so that .git decides; an app is never in a hidden one.
func onlyDirectory(tree *source.Tree, compat139 bool) (string, error) {
	entries, err := tree.Entries()
	if err != nil {
		return "", err
	}
	found := ""
	for _, entry := range entries {
		name := entry.Name()
		if !compat139 && strings.HasPrefix(name, ".") || !entry.IsDir() && !tree.HasDir(name) {
			continue
		}
		if found != "" {
			return "", nil
		}
		found = name
	}
	if !tree.HasDir(found) {
		return "", nil // there is no app in .git
	}
	return found, nil
}

// overlay is a new map in which top wins.
func overlay(bottom, top map[string]string) map[string]string {
	all := maps.Clone(bottom)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, top)
	return all
}

// lockFiles returns which of the providers' lock files exist.
func lockFiles(in Input, used []Detection) []string {
	locks := []string{}
	for _, d := range used {
		for _, name := range find(in.Providers, d.Provider).Locks {
			if in.Tree.HasFile(name) {
				locks = append(locks, name)
			}
		}
	}
	slices.Sort(locks)
	return slices.Compact(locks)
}
