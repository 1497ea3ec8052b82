package build

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/secret"
)

// A Secrets holds the values of secrets by name. Nothing prints one.
type Secrets map[string]string

// Add takes a secret. A name that is taken, and a value that is none, are errors with this hint.
func (v Secrets) Add(hint string, s secret.Source, value string) error {
	if _, twice := v[s.Name]; twice {
		return fault.Usage("give each secret once", "the secret %s is given twice", s.Name)
	}
	if err := secret.Check(s.Name, value); err != nil {
		return fault.Usage(hint, "%w", err)
	}
	v[s.Name] = value
	return nil
}

// Values are the values that a guard looks for.
func (v Secrets) Values() []egress.Value {
	var list []egress.Value
	for name, value := range plan.Sorted(v) {
		list = append(list, egress.Value{Kind: "the secret " + name, Text: value})
	}
	return list
}

// askedSecrets are the secrets that phases ask for, with a fingerprint of the values for each phase. It checks that all are given.
func askedSecrets(t target) (asked []string, fingerprints map[string]string, err error) {
	fingerprints = map[string]string{}
	unasked := maps.Clone(t.Secrets)
	for name, ph := range plan.Sorted(t.Plan.Plan.Phases) {
		if len(ph.Cmds) == 0 {
			continue // it runs nothing
		}
		values := map[string]string{}
		for _, s := range graph.Asked(ph) {
			if secret.CheckName(s) != nil {
				continue // the graph refuses it
			}
			value, ok := t.Secrets[s]
			if !ok {
				return nil, nil, fault.Usage("give --secret id="+s+" to take it from the variable "+s+", or the input secrets in CI",
					"phase %s asks for the secret %s, which is not given", name, s)
			}
			values[s] = value
			delete(unasked, s)
			if !slices.Contains(asked, s) {
				asked = append(asked, s)
			}
		}
		if len(values) > 0 {
			fingerprints[name] = secret.Fingerprint(values)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(unasked)) {
		t.Say("warning", `the secret `+s+` is given and no phase asks for it; write secrets = ["`+s+`"] below the phase, such as [phases.install]`)
	}
	return asked, fingerprints, nil
}

// addSecrets gives the builder what the graph's steps ask for.
func addSecrets(t target, req *builder.Request, g *graph.Graph) {
	for _, s := range g.Secrets() {
		if s.Env != "" {
			if req.Secrets == nil {
				req.Secrets = map[string][]byte{}
			}
			req.Secrets[s.Ref()] = []byte(t.Secrets[s.ID])
		}
	}
}

// Guard refuses what holds one of the values.
func (v Secrets) Guard() *egress.Guard { return egress.New(v.Values()) }
