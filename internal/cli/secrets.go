package cli

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/secret"
)

// How a secret is given.
const (
	secretHint    = "give id=NAME with env=VARIABLE or src=FILE"
	secretJobHint = "give NAME=VALUE in secrets, NAME=VARIABLE in secret-envs, or NAME=FILE in secret-files"
)

var errNoPlace = errors.New("a line is not NAME=PLACE")

// A vault holds the values of secrets by name. Nothing prints one.
type vault map[string]string

func (v vault) add(hint string, s secret.Source, value string) error {
	if _, twice := v[s.Name]; twice {
		return usage("give each secret once", "the secret %s is given twice", s.Name)
	}
	if err := secret.Check(s.Name, value); err != nil {
		return usage(hint, "%w", err)
	}
	v[s.Name] = value
	return nil
}

// secretOptions reads the values that --secret names.
func (p *program) secretOptions(options []string) (vault, error) {
	v := vault{}
	for _, option := range options {
		s, err := secret.ParseSource(option)
		if err != nil {
			return nil, usage(secretHint, "reading --secret: %w", err)
		}
		value, err := s.Read(p.lookup, p.readSecret)
		if err != nil {
			return nil, usage(secretHint, "%w", err)
		}
		if err := v.add(secretHint, s, value); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (p *program) readSecret(name string) ([]byte, error) {
	data, err := os.ReadFile(p.path(name))
	return data, withoutPath(err)
}

// jobSecrets reads and masks those of the inputs. A job without the right to have them has none, and one that is given an empty
// variable does not have that.
func (p *program) jobSecrets(job ci.Job) (vault, error) {
	v := vault{}
	if !job.Event.Rights(job.Inputs).Secrets.Allowed {
		return v, nil
	}
	for _, s := range job.Inputs.Secrets {
		job.Sink.Mask(s.Value)
		if err := secret.CheckName(s.Name); err != nil {
			return nil, usage(secretJobHint, "reading input secrets: %w", err)
		}
		if err := v.add(secretJobHint, secret.Source{Name: s.Name}, s.Value); err != nil {
			return nil, err
		}
	}
	for _, list := range []struct {
		input string
		pairs ci.Lines
		key   string
	}{{"secret-envs", job.Inputs.SecretEnvs, "env"}, {"secret-files", job.Inputs.SecretFiles, "src"}} {
		for _, pair := range list.pairs {
			name, place, _ := strings.Cut(pair, "=")
			s, err := secret.ParseSource("id=" + name + `,"` + list.key + "=" + strings.ReplaceAll(place, `"`, `""`) + `"`)
			if err != nil || place == "" {
				return nil, usage(secretJobHint, "reading input %s: %w", list.input, cmp.Or(err, errNoPlace))
			}
			if value, _ := p.lookup(s.Env); s.Env != "" && value == "" {
				continue
			}
			if s.File != "" && !filepath.IsAbs(s.File) {
				s.File = filepath.Join(p.checkout(job), s.File)
			}
			value, err := s.Read(p.lookup, p.readSecret)
			job.Sink.Mask(value)
			if err != nil {
				return nil, usage(secretJobHint, "%w", err)
			}
			if err := v.add(secretJobHint, s, value); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// tells refuses a plan that holds secrets, before it is published.
func (v vault) tells(r report.Report) error {
	if len(v) == 0 {
		return nil
	}
	scanner := secret.NewScanner(v)
	leaks := scanner.Document("the plan", r.Plan.JSON())
	for _, name := range scanner.Text(r.Summary(report.SummaryLimit)) {
		if len(leaks) == 0 {
			leaks = append(leaks, secret.Leak{Secret: name, Place: "the comparison with the plan of the base"})
		}
	}
	return leaked(leaks)
}

// hide takes values out of an error: a program that was started to see whether it works may have printed one.
func (v vault) hide(err error) error {
	text := err.Error()
	for _, value := range plan.Sorted(v) {
		text = strings.ReplaceAll(text, strings.TrimSpace(value), "***")
	}
	if text == err.Error() {
		return err
	}
	_, hint := message(err)
	return &failure{status(err), errors.New(text), hint}
}

// leaked is the error about leaks, nil without any.
func leaked(leaks []secret.Leak) error {
	if len(leaks) == 0 {
		return nil
	}
	return &failure{statusApp, &secret.LeakError{Leaks: leaks},
		"nothing was pushed; delete what holds it in the command that writes it, or let the command read the variable where it is needed"}
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

// settleSecrets checks that each phase gets the secrets that it asks for, and fingerprints them.
func (im *image) settleSecrets() error {
	im.graph.Fingerprints = map[string]string{}
	unasked := maps.Clone(im.secrets)
	for name, ph := range plan.Sorted(im.plan.Plan.Phases) {
		if len(ph.Cmds) == 0 {
			continue // it runs nothing
		}
		values := map[string]string{}
		for _, s := range graph.Asked(ph) {
			if secret.CheckName(s) != nil {
				continue // the graph refuses it
			}
			value, ok := im.secrets[s]
			if !ok {
				return usage("give --secret id="+s+" to take it from the variable "+s+", or the input secrets in CI",
					"phase %s asks for the secret %s, which is not given", name, s)
			}
			values[s] = value
			delete(unasked, s)
		}
		if len(values) > 0 {
			im.graph.Fingerprints[name] = secret.Fingerprint(values)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(unasked)) {
		im.say("warning", `the secret `+s+` is given and no phase asks for it; write secrets = ["`+s+`"] below the phase, such as [phases.install]`)
	}
	return nil
}

// addSecrets gives the builder what the graph's steps ask for.
func (im *image) addSecrets(req *builder.Request, g *graph.Graph) {
	for _, s := range g.Secrets() {
		if s.Env != "" {
			if req.Secrets == nil {
				req.Secrets = map[string][]byte{}
			}
			req.Secrets[s.Ref()] = []byte(im.secrets[s.ID])
		}
	}
	for _, value := range plan.Sorted(im.secrets) {
		req.Redact = append(req.Redact, value)
	}
}

// plainSecrets warns about declared variables that look like secrets. The sentences name the variables alone.
func plainSecrets(vars plan.Vars) []string {
	var warnings []string
	for name, value := range plan.Sorted(vars) {
		if secret.Looks(name, value) {
			warnings = append(warnings, "the variable "+name+" looks like a secret and is visible in the plan and in the image: give it with --secret, or the input secrets, instead")
		}
	}
	return warnings
}
