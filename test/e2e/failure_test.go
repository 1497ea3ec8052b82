package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

// shellApp is an app without a language: one install command and no packages, so that a build takes seconds.
func shellApp(t *testing.T, install string) string {
	t.Helper()
	return commandsApp(t, install, "true")
}

// commandsApp is a shellApp with a command to start.
func commandsApp(t *testing.T, install, start string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "nixpacks.toml", fmt.Sprintf("[phases.install]\ncmds = [%q]\n\n[start]\ncmd = %q\n", install, start))
	return dir
}

func TestAFailingCommandIsNamedWithItsLastLines(t *testing.T) {
	_, r := tryBuild(t, shared, shellApp(t, "echo first; echo the reason >&2; exit 7"))
	if r.Status != 1 {
		t.Errorf("status %d", r.Status)
	}
	_, message, _ := strings.Cut(r.Stderr, "error: ")
	for _, want := range []string{"install", "exit 7", "the reason"} {
		if !strings.Contains(message, want) {
			t.Errorf("%q is missing in the error:\n%s", want, message)
		}
	}
}

func TestAPackageOfAnOverlayNeedsIt(t *testing.T) {
	const (
		packages = "[phases.setup]\nnixPkgs = [\"nodejs_22\", \"npm-9_x\"]\n"
		overlay  = "nixOverlays = [\"https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz\"]\n"
		install  = "[phases.install]\ncmds = [\"[[ $(npm --version) == 9.* ]]\"]\n[start]\ncmd = \"true\"\n"
	)
	dir := t.TempDir()
	write(t, dir, "nixpacks.toml", packages+overlay+install)
	build(t, dir)

	write(t, dir, "nixpacks.toml", packages+install)
	_, r := tryBuild(t, shared, dir)
	_, message, _ := strings.Cut(r.Stderr, "error: ")
	if r.Status != 1 || !strings.Contains(message, "npm-9_x") {
		t.Errorf("status %d: %s", r.Status, r.Stderr)
	}
}

func TestARegistryThatRefuses(t *testing.T) {
	r, err := here.NewRegistry(t.Context(), world.RegistryOptions{User: "ann", Password: "correct-horse"})
	if err != nil {
		t.Fatal(err)
	}
	image := r.Host + "/e2e/private:1"
	config := t.TempDir()
	write(t, config, "config.json", `{"auths":{"`+r.Host+`":{"username":"ann","password":"wrong-battery"}}}`)
	t.Setenv("DOCKER_CONFIG", config)
	_, run := tryBuild(t, shared, shellApp(t, "true"), "--tag", image, "--push")
	if run.Status != 1 || !strings.Contains(run.Stderr, "error: ") || !strings.Contains(run.Stderr, r.Host+"/e2e/private") {
		t.Errorf("status %d\n%s", run.Status, run.Stderr)
	}
	if strings.Contains(run.Stderr+run.Stdout, "wrong-battery") {
		t.Error("the password is printed")
	}

	write(t, config, "config.json", `{"auths":{"`+r.Host+`":{"username":"ann","password":"correct-horse"}}}`)
	if _, run := tryBuild(t, shared, shellApp(t, "true"), "--tag", image, "--push"); run.Status != 0 {
		t.Errorf("with the right password: status %d\n%s", run.Status, run.Stderr)
	}
}

func TestARegistryThatIsAway(t *testing.T) {
	_, r := tryBuild(t, shared, shellApp(t, "true"), "--tag", "127.0.0.1:1/e2e/away:1", "--push")
	if r.Status != 75 || !strings.Contains(r.Stderr, "127.0.0.1:1") {
		t.Errorf("status %d\n%s", r.Status, r.Stderr)
	}
}

func TestWithoutRuncItSaysWhatToInstall(t *testing.T) {
	runc, err := exec.LookPath("runc")
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"build", shellApp(t, "true"), "--builder-dir", shared}, here.Options()...)
	cmd := program.Command(t.Context(), args...)
	// In a mount namespace of its own, runc is a file that cannot be run.
	hidden := exec.CommandContext(t.Context(), "unshare", append([]string{"--mount", "sh", "-c", `mount --bind /dev/null "$0" && exec "$@"`, runc}, cmd.Args...)...)
	hidden.Env = cmd.Env
	r, err := world.Finish(hidden)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != 75 || !strings.Contains(r.Stderr, "needs runc, which is not on PATH") || !strings.Contains(r.Stderr, "npx-action doctor") {
		t.Errorf("status %d\n%s", r.Status, r.Stderr)
	}
}

func TestNothingIsLeftAfterASignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			builder := newBuilder(t)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			defer cancel()
			args := append([]string{"build", shellApp(t, "echo go-$((40+2)); sleep 600"), "--progress", "plain", "--builder-dir", builder}, here.Options()...)
			cmd := program.Command(ctx, args...)
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines, seen := bufio.NewScanner(stderr), false
			for !seen && lines.Scan() {
				seen = strings.Contains(lines.Text(), "go-42")
			}
			if !seen {
				t.Fatal("the step did not start")
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			rest, _ := io.ReadAll(stderr)
			if err := cmd.Wait(); err == nil {
				t.Errorf("a cancelled build succeeds:\n%s", rest)
			}
			if left := processesWith(t, builder); len(left) > 0 {
				t.Errorf("processes are left: %q", left)
			}
			mounts, err := os.ReadFile("/proc/self/mountinfo")
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(mounts), builder) {
				t.Error("mounts are left")
			}
		})
	}
}

// processesWith lists the processes whose arguments hold a text.
func processesWith(t *testing.T, text string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		args, err := os.ReadFile(f) // a process may end meanwhile
		if err == nil && strings.Contains(string(args), text) {
			found = append(found, strings.ReplaceAll(string(args), "\x00", " "))
		}
	}
	return found
}
