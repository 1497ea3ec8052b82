package graph

import (
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// phases adds the phases in the order in which they run, then their part of the login profile.
func (b *builder) phases() error {
	b.path = b.plan.Variables[pathVariable]
	packages := b.top
	for _, name := range b.order {
		if b.standsAside(name) {
			continue
		}
		if err := b.phase(name, b.plan.Phases[name]); err != nil {
			return err
		}
	}
	b.built = b.top
	if err := b.asides(packages); err != nil {
		return err
	}
	if !b.plan.Slim() {
		b.profile()
	}
	return nil
}

// profile makes login shells find the programs of all phases.
func (b *builder) profile() {
	var lines string
	for _, name := range b.order {
		if paths := b.plan.Phases[name].Paths; len(paths) > 0 {
			lines += `\nPATH=` + strings.Join(paths, ":") + `:$PATH`
		}
	}
	if lines != "" {
		// No quote, backslash or percent sign is in a checked path.
		b.run(Node{Part: Profile, Name: "extend PATH"}, Run{Command: "printf '" + lines + "' >> " + profileFile})
	}
}

// phase adds one phase. A phase that neither runs a command nor adds a path does nothing, not even copy files.
func (b *builder) phase(name string, ph plan.Phase) error {
	if len(ph.Cmds) == 0 && len(ph.Paths) == 0 {
		return nil
	}
	node := Node{Part: Phase, Phase: name}
	if err := b.env(node, at{name, "paths"}, ph.Paths); err != nil {
		return err
	}
	include := []string{"."}
	if ph.OnlyIncludeFiles != nil {
		var err error
		if include, err = appPaths(at{name, "onlyIncludeFiles"}, ph.OnlyIncludeFiles); err != nil {
			return err
		}
	}
	b.copy(node, include)
	var caches []Cache
	if !b.opt.NoCache {
		var err error
		if caches, err = mounts(at{name, "cacheDirectories"}, b.opt.CacheKey, ph.CacheDirectories); err != nil {
			return err
		}
	}
	if b.plan.Slim() && len(ph.PruneCmds)+len(ph.Layers) > 0 && !b.standsAside(name) {
		defer func() { b.prunes = append(b.prunes, prune{name, b.top, ph.PruneCmds, directories(ph.Layers)}) }()
	}
	for _, cmd := range ph.Cmds {
		b.run(node, Run{Command: cmd, Caches: caches, Tidy: b.tidy, Variables: Asked(ph), Fingerprint: b.opt.Fingerprints[name]})
	}
	return nil
}

const pathVariable = "NIXPACKS_PATH"

// env puts paths in front of NIXPACKS_PATH, which the base image's profile puts in front of PATH.
func (b *builder) env(node Node, a at, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	value := make([]string, 0, len(paths)+1)
	for _, p := range paths {
		s, err := expand(a, p, b.plan.Variables)
		if err != nil {
			return err
		}
		value = append(value, s)
	}
	if b.path != "" {
		value = append(value, b.path)
	}
	b.path = strings.Join(value, ":")
	node.Name = "set " + pathVariable
	node.Op = Env{On: b.top, Vars: []Var{{pathVariable, b.path}}}
	b.add(node)
	return nil
}
