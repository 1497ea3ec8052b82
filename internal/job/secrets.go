package job

import (
	"errors"
	"strings"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/secret"
)

// secretHint says how a secret is given.
const secretHint = "give NAME=VALUE in secrets, NAME=VARIABLE in secret-envs, or NAME=FILE in secret-files"

// readSecrets reads and masks the secrets of the inputs. A job without the right to have them has none, and one that is given an empty
// variable does not have that.
func (j Job) readSecrets() (build.Secrets, error) {
	v := build.Secrets{}
	if !j.Event.Rights(j.Inputs).Secrets.Allowed {
		return v, nil
	}
	for _, s := range j.Inputs.Secrets {
		j.Sink.Mask(s.Value)
		if err := secret.CheckName(s.Name); err != nil {
			return nil, fault.Usage(secretHint, "reading input secrets: %w", err)
		}
		if err := v.Add(secretHint, secret.Source{Name: s.Name}, s.Value); err != nil {
			return nil, err
		}
	}
	for _, list := range []struct {
		input string
		pairs []string
		key   string
	}{{"secret-envs", j.Inputs.SecretEnvs, "env"}, {"secret-files", j.Inputs.SecretFiles, "src"}} {
		for _, pair := range list.pairs {
			s, err := secretSource(list.key, pair)
			if err != nil {
				return nil, fault.Usage(secretHint, "reading input %s: %w", list.input, err)
			}
			if value, _ := j.env().Lookup(s.Env); s.Env != "" && value == "" {
				continue
			}
			value, err := s.Read(j.env().Lookup, func(name string) ([]byte, error) {
				return checkout.ReadFile(j.checkout(), name, secret.MaxLength)
			})
			j.Sink.Mask(value)
			if err != nil {
				return nil, fault.Usage(secretHint, "%w", err)
			}
			if err := v.Add(secretHint, s, value); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// secretSource reads NAME=PLACE; key says what the place is, env or src.
func secretSource(key, pair string) (secret.Source, error) {
	name, place, _ := strings.Cut(pair, "=")
	s, err := secret.ParseSource("id=" + name + `,"` + key + "=" + strings.ReplaceAll(place, `"`, `""`) + `"`)
	if err == nil && place == "" {
		err = errNoPlace
	}
	return s, err
}

// withoutSecrets says why an event's code is not built: it asks for secrets that it may not have.
func withoutSecrets(job ci.Job, p plan.Plan) string {
	right := job.Event.Rights(job.Inputs).Secrets
	if right.Allowed {
		return ""
	}
	for name, ph := range plan.Sorted(p.Phases) {
		if len(ph.Cmds) > 0 && len(ph.Secrets) > 0 {
			return "phase " + name + " asks for secrets: " + right.Why
		}
	}
	return ""
}

var errNoPlace = errors.New("a line is not NAME=PLACE")
