package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnImageIsLoadedIntoADockerEngine(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"build", shellApp(t, "echo built > made"), "--name", "e2e/loaded:1", "--load", "--label", "team=a b",
		"--builder-dir", shared}, here.Options()...)
	cmd := program.Command(t.Context(), args...)
	cmd.Env = append(cmd.Env, "DOCKER_HOST="+host)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	docker := exec.CommandContext(t.Context(), "docker", "--host", host, "run", "--rm", "--network", "host", "e2e/loaded:1", "cat made")
	if out, err := docker.CombinedOutput(); err != nil || !strings.Contains(string(out), "built") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOutputs(t *testing.T) {
	dir, out := shellApp(t, "echo built > made"), t.TempDir()
	build(t, dir, "--output", "type=oci,dest="+filepath.Join(out, "oci.tar"), "--output", "type=docker,dest="+filepath.Join(out, "docker.tar"),
		"--output", "type=tar,dest="+filepath.Join(out, "fs.tar"), "--output", "type=local,dest="+filepath.Join(out, "fs"))
	for _, name := range []string{"oci.tar", "docker.tar", "fs.tar"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() < 1<<20 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(out, "fs", "app", "made")); err != nil || string(text) != "built\n" {
		t.Errorf("made: %q, %v", text, err)
	}
}
