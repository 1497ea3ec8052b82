package graph

import "slices"

// An aside is a phase of a slim image that runs beside the others.
type aside struct {
	phase  string
	below  int      // the node that it stands on
	last   int      // its last node
	layers []string // the absolute directories that it makes
}

// standsAside reports whether a phase of a slim image runs beside the others. Such a phase has layers, sees no file of the app and needs no more
// than packages. No phase depends on it.
func (b *builder) standsAside(name string) bool {
	ph := b.plan.Phases[name]
	if !b.plan.Slim() || len(ph.Layers) == 0 || ph.OnlyIncludeFiles == nil || len(ph.OnlyIncludeFiles) > 0 || len(ph.Cmds) == 0 {
		return false
	}
	for _, other := range b.plan.Phases {
		if slices.Contains(other.DependsOn, name) {
			return false
		}
	}
	return !slices.ContainsFunc(ph.DependsOn, func(d string) bool { return len(b.plan.Phases[d].Cmds)+len(b.plan.Phases[d].Paths) > 0 })
}

// asides adds the phases that run beside the others, each on the packages alone. Then it adds all phases together, where a program is tried that
// does not start in the image.
func (b *builder) asides(packages int) error {
	for _, name := range b.order {
		if !b.standsAside(name) {
			continue
		}
		b.branch(packages)
		if err := b.phase(name, b.plan.Phases[name]); err != nil {
			return err
		}
		b.beside = append(b.beside, aside{name, packages, b.top, directories(b.plan.Phases[name].Layers)})
	}
	if len(b.beside) == 0 {
		return nil
	}
	b.branch(b.built)
	for _, a := range b.beside {
		b.addAside(a)
	}
	if b.path != "" {
		b.add(Node{Part: Start, Name: "set " + pathVariable, Op: Env{On: b.top, Vars: []Var{{pathVariable, b.path}}}})
	}
	return nil
}

// addAside adds what a phase wrote, in layers that are the layers of its steps.
func (b *builder) addAside(a aside) {
	b.add(Node{Part: Start, Name: "add what phase " + a.phase + " wrote", Op: AddDiff{On: b.top, From: a.last, Since: a.below}})
}

// continues goes on from what the phases made that do not stand aside.
func (b *builder) continues() {
	if len(b.beside) > 0 {
		b.branch(b.built)
	}
}

// layersOf adds directories of a node to the image, each in a layer of its own.
func (b *builder) layersOf(phase string, node int, dirs []string) {
	for _, dir := range dirs {
		b.add(Node{Part: Start, Name: "add " + dir + " of phase " + phase, Op: Copy{
			On: b.top, From: Stage, Stage: node, Paths: []Path{{dir, dir}}, Apart: true,
		}})
	}
}
