package plan

import (
	"maps"
	"slices"
)

// Clone returns a plan that shares no memory with p that anyone can write to.
func (p Plan) Clone() Plan {
	out := Plan{}
	mergeFields(planFields, &out, p)
	if p.Phases != nil {
		out.Phases = make(map[string]Phase, len(p.Phases))
		for name, phase := range p.Phases {
			out.Phases[name] = mergePhase(Phase{}, phase)
		}
	}
	if p.Start != nil {
		out.Start = mergeStart(Start{}, *p.Start)
	}
	return out
}

// Merge lays b over a (nixpacks-1.39.md 1.2). What b sets wins, except that "..." and "@auto" in a list of b stand
// for themselves and all of a's list, see [Fill]. A phase that only b has depends on setup if it is called install
// and on install if it is called build, unless it says otherwise; this needs a to have phases, at least an empty
// map. The result always has a phase map.
func Merge(a, b Plan) Plan {
	out := a.Clone()
	mergeFields(planFields, &out, b)
	if out.Phases == nil {
		if out.Phases = b.Clone().Phases; out.Phases == nil {
			out.Phases = map[string]Phase{}
		}
	} else {
		for name, phase := range b.Phases {
			base, ok := out.Phases[name]
			if !ok {
				base = newPhase(name)
			}
			out.Phases[name] = mergePhase(base, phase)
		}
	}
	if b.Start != nil {
		base := Start{}
		if out.Start != nil {
			base = *out.Start
		}
		out.Start = mergeStart(base, *b.Start)
	}
	return out
}

func newPhase(name string) Phase {
	switch name {
	case "install":
		return Phase{DependsOn: []string{"setup"}}
	case "build":
		return Phase{DependsOn: []string{"install"}}
	}
	return Phase{}
}

func mergePhase(a, b Phase) Phase {
	mergeFields(phaseFields, &a, b)
	return a
}

func mergeStart(a, b Start) *Start {
	mergeFields(startFields, &a, b)
	return &a
}

// mergeFields lays the fields of src over the fields of dst. It replaces what dst holds and never writes through it.
func mergeFields[T any](fields []field[T], dst *T, src T) {
	for _, f := range fields {
		switch {
		case f.text != nil:
			if s := *f.text(&src); s != nil {
				*f.text(dst) = new(*s)
			}
		case f.list != nil:
			*f.list(dst) = Fill(*f.list(dst), *f.list(&src))
		default:
			*f.dict(dst) = union(*f.dict(dst), *f.dict(&src))
		}
	}
}

func union(a, b map[string]string) map[string]string {
	if a == nil {
		return maps.Clone(b)
	}
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// Fill puts repl in the place of orig (nixpacks-1.39.md 1.2). Each element of repl that is "..." or "@auto" is
// followed by all of orig; it stays, so that a later Fill fills at the same place again, until [Pin] removes it.
// A nil repl changes nothing. The result is new memory, and nil only if both are nil.
func Fill(orig, repl []string) []string {
	if repl == nil {
		return slices.Clone(orig)
	}
	out := make([]string, 0, len(repl))
	for _, s := range repl {
		out = append(out, s)
		if isToken(s) {
			out = append(out, orig...)
		}
	}
	return out
}

// tokens are the list elements that stand for what the lower layers say.
var tokens = [...]string{"...", "@auto"}

func isToken(s string) bool { return slices.Contains(tokens[:], s) }

// Prefix renames every phase of p to "provider:phase", in dependsOn too, as is done to the plans of the second and
// later providers (nixpacks-1.39.md 1.3).
func Prefix(p Plan, provider string) Plan {
	out := p.Clone()
	if out.Phases == nil {
		return out
	}
	phases := make(map[string]Phase, len(out.Phases))
	for name, phase := range out.Phases {
		for i, d := range phase.DependsOn {
			phase.DependsOn[i] = provider + ":" + d
		}
		phases[provider+":"+name] = phase
	}
	out.Phases = phases
	return out
}
