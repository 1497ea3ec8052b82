package build

import (
	"slices"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

// A Network says which network the steps of a build get. The zero value is the machine's.
type Network struct {
	Own          bool // one of their own where the builder can give one, unless they may have to reach a loopback address
	RefuseShared bool // one of their own, and no builder that cannot give one
}

// loopbackHost finds a loopback address in a text, such as a URL.
var loopbackHost = lazyregexp.New(`(?:^|[/@=])(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?:[:/]|$)`)

// onLoopback reports whether a build uses an address that is another one in a network of the steps' own, or in that of a builder's container.
// Mirrors are mirrors of registries.
func onLoopback(spec Spec, mirrors map[string]string) bool {
	nix := spec.Steps.Nix
	texts := slices.Concat(spec.Image.Names, nix.Substituters, spec.Cache.From, []string{nix.Mirror, spec.Cache.Scope.Repository})
	for _, mirror := range mirrors { // in any order
		texts = append(texts, mirror)
	}
	for _, value := range plan.Sorted(spec.Apps[0].Plan.Plan.Variables) {
		texts = append(texts, value)
	}
	return slices.ContainsFunc(texts, loopbackHost.MatchString) ||
		slices.ContainsFunc(spec.Steps.Hosts, func(h lower.Host) bool { return h.Address.IsLoopback() })
}

// withNetwork are the options of a builder that gives the steps of a spec their network.
func withNetwork(o builder.Options, n Network, spec Spec, mirrors map[string]string) builder.Options {
	o.RefuseShared = n.RefuseShared
	if n.RefuseShared || n.Own && !onLoopback(spec, mirrors) {
		o.Network = builder.OwnNetwork
	}
	return o
}
