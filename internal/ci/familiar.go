package ci

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// aliases are the names by which other actions know inputs of ours: docker/build-push-action, and iloveitaly/github-action-nixpacks.
// What is given by such a name counts, as the other may have a default; of a list, both do.
var aliases = map[string]struct {
	name string
	list bool
}{
	"BUILD-ARGS":   {"ENV", true},
	"GITHUB-TOKEN": {"TOKEN", false},
	"CACHE_TAG":    {"CACHE-REF", false},
}

// Aliases are those names, as action.yml declares them, sorted.
func Aliases() []string {
	var names []string
	for name := range aliases {
		names = append(names, strings.ToLower(name))
	}
	slices.Sort(names)
	return names
}

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
	"NETWORK":          "steps have the builder's network",
	"CGROUP-PARENT":    "limit the builder",
	"SHM-SIZE":         "limit the builder",
	"ULIMIT":           "limit the builder",
	"ECR":              "use password, with what aws ecr get-login-password prints",
	"SCOPE":            "a login is for its registry; with a path in registry it is for that alone",
}

// translate gives inputs of other actions the names that they have here.
func translate(values map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(instead)) {
		if values[name] != "" {
			return fmt.Errorf("reading inputs: there is no input %s: %s", strings.ToLower(name), instead[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(aliases)) {
		value, ours := values[name], aliases[name]
		if value == "" {
			continue
		}
		if ours.list && values[ours.name] != "" {
			value = values[ours.name] + "\n" + value
		}
		values[ours.name] = value
	}
	return nil
}

// Logins are credentials for several registries, a YAML list of registry, username and password as in docker/login-action.
type Logins []Login

// UnmarshalText implements encoding.TextUnmarshaler. Its error holds no text. Logins without a password are dropped: a CI system gives empty
// ones to jobs that may not have them.
func (l *Logins) UnmarshalText(text []byte) error {
	*l = nil
	var all []struct{ Registry, Username, Password string }
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if d.Decode(&all) != nil {
		return errors.New("this is no YAML list of items with registry, username and password")
	}
	for _, one := range all {
		if one.Password != "" {
			*l = append(*l, Login{one.Registry, one.Username, one.Password})
		}
	}
	return nil
}
