package job

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/secret"
)

// protected puts a guard before all that a job in a checkout gives to others.
func (w World) protected(dir string) World {
	environ := w.environ()
	w.held = ci.Credentials(environ)
	for _, pair := range ci.SecretFiles(environ) {
		s, err := secretSource("src", pair)
		if err != nil {
			continue // the inputs are refused
		}
		value, err := s.Read(w.env().Lookup, func(name string) ([]byte, error) { return checkout.ReadFile(dir, name, secret.MaxLength) })
		if err == nil {
			w.held = append(w.held, ci.Credential{Kind: "the secret " + s.Name, Input: "secret-files", Value: value})
		}
	}
	inVariable, _ := w.env().Lookup("DOCKER_AUTH_CONFIG")
	for _, c := range registry.Passwords([]byte(inVariable), w.dockerConfig()) {
		w.held = append(w.held, ci.Credential{Kind: "the password for " + c.Prefix + " in the docker configuration", Value: c.Password})
	}
	var values []egress.Value
	for _, c := range w.held {
		values = append(values, egress.Value{Kind: c.Kind, Text: c.Value})
	}
	w.guard = egress.New(values)
	w.commands = w.Stdout
	w.Stdout, w.Stderr = w.guard.Writer(w.Stdout), w.guard.Writer(w.Stderr)
	return w
}

// maskHeld has the CI system hide the values of inputs, and warns of values that are too short to be looked for.
func (j Job) maskHeld() {
	var short []string
	for _, c := range j.world.held {
		if c.Input == "" {
			continue
		}
		j.Sink.Mask(c.Value)
		if n := len(strings.TrimSpace(c.Value)); n < secret.MinLength && !slices.Contains(short, c.Input) {
			short = append(short, c.Input)
		}
	}
	if len(short) > 0 {
		j.Sink.Warning(fmt.Sprintf("what the input %s gives has under %d bytes, and cannot be told from other text: nothing keeps it out of plan, comment and image",
			strings.Join(short, " and the input "), secret.MinLength))
	}
}

// checkPlan refuses to publish a plan that holds a value, and a comparison that does.
func (j Job) checkPlan(r report.Report) error {
	return cmp.Or(
		j.world.guard.Check("the plan", string(r.Plan.JSON())),
		j.world.guard.Check("the comparison with the plan of the base", planDiff(r)),
		j.world.guard.Check("the summary", r.Summary(report.SummaryLimit)),
	)
}

// publish writes a file of the checkout that others get, whatever links a pull request has put in its place.
func (j Job) publish(dir, name, text string) error {
	if err := cmp.Or(j.world.guard.Check("the name of a file", name), j.world.guard.Check("the file "+name, text)); err != nil {
		return err
	}
	f, err := checkout.Create(dir, name)
	if err == nil {
		_, err = io.WriteString(f, text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// sealed is the error of a job: of its work, or else of its guard.
func (j Job) sealed(err error) error {
	if err != nil {
		return err
	}
	return refuse(j.Job, j.world.guard.Err())
}

// dockerConfig is the text of docker's configuration file, nil if there is none.
func (w World) dockerConfig() []byte {
	config, _ := w.env().Lookup("DOCKER_CONFIG")
	home, _ := w.env().Lookup("HOME")
	dir := registry.ConfigDir(config, home)
	if dir == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(dir, "config.json"))
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxDockerConfig))
	if err != nil {
		return nil
	}
	return text
}

// maxDockerConfig bounds how much of a docker configuration file is read, in bytes.
const maxDockerConfig = 1 << 20
