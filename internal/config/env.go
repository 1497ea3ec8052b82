package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// ParseEnv reads the arguments of --env (nixpacks-1.39.md 1.6): NAME=VALUE, or NAME or NAME= to take the value from lookup.
// It is for the person who types the names. A job uses [Declared], since a repository may choose the names there.
// A later argument wins over an earlier one. The warnings name variables, never their values.
func ParseEnv(args []string, lookup func(name string) (string, bool)) (plan.Vars, []string) {
	vars := plan.Vars{}
	var warnings []string
	for _, arg := range args {
		name, value := splitEnv(arg)
		if value == "" {
			inherited, ok := lookup(name)
			if !ok {
				warnings = append(warnings, fmt.Sprintf("--env %s: ignored, as no value is given and the environment has none", name))
				continue
			}
			value = inherited
		} else if !strings.HasPrefix(arg, name+"=") {
			warnings = append(warnings, fmt.Sprintf("--env %s: all after the name is the value, as a name has only letters, digits, _ and -", name))
		}
		vars[name] = value
	}
	return vars, warnings
}

// Declared reads variables that are all NAME=VALUE, as the inputs of a job are. NAME= is an empty value, and so is a name alone:
// the names may be a repository's choice, and the environment of a job holds its credentials.
// A later pair wins over an earlier one.
func Declared(pairs []string) plan.Vars {
	vars := plan.Vars{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		vars[name] = value
	}
	return vars
}

// splitEnv cuts at the first character that is not of a name, and drops it if it is an equals sign.
func splitEnv(arg string) (name, value string) {
	rest := strings.TrimLeft(arg, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
	return strings.TrimSuffix(arg, rest), strings.TrimPrefix(rest, "=")
}

// Environment is the layer of the NIXPACKS_ variables that no single provider owns (nixpacks-1.39.md 1.5).
func Environment(vars plan.Vars, compat139 bool) plan.Plan {
	phases := map[string]plan.Phase{}
	if setup, ok := setupPhase(vars); ok {
		phases["setup"] = setup
	}
	for _, name := range []string{"install", "build"} {
		if phase, ok := commandPhase(vars, name, compat139); ok {
			phases[name] = phase
		}
	}
	p := plan.Plan{Phases: phases}
	if cmd, ok := command(vars, "START_CMD", compat139); ok {
		p.Start = &plan.Start{Cmd: &cmd}
	}
	return p
}

func setupPhase(vars plan.Vars) (phase plan.Phase, ok bool) {
	if s, given := vars.Config("PKGS"); given {
		phase.NixPkgs, ok = append(words(s), "..."), true
	}
	if s, given := vars.Config("APT_PKGS"); given {
		phase.AptPkgs, ok = append(words(s), "..."), true
	}
	if s, given := vars.Config("LIBS"); given {
		// Only single spaces separate here, and empty elements stay.
		phase.NixLibs, ok = append(strings.Split(s, " "), "..."), true
	}
	return phase, ok
}

// commandPhase is the phase install or build with its command replaced.
func commandPhase(vars plan.Vars, name string, compat139 bool) (plan.Phase, bool) {
	prefix := strings.ToUpper(name)
	cmd, ok := command(vars, prefix+"_CMD", compat139)
	if !ok {
		return plan.Phase{}, false
	}
	phase := plan.Phase{DependsOn: dependsOn(name, compat139), Cmds: []string{cmd}}
	if dirs, given := vars.Config(prefix + "_CACHE_DIRS"); given {
		phase.CacheDirectories = words(dirs)
		slices.Sort(phase.CacheDirectories)
		phase.CacheDirectories = slices.Compact(phase.CacheDirectories)
	}
	return phase, true
}

// command reads a shell command. Nixpacks 1.39 deletes the line breaks inside it, gluing words together.
func command(vars plan.Vars, name string, compat139 bool) (string, bool) {
	if compat139 {
		return vars.Config(name)
	}
	s, ok := vars["NIXPACKS_"+name]
	return strings.TrimRight(s, "\n"), ok
}

// dependsOn is what a layer that replaces a phase's command says about the order. Nixpacks 1.39 also replaces the
// provider's own order; leaving it out keeps that, and the merge has the same default for a new phase.
func dependsOn(phase string, compat139 bool) []string {
	switch {
	case !compat139:
		return nil
	case phase == "install":
		return []string{"setup"}
	default:
		return []string{"install"}
	}
}

// words splits at spaces and commas. The result is never nil.
func words(s string) []string {
	split := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	return append([]string{}, split...)
}

// Misplaced warns about variables that act only when declared with --env but stand in a file's variables,
// where they do nothing but reach the image (nixpacks-1.39.md 6.1, item 5).
func Misplaced(declared, all plan.Vars) []string {
	var warnings []string
	for _, name := range []string{
		"APT_PKGS", "BUILD_CACHE_DIRS", "BUILD_CMD", "CONFIG_FILE", "EDITION", "INSTALL_CACHE_DIRS", "INSTALL_CMD", "LIBS", "NO_CACHE", "PKGS", "START_CMD",
	} {
		name = "NIXPACKS_" + name
		_, inDeclared := declared[name]
		if _, inAll := all[name]; inAll && !inDeclared {
			warnings = append(warnings, name+" in [variables] has no effect on the plan; declare it with --env")
		}
	}
	return warnings
}
