package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"

	"github.com/org/npx-action/test/manual"
	"github.com/org/npx-action/test/world"
)

// TestTheCommandsOfTheDocumentationBuild starts each command that needs a builder as it is written, but for the names of registries and
// builders, of which the ones of this world take the places.
func TestTheCommandsOfTheDocumentationBuild(t *testing.T) {
	commands, err := manual.Commands("../..", "npx-action")
	if err != nil {
		t.Fatal(err)
	}
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	base := fmt.Sprintf("buildImage = %q\n\n[phases.install]\ncmds = [\"echo built > made\"]\n", baseForBoth(t))
	const start = "\n[start]\ncmd = \"true\"\n"
	write(t, dir, "nixpacks.toml", base+start)
	write(t, dir, "token.txt", "a-token-for-packages")
	write(t, dir, ".dockerignore", "token.txt\n") // what the image holds must not be a secret
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	commitAll(t, repo)
	build(t, dir, "--tag", here.Registry+"/me/app:1", "--push", "--cache-ref", here.Registry+"/me/app/cache")
	local := strings.NewReplacer("ghcr.io", here.Registry, "tcp://arm.example:1234", "")
	started := 0
	for _, command := range commands {
		if !manual.Builds(command) {
			continue
		}
		secrets := ""
		if strings.Contains(command, "--secret ") {
			secrets = "secrets = [\"NPM_TOKEN\"]\n"
		}
		write(t, dir, "nixpacks.toml", base+secrets+start)
		if strings.Contains(command, "arm.example") {
			local = strings.NewReplacer("ghcr.io", here.Registry, "tcp://arm.example:1234", builderFor(t, "linux/arm64"))
		}
		args := strings.Fields(local.Replace(manual.Example(command)))[1:]
		switch args[0] {
		case "build", "verify", "run":
			args = append(args, here.Options()...)
			args = append(args, "--builder-dir", shared, "--docker-host", host)
			if args[0] == "run" && !strings.Contains(command, "--network ") {
				args = append(args, "--network", "host") // this engine has no other
			}
		case "doctor", "clean":
			args = append(args, "--docker-host", host)
		}
		cmd := program.Command(t.Context(), args...)
		cmd.Dir, cmd.Env = dir, append(cmd.Env, "NPM_TOKEN=a-token-for-packages", "CI_TOKEN=another-token-of-the-job")
		r, err := world.Finish(cmd)
		if err != nil || r.Status != 0 {
			t.Errorf("%s: %v, status %d\n%s", command, err, r.Status, r.Stderr)
		}
		started++
	}
	if started < 8 {
		t.Errorf("%d commands were found", started)
	}
}

// settings make a target of make that no part of `make test-all` is end soon, and write where nothing is.
func settings(t *testing.T) map[string][]string {
	t.Helper()
	dir := t.TempDir()
	return map[string][]string{
		"help":   nil,
		"build":  {"BIN=" + dir, "GOCACHE=" + here.CompilerCache()},
		"cover":  nil,
		"fuzz":   {"FUZZTIME=1x"},
		"corpus": {"CORPUS=^shell$", "CORPUS_TABLE=" + filepath.Join(dir, "corpus.md")},
		"clean":  {"BIN=" + dir},
	}
}

// TestTheTargetsOfTheMakefileStart starts each target that the documentation names or the Makefile describes. Those of which `make test-all`
// consists are started by it, `make image` by the tests of the image, and `make test-all` by CI.
func TestTheTargetsOfTheMakefileStart(t *testing.T) {
	targets, err := manual.Targets("../..")
	if err != nil {
		t.Fatal(err)
	}
	ci := slurp(t, "../../.ci/run")
	elsewhere := append(partsOfCI(t), "image")
	if strings.Contains(ci, "make test-all\n") {
		elsewhere = append(elsewhere, "test-all")
	}
	if slices.Contains(elsewhere, "test") {
		elsewhere = append(elsewhere, "check") // which test needs
	}
	if slices.Contains(elsewhere, "bench-once") {
		elsewhere = append(elsewhere, "bench", "bench-tables") // which bench-once makes
	}
	with := settings(t)
	for _, target := range targets {
		if slices.Contains(elsewhere, target) {
			continue
		}
		more, ok := with[target]
		if !ok {
			t.Errorf("nothing starts `make %s`: make it a part of `make test-all`, or start it here", target)
			continue
		}
		t.Run(target, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "make", append([]string{"--no-print-directory", target}, more...)...)
			cmd.Env = withoutMake()
			output(t, filepath.Join("..", ".."), cmd)
		})
	}
}

// withoutMake is the environment without what a make that started the tests says to others.
func withoutMake() []string {
	return slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "MAKE") || strings.HasPrefix(s, "MFLAGS=")
	})
}

// partsOfCI are the targets that `make test-all` makes.
func partsOfCI(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "make", "--no-print-directory", "--dry-run", "test-all")
	cmd.Env = withoutMake()
	for line := range strings.Lines(output(t, filepath.Join("..", ".."), cmd)) {
		if parts, ok := strings.CutPrefix(line, ".ci/parts "); ok {
			return strings.Fields(parts)
		}
	}
	t.Fatal("`make test-all` has no parts")
	return nil
}
