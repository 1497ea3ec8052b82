package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/org/npx-action/internal/shell"
	"github.com/org/npx-action/test/manual"
	"github.com/org/npx-action/test/world"
)

const modulePath = "github.com/org/npx-action"

// TestTheGoCommandsOfTheDocumentationStart starts each command of Go that the documentation names. What such a command writes into a
// checkout is there already.
func TestTheGoCommandsOfTheDocumentationStart(t *testing.T) {
	commands, err := manual.Commands("../..", "go")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	start := func(dir, command string) string {
		args, ok := shell.Words(command)
		if !ok {
			t.Fatalf("`%s` needs a shell", command)
		}
		return output(t, filepath.Join(root, dir), exec.CommandContext(t.Context(), args[0], args[1:]...))
	}
	before := changes(t, root)
	for _, command := range commands {
		switch command {
		case "go": // the name of a language
		case "go generate ./internal/option", "go run ./cmd/npx-action plan test/apps/node":
			start("", command)
		case "go mod tidy":
			start("", command)
			start("internal/buildkitd", command)
		case "go run ./internal/catalogue/refresh":
			refreshWithoutNetwork(t, root, command)
		case "go install " + modulePath + "/cmd/npx-action@latest":
			installFromAProxy(t, root, command)
		default:
			if strings.HasPrefix(command, "go test ") {
				start("", command)
				break
			}
			t.Errorf("nothing starts `%s`", command)
		}
		if diff := cmp.Diff(before, changes(t, root)); diff != "" {
			t.Fatalf("`%s` changes the checkout (-before +after):\n%s", command, diff)
		}
	}
}

// changes are the differences between the checkout and its last commit.
func changes(t *testing.T, root string) string {
	t.Helper()
	return output(t, root, exec.CommandContext(t.Context(), "git", "status", "--porcelain")) +
		output(t, root, exec.CommandContext(t.Context(), "git", "diff", "HEAD"))
}

// refreshWithoutNetwork shows that the command ends where no index answers. The tests of its package show what it does with answers.
func refreshWithoutNetwork(t *testing.T, root, command string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "refresh")
	args := strings.Fields(command)
	output(t, root, exec.CommandContext(t.Context(), "go", "build", "-o", binary, args[len(args)-1]))
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Dir = root
	const nobody = "127.0.0.1:9" // the port of the service discard, to which nobody listens
	cmd.Env = append(os.Environ(), "HTTPS_PROXY="+nobody, "https_proxy="+nobody, "NO_PROXY=", "no_proxy=")
	r, err := world.Finish(cmd)
	if err != nil || r.Status != 1 || !strings.HasPrefix(r.Stderr, "refresh: ") || !strings.Contains(r.Stderr, "nodejs.org") {
		t.Errorf("`%s` without a network: %v, status %d\n%s", command, err, r.Status, r.Stderr)
	}
}

// installFromAProxy starts the command with a module proxy that has the checkout as its only version, and the program that it installs.
func installFromAProxy(t *testing.T, root, command string) {
	t.Helper()
	dir := t.TempDir()
	version := module.Version{Path: modulePath, Version: "v1.0.0"}
	versions := filepath.Join(dir, "proxy", filepath.FromSlash(modulePath), "@v")
	write(t, versions, "list", version.Version+"\n")
	write(t, versions, version.Version+".info", fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version.Version))
	write(t, versions, version.Version+".mod", slurp(t, filepath.Join(root, "go.mod")))
	clone := filepath.Join(dir, "clone")
	output(t, root, exec.CommandContext(t.Context(), "git", "clone", "--quiet", ".", clone))
	archive, err := os.Create(filepath.Join(versions, version.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := zip.CreateFromVCS(archive, version, clone, "HEAD", ""); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	env := strings.Fields(output(t, root, exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE", "GOPROXY")))
	proxies := "file://" + filepath.Join(dir, "proxy") + ",file://" + filepath.Join(env[0], "cache", "download") + "," + env[1]
	args := strings.Fields(command)
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(),
		"GOBIN="+dir, "GOCACHE="+here.CompilerCache(), "GOMODCACHE="+filepath.Join(dir, "modules"), "GOFLAGS=-modcacherw -trimpath",
		"GOPROXY="+proxies, "GONOSUMDB="+modulePath)
	output(t, dir, cmd)
	if out := output(t, dir, exec.CommandContext(t.Context(), filepath.Join(dir, "npx-action"), "--version")); !strings.Contains(out, "1.0.0") {
		t.Errorf("the installed program calls itself %q", out)
	}
}
