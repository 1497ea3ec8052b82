// Package ci reads what a CI system tells a job: its inputs, its event and whom to trust. It writes back
// outputs, a summary and messages. It takes the environment as a value.
package ci

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caarlos0/env/v10"

	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/reserved"
)

// Inputs are the options of a job, under the same names in action.yml, the GitLab component and the documentation.
// GitHub hands "cache-ref" over as INPUT_CACHE-REF, GitLab's component as NPX_CACHE_REF.
type Inputs struct {
	option.Plan
	option.Build
	option.Job
}

// Discover is the mode in which a job only finds the apps of a repository.
const Discover = "discover"

// An InputError is a value that an input does not take: wrong usage.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// maxName bounds the name of an app in bytes, so that it fits into a heading.
const maxName = 100

// A dialect is how a CI system hands inputs over.
type dialect struct {
	prefix string              // of the variables
	name   func(string) string // of an input, from the rest of its variable's name
	arrays bool                // a list may be a JSON array of strings
}

var (
	githubDialect = dialect{prefix: reserved.GitHubInputs, name: func(s string) string { return s }}
	gitlabDialect = dialect{prefix: reserved.GitLabInputs, name: func(s string) string { return strings.ReplaceAll(s, "_", "-") }, arrays: true}
)

// values are the inputs that are given, by their names in upper case.
func (d dialect) values(environ map[string]string) map[string]string {
	values := map[string]string{}
	for key, value := range environ {
		rest, ok := strings.CutPrefix(key, d.prefix)
		name := d.name(rest)
		if value = tidy(name, value); ok && value != "" {
			values[name] = value
		}
	}
	return values
}

// parseInputs reads the variables of a dialect.
func parseInputs(environ map[string]string, d dialect) (Inputs, error) {
	values := d.values(environ)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !utf8.ValidString(values[name]) {
			return Inputs{}, &InputError{fmt.Errorf("reading input %s: it is not UTF-8", strings.ToLower(name))}
		}
	}
	var lists map[string][]string
	if d.arrays {
		lists = takeArrays(values)
	}
	if err := translate(values); err != nil {
		return Inputs{}, &InputError{err}
	}
	var in Inputs
	if err := env.ParseWithOptions(&in, env.Options{Environment: values}); err != nil {
		return Inputs{}, &InputError{inputError(err)}
	}
	in.addArrays(lists)
	if err := checkVariables(in.Env); err != nil {
		return Inputs{}, &InputError{err}
	}
	if err := in.checkValues(); err != nil {
		return Inputs{}, &InputError{err}
	}
	if len(in.Name) > maxName || strings.ContainsFunc(in.Name, unicode.IsControl) {
		return Inputs{}, &InputError{fmt.Errorf("reading input name: it is not one line of at most %d bytes", maxName)}
	}
	if in.Password != "" && len(in.RegistryAuth) > 0 {
		return Inputs{}, &InputError{errors.New("reading inputs: give password or registry-auth, and not both")}
	}
	return in, nil
}

// checkValues refuses a text that is none of the values of its input.
func (in Inputs) checkValues() error {
	for _, o := range option.Inputs() {
		if value := strings.Join(o.Texts(in), ""); o.Values != nil && !slices.Contains(o.Values, value) {
			return fmt.Errorf("reading input %s: %q is none of %s", o.Name, value, strings.Join(o.Values, ", "))
		}
	}
	return nil
}

// tidy is the value of an input without white space at its ends, as GitHub's toolkit reads it: a token that was pasted ends in a line
// break.
func tidy(name, value string) string {
	text := strings.TrimSpace(value)
	o := byName[name]
	switch {
	case text != "" && o.Kind.Verbatim():
		return value
	case o.TakesTruth():
		return option.Truth(text)
	}
	return text
}

// byName are the options of jobs by their names in upper case.
var byName = func() map[string]option.Option {
	all := map[string]option.Option{}
	for _, o := range option.Inputs() {
		all[strings.ToUpper(o.Name)] = o
	}
	return all
}()

// inputError is the first error of the library, with the name of the input in place of Go's.
func inputError(err error) error {
	var field env.ParseError
	var all env.AggregateError
	if errors.As(err, &all) {
		for _, one := range all.Errors {
			if errors.As(one, &field) {
				break
			}
		}
	}
	f, ok := reflect.TypeFor[Inputs]().FieldByName(field.Name)
	if !ok {
		return fmt.Errorf("reading inputs: %w", err)
	}
	name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
	return fmt.Errorf("reading input %s: %w", strings.ToLower(name), field.Err)
}

// inCheckout makes the paths of the app and its configuration relative. An expression such as ${{ github.workspace }}/api gives an
// absolute path of the checkout.
func (in Inputs) inCheckout(dir string) Inputs {
	context := relativeTo(dir, in.Context)
	if config := relativeTo(dir, in.Config); config != in.Config {
		if rel, err := filepath.Rel(context, config); err == nil {
			in.Config = filepath.ToSlash(rel)
		}
	}
	in.Context = context
	return in
}

// relativeTo is an absolute path in dir as one that is relative to dir; any other path stays as it is.
func relativeTo(dir, name string) string {
	if dir == "" || !filepath.IsAbs(name) {
		return name
	}
	rel, err := filepath.Rel(filepath.Clean(dir), filepath.Clean(name))
	if err != nil || !filepath.IsLocal(rel) {
		return name
	}
	return filepath.ToSlash(rel)
}
