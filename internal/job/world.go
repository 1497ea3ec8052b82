package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/project"
)

// A World is what a job takes from the process.
type World struct {
	Environ        []string // NAME=value
	Dir            string   // the working directory
	Stdout, Stderr io.Writer
	Version        string // of this program
	Component      string // of GitLab, that builds an app of a repository of several
	Platform       string // of this machine, such as linux/amd64

	guard    *egress.Guard   // stands before all that the job gives to others; nil before [World.Enter]
	held     []ci.Credential // what the guard looks for
	commands io.Writer       // the standard output for the CI system, which has to be told what to hide
}

func (w World) env() build.Environment {
	return build.Environment{Vars: w.Environ, Dir: w.Dir, Say: w.say}
}

// environ is the environment by name; the last of duplicates counts.
func (w World) environ() map[string]string {
	environ := map[string]string{}
	for _, entry := range w.Environ {
		name, value, _ := strings.Cut(entry, "=")
		environ[name] = value
	}
	return environ
}

// say prints a line such as "warning: ..." for the user, apart from the output.
func (w World) say(kind, text string) { fmt.Fprintf(w.Stderr, "%s: %s\n", kind, fault.Harmless(text)) }

// agent is what registries are told of the program.
func (w World) agent() string { return "npx-action/" + w.Version }

// checkout is the checkout of the CI job that the program runs in, "" outside of one.
func (w World) checkout() string {
	environ := w.environ()
	switch {
	case environ["GITHUB_ACTIONS"] == "true":
		return cmp.Or(environ["GITHUB_WORKSPACE"], w.Dir)
	case environ["GITLAB_CI"] == "true":
		return cmp.Or(environ["CI_PROJECT_DIR"], w.Dir)
	}
	return ""
}

// Enter prepares the world of a job, if the program runs in one: what the repository holds in place of reports is removed, and a guard stands before all
// that the job gives to others, the streams among it. That comes before the inputs are read, so that an error about them holds no value.
func (w World) Enter() (World, error) {
	dir := w.checkout()
	if dir == "" {
		return w, nil
	}
	if err := removeReports(dir); err != nil {
		return w, err
	}
	return w.protected(dir), nil
}

// Read reads the CI job that the program runs in, or returns [ci.ErrNoSystem]. Another error has been told where the CI system shows it, if that is known.
func (w World) Read() (Job, error) {
	environ, out := w.environ(), cmp.Or(w.commands, w.Stdout)
	var job ci.Job
	err := ci.ErrNoSystem
	switch {
	case environ["GITHUB_ACTIONS"] == "true":
		job, err = ci.ReadGitHub(environ, func(name string) (io.ReadCloser, error) { return os.Open(name) }, out)
	case environ["GITLAB_CI"] == "true":
		job, err = ci.ReadGitLab(environ, func(name string) (io.WriteCloser, error) {
			return checkout.Create(cmp.Or(environ["CI_PROJECT_DIR"], w.Dir), name)
		}, out)
	}
	if job.Sink != nil {
		job.Sink = w.guard.Sink(job.Sink)
	}
	return Job{Job: job, world: w, options: project.Options{Platform: project.Platform{Name: w.Platform}, Dir: w.Dir, Lookup: w.env().Lookup}}, err
}

// Run does what the job of CI is there for in which the program runs. The error is [ci.ErrNoSystem] outside of one, or one that [Told] knows.
func (w World) Run(ctx context.Context) error {
	j, err := w.Read()
	if errors.Is(err, ci.ErrNoSystem) {
		return err
	}
	if err != nil {
		return errors.Join(refuse(j.Job, inputError(err)), removePlans(w.checkout()))
	}
	return j.run(ctx)
}

// Told reports whether an error has been printed already, where a CI system shows the errors of a job.
func Told(err error) bool {
	_, told := errors.AsType[toldError](err)
	return told
}
