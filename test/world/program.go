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

// Program compiles the program as it is released, of the checkout that the working directory is in, with its BuildKit beside it.
func (w *World) Program(ctx context.Context) (*Program, error) {
	if w.program != nil {
		return w.program, nil
	}
	return w.compileProgram(ctx)
}

func (w *World) compileProgram(ctx context.Context) (*Program, error) {
	dir, err := w.run.mkdir("bin")
	if err != nil {
		return nil, err
	}
	if err := w.compile(ctx, "", dir, "github.com/org/npx-action/cmd/npx-action"); err != nil {
		return nil, err
	}
	if err := w.CompileBuildKit(ctx, dir, "buildkitd"); err != nil {
		return nil, err
	}
	return &Program{w, filepath.Join(dir, "npx-action")}, nil
}

// Daemon is the path of the BuildKit beside the program.
func (p *Program) Daemon() string { return filepath.Join(filepath.Dir(p.path), "buildkitd") }

// CompilerCache is the Go compiler's cache of the programs that a world compiles. It holds nothing else, so that an image can have it.
func (w *World) CompilerCache() string { return filepath.Join(w.cache.dir, "go-build") }

// CompileBuildKit does what the function of that name does.
func (w *World) CompileBuildKit(ctx context.Context, to string, commands ...string) error {
	root, err := checkout(ctx)
	if err != nil {
		return err
	}
	packages := make([]string, len(commands))
	for i, name := range commands {
		packages[i] = "github.com/moby/buildkit/cmd/" + name
	}
	return w.compile(ctx, filepath.Join(root, "internal", "buildkitd"), to, packages...)
}

// checkout is the checkout that the working directory is in.
func checkout(ctx context.Context) (string, error) {
	gomod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the checkout: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(gomod))), nil
}

// CompileBuildKit writes commands of BuildKit, such as buildkitd, into a directory. Their version is that of internal/buildkitd in the
// checkout that the working directory is in. The compiler's cache is the world's, so only the first call takes minutes.
func CompileBuildKit(ctx context.Context, o Options, to string, commands ...string) error {
	w, err := newWorld(o)
	if err != nil {
		return err
	}
	return w.CompileBuildKit(ctx, to, commands...)
}

// compile writes the programs of packages, of the module in dir, into a directory. The options are those of the Dockerfile, so that
// nothing is compiled twice; more options may stand before the packages.
func (w *World) compile(ctx context.Context, dir, to string, packages ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", to + "/"}, packages...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOCACHE="+w.CompilerCache())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling %s: %w\n%s", strings.Join(packages, " and "), err, out)
	}
	return nil
}

// Options are those that a build needs in this world: its mirrors, its catalogue and its certificates.
func (w *World) Options() []string {
	return []string{
		"--registry-mirror", "ghcr.io=" + w.Registry,
		"--registry-mirror", "docker.io=" + w.Registry,
		"--nix-mirror", w.NixMirror,
		"--catalogue", w.Catalogue,
		"--ca-certificates", w.CABundle,
	}
}

// A Run is how one run of the program ended.
type Run struct {
	Status         int
	Stdout, Stderr string
}

// Command prepares a run. The environment has no BuildKit address and no CI of the machine's own.
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
