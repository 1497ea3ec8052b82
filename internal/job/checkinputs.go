package job

import (
	"cmp"
	"errors"
	"strings"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/option"
)

// checkInputs finds mistakes in the inputs that a build takes, also in a job that builds nothing: a pull request shows a mistake that
// would else fail the default branch.
func (j Job) checkInputs() error {
	s := j.settings()
	_, archives := nix.Expressions(nil, nix.Options{Mirror: s.NixMirror, Substituters: s.NixSubstituter, PublicKeys: s.NixPublicKey})
	err := cmp.Or(s.Check(j.env()), archives)
	var setting *nix.Error
	if errors.As(err, &setting) {
		return fault.Usage(setting.Hint, "reading input %s: %s", setting.Key, setting.Problem)
	}
	return asInput(err)
}

// inputNames turn the name of an option in an error into the name of the input.
var inputNames = func() *strings.Replacer {
	var words []string
	for _, o := range option.Inputs() {
		if o.Flag != nil && o.Flag.Name != "" {
			words = append(words, "reading --"+o.Flag.Name+" ", "reading input "+o.Name+" ")
		}
	}
	return strings.NewReplacer(append(words, "reading --", "reading input ",
		"reading CA certificates ", "reading input ca-certificates ", "reading registry mirror ", "reading input registry-mirror ",
		"reading sbom ", "reading input sbom ", "reading provenance ", "reading input provenance ")...)
}()

// asInput lets an error about an option name the input that fills it.
func asInput(err error) error {
	if err == nil {
		return nil
	}
	_, hint := fault.Message(err)
	return fault.New(fault.Status(err), renamedError{err, inputNames.Replace(err.Error())}, hint)
}

// renamedError is an error in other words.
type renamedError struct {
	error
	text string
}

func (r renamedError) Error() string { return r.text }

func (r renamedError) Unwrap() error { return r.error }

// jobPasswords checks the inputs of a job.
func jobPasswords(in ci.Inputs) error {
	for _, o := range option.Inputs() {
		if !o.Address {
			continue
		}
		if err := option.WithoutPasswords("input "+o.Name, o.Texts(in)...); err != nil {
			return err
		}
	}
	for _, l := range in.RegistryAuth {
		if err := option.WithoutPasswords("input registry-auth", l.Registry); err != nil {
			return err
		}
	}
	return nil
}
