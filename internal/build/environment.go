package build

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/registry"
)

// An Environment is what a build takes from the process that asks for it.
type Environment struct {
	Vars    []string                // NAME=value; the last of duplicates counts
	Dir     string                  // that relative paths are relative to
	Verbose bool                    // tell why a builder is not taken
	Say     func(kind, text string) // a line such as "note: ..."
}

// Lookup reads a variable.
func (e Environment) Lookup(name string) (value string, ok bool) {
	for _, entry := range e.Vars {
		if n, v, found := strings.Cut(entry, "="); found && n == name {
			value, ok = v, true
		}
	}
	return value, ok
}

// Path resolves one that the user typed.
func (e Environment) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// Registry is the client of registries that settings ask for. Agent is the name of the program and its version.
func (e Environment) Registry(s Settings, agent string) (*registry.Client, error) {
	own, err := e.Certificates(s.Checkout, s.CACertificates)
	if err != nil {
		return nil, err
	}
	mirrors, err := parseMirrors(s.RegistryMirror)
	if err != nil {
		return nil, err
	}
	transport, err := registry.NewTransport(own)
	if err != nil {
		return nil, err
	}
	return &registry.Client{
		Keychain: e.Keychain(s.Logins), Transport: transport, Insecure: s.InsecureRegistry, Mirrors: mirrors, UserAgent: agent,
		Silence: s.RegistryTimeout,
	}, nil
}

// LoadExport has the image loaded into the Docker engine under its names.
func (e Environment) LoadExport(o EngineOptions, names []string) (builder.Export, error) {
	engine, _ := e.Engine(o)
	if err := engine.Check(); err != nil {
		return builder.Export{}, fault.Usage("see --docker-host, --docker-cert-path and the variables of the same names", "%w", err)
	}
	return builder.Export{Kind: builder.Load, Refs: names, Engine: engine}, nil
}

// Keychain holds the given credentials, and the credentials of the docker configuration.
func (e Environment) Keychain(logins []registry.Credential) *registry.Keychain {
	config, _ := e.Lookup("DOCKER_CONFIG")
	home, _ := e.Lookup("HOME")
	return &registry.Keychain{Entries: logins, Dir: registry.ConfigDir(config, home)}
}

// Owner tells the job of CI that we are in from jobs that run at the same time, "" if we are in none. A runner of GitHub runs one job
// at a time, and jobs of a matrix share their name.
func (e Environment) Owner() string {
	for _, names := range [][]string{
		{"GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "RUNNER_NAME"},
		{"CI_JOB_ID", "CI_RUNNER_ID"},
	} {
		if id, _ := e.Lookup(names[0]); id != "" {
			values := make([]string, len(names))
			for i, name := range names {
				values[i], _ = e.Lookup(name)
			}
			return strings.Join(values, "/")
		}
	}
	return ""
}

// Created is the date of an image: SOURCE_DATE_EPOCH, else the date of the commit if the caller knows it, else of the
// commit that is checked out in dir. It is zero if there is none of them.
func (e Environment) Created(dir string, commit time.Time) (time.Time, error) {
	if text, _ := e.Lookup("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds < 0 {
			return time.Time{}, fault.Usage("give seconds since 1970, such as git log -1 --format=%ct prints",
				"reading SOURCE_DATE_EPOCH: %q is no time", text)
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	if !commit.IsZero() {
		return commit.UTC(), nil
	}
	repo, err := git.Open(dir)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // most directories without a commit are just that
	}
	date, err := repo.Date("HEAD")
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // as before the first commit
	}
	return date.UTC(), nil
}

// Date is the date of the run, or the variable by which builds are made reproducible.
func (e Environment) Date() time.Time {
	if text, ok := e.Lookup("SOURCE_DATE_EPOCH"); ok {
		if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
			return time.Unix(seconds, 0).UTC()
		}
	}
	return time.Now().UTC()
}
