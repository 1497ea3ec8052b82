package providers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// crystalProvider follows nixpacks-1.39.md 3.1.
var crystalProvider = Provider{
	Name:         "crystal",
	Looks:        shardFile,
	Detect:       func(app App) (string, error) { return firstFile(app, shardFile), nil },
	Plan:         planCrystal,
	InstallFiles: crystalInstallFiles,
	Locks:        []string{shardLock, shardFile},
	BuildOnly:    []string{"crystal", "shards"},

	Language: Language{
		Manifests: []Manifest{{File: shardFile, Locks: []string{shardLock}}},
		Lockfiles: []Lockfile{{shardLock, Unread}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Crystal", Packages: patterns(`^crystal$`)}},
		Programs:  []string{},
	},
}

const (
	shardFile     = "shard.yml"
	shardLock     = "shard.lock"
	shardOverride = "shard.override.yml"
)

// A shard holds the keys of shard.yml and shard.override.yml that count.
type shard struct {
	Name            string                    `yaml:"name"`
	Targets         map[string]map[string]any `yaml:"targets"`
	Dependencies    map[string]map[string]any `yaml:"dependencies"`
	DevDependencies map[string]map[string]any `yaml:"development_dependencies"`
}

func planCrystal(app App) (Output, error) {
	var s shard
	if err := app.Tree.YAML(shardFile, &s); err != nil {
		return Output{}, err
	}
	if app.findsPrograms() && len(s.Targets) == 0 && s.Name != "" {
		return planShard(app)
	}
	target, why, err := s.target(app)
	if err != nil && app.UserStart != nil && s.Name != "" {
		return planShard(app, "shards build")
	}
	if err != nil {
		return Output{}, err
	}
	setup, reasons, warnings, err := languageSetup(app, "Crystal", "shards")
	if err != nil {
		return Output{}, err
	}
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   setup,
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"shards install"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"shards build"}},
			},
			Start: &plan.Start{Cmd: new("./bin/" + target)},
		},
		Warnings: warnings,
		Reasons:  append(reasons, why.decided("start", "cmd", "")),
	}
	if names := slices.Sorted(maps.Keys(s.Targets)); len(names) > 1 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s has the targets %s; %s is started", shardFile, strings.Join(names, ", "), target))
	}
	if len(s.Dependencies)+len(s.DevDependencies) > 0 {
		out.Warnings = append(out.Warnings, noLockfile(app, shardLock)...)
	}
	return out, nil
}

// planShard is the plan of a shard that others use, or whose program the user starts.
func planShard(app App, build ...string) (Output, error) {
	setup, reasons, warnings, err := languageSetup(app, "Crystal", "shards")
	return Output{
		Plan: plan.Plan{Phases: map[string]plan.Phase{
			"setup":   setup,
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"shards install"}},
			"build":   {DependsOn: []string{"install"}, Cmds: build},
		}},
		Warnings: warnings,
		Reasons:  reasons,
		NoStart:  noService(shardFile+" has no targets", aLibrary),
	}, err
}

// target returns the target to start: the one that is named like the shard, else the first in byte order. Nixpacks
// takes any.
func (s shard) target(app App) (string, cause, error) {
	names := slices.Sorted(maps.Keys(s.Targets))
	switch {
	case s.Name == "":
		return "", cause{}, &source.Error{Op: "reading", Name: shardFile, Err: errors.New("the shard has no name"), Hint: "shards needs one"}
	case len(names) == 0:
		return "", cause{}, &source.Error{
			Op: "reading", Name: shardFile, Err: errors.New("there is no target to start"),
			Hint: "name one, such as targets: {app: {main: src/app.cr}}",
		}
	}
	name, why := names[0], "it is the only target"
	if len(names) > 1 {
		why = "it is the first target in byte order"
		if slices.Contains(names, s.Name) {
			name, why = s.Name, "the target is named like the shard"
		}
	}
	if !asciiProgramName.MatchString(name) {
		return "", cause{}, &source.Error{
			Op: "reading", Name: shardFile, Line: app.Tree.Line(shardFile, name),
			Err: fmt.Errorf("%.60q is no name for a program", name), Hint: "use letters, digits and any of _.+-",
		}
	}
	return name, byLine(app, shardFile, name+":", why), nil
}

// crystalInstallFiles lists what `shards install` reads.
func crystalInstallFiles(app App) (files []string, blocker string, err error) {
	if app.Vars["SHARDS_OVERRIDE"] != "" {
		return nil, "the variable SHARDS_OVERRIDE names a file that the install reads", nil
	}
	if app.Tree.HasDir("lib") {
		return nil, "lib holds shards that the install looks at", nil
	}
	for _, name := range presentFiles(app, shardFile, shardOverride) {
		var s shard
		if err := app.Tree.YAML(name, &s); err != nil {
			return nil, unread(name, err), nil
		}
		for _, list := range []map[string]map[string]any{s.Dependencies, s.DevDependencies} {
			for dependency, from := range plan.Sorted(list) {
				if !remoteShard(from) {
					return nil, fromPath(name, dependency), nil
				}
			}
		}
	}
	return presentFiles(app, shardLock, shardOverride, shardFile), "", nil
}

// shardHosts are the keys by which a dependency comes from a well-known host, and shardRepositories those by which it
// comes from an address.
var (
	shardHosts        = []string{"bitbucket", "codeberg", "github", "gitlab"}
	shardRepositories = []string{"fossil", "git", "hg"}
)

func remoteShard(from map[string]any) bool {
	for _, key := range shardHosts {
		if _, ok := from[key]; ok {
			return true
		}
	}
	for _, key := range shardRepositories {
		if address, ok := from[key]; ok {
			return isRemote(address)
		}
	}
	return false
}
