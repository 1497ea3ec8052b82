package graph

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// A Secret is a build secret, and the file or the variable that a step has it as. Its content is part of no cache key and of
// no image.
type Secret struct {
	ID     string
	Target string // absolute path of the file; the secret may be missing
	Env    string // name of the variable; the secret must be there

	Fingerprint string // changes with the value; "" without one
}

// Certificates is the PEM bundle of all the authorities that steps may meet, and TrustStore the same for Java, in the
// format JKS: Java reads no PEM.
var (
	Certificates = Secret{ID: "ca-certificates", Target: "/run/npx-action/ca-certificates.crt"}
	TrustStore   = Secret{ID: "ca-certificates-java", Target: "/run/npx-action/ca-certificates.jks"}
)

// Ref is the identifier that the builder asks for the secret by. It holds the fingerprint: so this is in the step's cache key
// and nowhere in the step, where a command could print it.
func (s Secret) Ref() string {
	if s.Fingerprint == "" {
		return s.ID
	}
	return s.ID + "." + s.Fingerprint
}

// Secrets are the secrets that the step has.
func (r Run) Secrets() []Secret {
	var list []Secret
	if r.Certificates {
		list = append(list, Certificates, TrustStore)
	}
	for _, name := range r.Variables {
		list = append(list, Secret{ID: name, Env: name, Fingerprint: r.Fingerprint})
	}
	return list
}

// Secrets are the secrets that the steps have, each once, sorted by [Secret.Ref].
func (g *Graph) Secrets() []Secret {
	var all []Secret
	for _, n := range g.Nodes {
		switch op := n.Op.(type) {
		case Run:
			all = append(all, op.Secrets()...)
		case Release:
			all = append(all, op.Run().Secrets()...)
		}
	}
	slices.SortFunc(all, func(a, b Secret) int { return strings.Compare(a.Ref(), b.Ref()) })
	return slices.Compact(all)
}

// Asked lists the secrets that a phase asks for, sorted, each once.
func Asked(ph plan.Phase) []string {
	return slices.Compact(slices.Sorted(slices.Values(ph.Secrets)))
}

// checkSecrets refuses names that are none of a variable.
func checkSecrets(phase string, names []string) error {
	for _, name := range names {
		if !secretPattern.MatchString(name) {
			return at{phase, "secrets"}.err("use letters, digits and underscores, such as NPM_TOKEN", "%q is no name of a secret", name)
		}
	}
	return nil
}
