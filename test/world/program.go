package world

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Program is the program under test, built from the checkout.
type Program struct {
	w    *World
	path string
}

// Program builds ./cmd/npx-action of the module that the working directory is in.
func (w *World) Program(ctx context.Context) (*Program, error) {
	dir, err := w.run.mkdir("bin")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "npx-action")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/org/npx-action/cmd/npx-action")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return &Program{w, path}, nil
}

// Options are those that a build needs in this world: its mirrors and its certificates.
func (w *World) Options() []string {
	return []string{
		"--registry-mirror", "ghcr.io=" + w.Registry,
		"--registry-mirror", "docker.io=" + w.Registry,
		"--nix-mirror", w.NixMirror,
		"--ca-certificates", w.CABundle,
	}
}

// A Run is how one run of the program ended.
type Run struct {
	Status         int
	Stdout, Stderr string
}

// Command prepares a run in the checkout's module, so that the program finds its BuildKit. The environment has no BuildKit
// address and no CI of the machine's own.
func (p *Program) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, args...)
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == "CI", name == "BUILDKIT_HOST", name == "DOCKER_HOST",
			strings.HasPrefix(name, "GITHUB_"), strings.HasPrefix(name, "GITLAB_"), strings.HasPrefix(name, "CI_"):
		default:
			cmd.Env = append(cmd.Env, entry)
		}
	}
	return cmd
}

// Run runs the program to its end. An error means that it could not be run at all.
func (p *Program) Run(ctx context.Context, args ...string) (Run, error) {
	return Finish(p.Command(ctx, args...))
}

// Finish runs a command to its end.
func Finish(cmd *exec.Cmd) (Run, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		return Run{}, err
	}
	return Run{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}, nil
}

// CopyApp copies the files of a sample app into dir, less what building it by hand left there.
func CopyApp(dir, app string) error {
	if err := os.CopyFS(dir, os.DirFS(app)); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(dir, "node_modules")), os.RemoveAll(filepath.Join(dir, "dist")))
}
