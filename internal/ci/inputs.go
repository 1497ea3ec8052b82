// Package ci reads what a CI system tells a job: its inputs, its event and whom to trust. It writes back
// outputs, a summary and messages. It takes the environment as a value and imports nothing of ours.
package ci

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caarlos0/env/v10"
)

// Inputs are the settings of a job, under the same names in action.yml, the GitLab component and the README.
// GitHub hands "cache-ref" over as INPUT_CACHE-REF, GitLab's component as NPX_CACHE_REF.
type Inputs struct {
	Mode           string `env:"MODE" envDefault:"auto"`
	Affected       Bool   `env:"AFFECTED" envDefault:"true"`
	Context        string `env:"CONTEXT" envDefault:"."`
	Config         string `env:"CONFIG"`
	Edition        string `env:"EDITION"`
	Runtime        string `env:"RUNTIME"`
	Env            Lines  `env:"ENV"`
	Secrets        Pairs  `env:"SECRETS"`
	SecretEnvs     Lines  `env:"SECRET-ENVS"`
	SecretFiles    Lines  `env:"SECRET-FILES"`
	Pkgs           Words  `env:"PKGS"`
	Apt            Words  `env:"APT"`
	Libs           Words  `env:"LIBS"`
	InstallCmd     string `env:"INSTALL-CMD"`
	BuildCmd       string `env:"BUILD-CMD"`
	StartCmd       string `env:"START-CMD"`
	Platforms      Words  `env:"PLATFORMS"`
	Images         Lines  `env:"IMAGES"`
	Tags           Lines  `env:"TAGS"`
	Flavor         Lines  `env:"FLAVOR"`
	Labels         Lines  `env:"LABELS"`
	Annotations    Lines  `env:"ANNOTATIONS"`
	Push           string `env:"PUSH" envDefault:"auto"`
	Registry       string `env:"REGISTRY"`
	Username       string `env:"USERNAME"`
	Password       string `env:"PASSWORD"`
	RegistryAuth   Logins `env:"REGISTRY-AUTH"`
	Load           Bool   `env:"LOAD" envDefault:"false"`
	NoCache        Bool   `env:"NO-CACHE" envDefault:"false"`
	Cache          Bool   `env:"CACHE" envDefault:"true"`
	CacheFrom      Lines  `env:"CACHE-FROM"`
	CacheRef       string `env:"CACHE-REF"`
	CacheWrite     string `env:"CACHE-WRITE" envDefault:"auto"`
	Promote        string `env:"PROMOTE" envDefault:"auto"`
	Smoke          string `env:"SMOKE" envDefault:"auto"`
	PackageCache   string `env:"PACKAGE-CACHE" envDefault:"auto"`
	PackageSkip    Lines  `env:"PACKAGE-CACHE-SKIP"`
	PackageLimit   string `env:"PACKAGE-CACHE-LIMIT" envDefault:"1GiB"`
	Comment        string `env:"COMMENT" envDefault:"auto"`
	CommentKey     string `env:"COMMENT-KEY"`
	Token          string `env:"TOKEN"`
	BaseRef        string `env:"BASE-REF"`
	BuildkitHost   Lines  `env:"BUILDKIT-HOST"`
	Builder        string `env:"BUILDER"`
	AddHosts       Words  `env:"ADD-HOSTS"`
	Reproducible   Bool   `env:"REPRODUCIBLE" envDefault:"false"`
	SBOM           string `env:"SBOM"`
	Provenance     string `env:"PROVENANCE"`
	NixMirror      string `env:"NIX-MIRROR"`
	RegistryMirror Lines  `env:"REGISTRY-MIRROR"`
	CACertificates string `env:"CA-CERTIFICATES"`
}

// Discover is the mode in which a job only finds the apps of a repository.
const Discover = "discover"

// An InputError is a value that an input does not take: wrong usage.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// Lines is a list, one item a line; blank lines and lines that start with # are dropped, blanks around items too. A JSON array
// of strings is such a list as well: that is how GitLab puts a list into a variable.
type Lines []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Lines) UnmarshalText(text []byte) error {
	*l = nil
	if items, ok := array(text); ok {
		for _, item := range items {
			if item = strings.TrimSpace(item); item != "" {
				*l = append(*l, item)
			}
		}
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			*l = append(*l, line)
		}
	}
	return nil
}

// array reads a JSON array of strings.
func array(text []byte) (items []string, ok bool) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) || json.Unmarshal(text, &items) != nil {
		return nil, false
	}
	return items, true
}

// Words is a list separated by newlines, commas or blanks, or a JSON array of strings.
type Words []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *Words) UnmarshalText(text []byte) error {
	if items, ok := array(text); ok {
		text = []byte(strings.Join(items, "\n"))
	}
	*w = strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	return nil
}

// Bool takes what GitHub's toolkit takes: true, True, TRUE, false, False and FALSE.
type Bool bool

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *Bool) UnmarshalText(text []byte) error {
	switch string(text) {
	case "true", "True", "TRUE":
		*b = true
	case "false", "False", "FALSE":
		*b = false
	default:
		return fmt.Errorf("%q is neither true nor false", text)
	}
	return nil
}

// choices are the inputs that take one of a few words.
var choices = map[string][]string{
	"mode":        {"auto", "plan", "build", Discover},
	"push":        {"auto", "true", "false"},
	"comment":     {"auto", "always", "on-change", "never"},
	"cache-write": {"auto", "always", "never"},
	"promote":     {"auto", "never"},
	"smoke":       {"auto", "always", "never"},

	"package-cache": {"auto", "registry", "mount", "off"},
}

// parseInputs reads the variables that start with prefix. name turns the rest of a variable's name into an input's.
func parseInputs(environ map[string]string, prefix string, name func(string) string) (Inputs, error) {
	values := map[string]string{}
	for key, value := range environ {
		if rest, ok := strings.CutPrefix(key, prefix); ok && value != "" {
			values[name(rest)] = value
		}
	}
	if err := translate(values); err != nil {
		return Inputs{}, &InputError{err}
	}
	var in Inputs
	if err := env.ParseWithOptions(&in, env.Options{Environment: values}); err != nil {
		return Inputs{}, &InputError{fmt.Errorf("reading inputs: %w", err)}
	}
	given := map[string]string{"mode": in.Mode, "push": in.Push, "comment": in.Comment, "cache-write": in.CacheWrite, "promote": in.Promote, "smoke": in.Smoke,
		"package-cache": in.PackageCache}
	for _, input := range slices.Sorted(maps.Keys(choices)) {
		if !slices.Contains(choices[input], given[input]) {
			return Inputs{}, &InputError{fmt.Errorf("reading input %s: %q is none of %s",
				input, given[input], strings.Join(choices[input], ", "))}
		}
	}
	if in.Password != "" && len(in.RegistryAuth) > 0 {
		return Inputs{}, &InputError{errors.New("reading inputs: give password or registry-auth, and not both")}
	}
	return in, nil
}
