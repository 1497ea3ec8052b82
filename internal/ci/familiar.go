package ci

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/option"
)

// instead are inputs of the docker organisation's actions that would have built something else, and what there is instead. Those that have
// no effect here (pull, logout: bases are always looked up, and credentials never stored) are passed over, as runners warn of them.
var instead = map[string]string{
	"FILE":             "there is no Dockerfile; the input config names a nixpacks.toml",
	"TARGET":           "there are no stages to choose from; the input runtime says what the image holds",
	"BUILD-CONTEXTS":   "an image is built of the app in the input context",
	"CALL":             "the input mode: plan builds nothing",
	"OUTPUTS":          "use push and load",
	"CACHE-TO":         "use cache-ref and cache-write",
	"NO-CACHE-FILTERS": "use no-cache, for all steps",
	"ATTESTS":          "use sbom and provenance",
	"SSH":              "steps reach no agent; give a token as one of the secrets",
	"ALLOW":            "steps have no more rights than BuildKit gives all",
	"NETWORK":          "steps have a network of their own where the builder can give one; see step-network",
	"CGROUP-PARENT":    "limit the builder",
	"SHM-SIZE":         "limit the builder",
	"ULIMIT":           "limit the builder",
	"ECR":              "use password, with what aws ecr get-login-password prints",
	"SCOPE":            "a login is for its registry; with a path in registry it is for that alone",
}

// translate gives inputs of other actions the names that they have here. What is given by such a name counts, as the other may have a default;
// of a list, both do.
func translate(values map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(instead)) {
		if values[name] != "" {
			return fmt.Errorf("reading inputs: there is no input %s: %s", strings.ToLower(name), instead[name])
		}
	}
	for _, o := range option.Inputs() {
		name := strings.ToUpper(o.Name)
		for _, a := range o.Aliases {
			value := values[strings.ToUpper(a.Name)]
			if value == "" {
				continue
			}
			if o.Kind.List() && values[name] != "" {
				value = values[name] + "\n" + value
			}
			values[name] = value
		}
	}
	return nil
}
