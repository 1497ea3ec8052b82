package ci

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/option"
)

// A Credential is a secret that the environment of a job holds, whether its event may use it or not.
type Credential struct {
	Kind  string // what it is, in words that may be shown
	Input string // that gives it, "" if the platform does
	Value string
}

// lent are the variables in which a platform, or a workflow in its place, lends a job its rights. User names are none.
var (
	lent     = lazyregexp.New(`^(ACTIONS_.*TOKEN|CI_.*(TOKEN|PASSWORD|JWT)|(GITHUB|GH|GITLAB)_TOKEN$)`)
	userName = lazyregexp.New(`_(USER|USERNAME|NAME)$`)
)

// Credentials are the secrets of a job, each value once: the inputs that are declared secret, the variables that the input secret-envs names, and
// what the platform lends.
func Credentials(environ map[string]string) []Credential {
	d := dialectOf(environ)
	values := d.values(environ)
	lists := map[string][]string{}
	if d.arrays {
		lists = takeArrays(values)
	}
	var all []Credential
	add := func(kind, input, value string) {
		known := slices.ContainsFunc(all, func(c Credential) bool { return c.Value == value })
		if value != "" && !known {
			all = append(all, Credential{kind, input, value})
		}
	}
	// A value that several inputs give is named after the job's token first, then after a login, then after a secret of phases.
	secret := slices.DeleteFunc(option.Inputs(), func(o option.Option) bool { return !o.Secret })
	slices.Reverse(secret)
	slices.SortStableFunc(secret, func(a, b option.Option) int { return cmp.Compare(a.Kind, b.Kind) })
	for _, o := range secret {
		for _, input := range o.Names() {
			addInput(add, o.Kind, input, values[strings.ToUpper(input)])
		}
	}
	var envs option.Lines
	_ = envs.UnmarshalText([]byte(values["SECRET-ENVS"])) // any text is lines
	for _, pair := range slices.Concat(lists["SECRET-ENVS"], envs) {
		name, variable, _ := strings.Cut(strings.TrimSpace(pair), "=")
		add("the secret "+shownName(name), "secret-envs", environ[variable])
	}
	for _, name := range slices.Sorted(maps.Keys(environ)) {
		if lent.MatchString(name) && !userName.MatchString(name) {
			add("the variable "+name, "", environ[name])
		}
	}
	return all
}

// addInput adds the credentials that the value of a secret input holds. One that cannot be read is one as a whole.
func addInput(add func(kind, input, value string), kind option.Kind, input, value string) {
	switch kind {
	case option.KindLogins:
		var logins option.Logins
		if logins.UnmarshalText([]byte(value)) == nil {
			for _, l := range logins {
				add("a password of the input "+input, input, l.Password)
			}
			return
		}
	case option.KindPairs:
		var pairs option.Pairs
		if pairs.UnmarshalText([]byte(value)) == nil {
			for _, s := range pairs {
				add("the secret "+shownName(s.Name), input, s.Value)
			}
			return
		}
	}
	add("the input "+input, input, value)
}

// shownName is the name of a secret, or a word for a text that is no name: it may be a value in the wrong place.
func shownName(name string) string {
	if variableName.MatchString(name) {
		return name
	}
	return "without a proper name"
}

// SecretFiles is the input secret-files as it is given, NAME=FILE each.
func SecretFiles(environ map[string]string) []string {
	d := dialectOf(environ)
	values := d.values(environ)
	var lists map[string][]string
	if d.arrays {
		lists = takeArrays(values)
	}
	var files option.Lines
	_ = files.UnmarshalText([]byte(values["SECRET-FILES"])) // any text is lines
	return slices.Concat(trimmedItems(lists["SECRET-FILES"]), files)
}

// dialectOf is how the CI system of an environment hands inputs over.
func dialectOf(environ map[string]string) dialect {
	if environ["GITHUB_ACTIONS"] == "true" {
		return githubDialect
	}
	return gitlabDialect
}
