package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// verify runs the command of that name with the options of the world.
func verify(t *testing.T, image, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	all := append([]string{"verify", image, dir, "--progress", "plain", "--builder-dir", shared}, here.Options()...)
	r, err := program.Run(t.Context(), append(all, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status, r.Stdout, r.Stderr
}

// TestTheSameCommitGivesTheSameDigestOnTwoBuilders builds on builders that have nothing, twice.
func TestTheSameCommitGivesTheSameDigestOnTwoBuilders(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	for _, name := range []string{"node", "python", "go"} {
		t.Run(name, func(t *testing.T) {
			image := here.Registry + "/e2e/same-" + name + ":1"
			// The second checkout is another directory, with other times.
			first := buildOn(t, newBuilder(t), app(t, name), "--name", image, "--push", "--reproducible")
			dir := app(t, name)
			second := buildOn(t, newBuilder(t), dir, "--name", image, "--push", "--reproducible")
			if first.Digest != second.Digest {
				t.Errorf("digests %s and %s", first.Digest, second.Digest)
				_, differences, _ := verify(t, here.Registry+"/e2e/same-"+name+"@"+first.Digest, dir)
				t.Log(differences)
			}
		})
	}
}

func TestVerifyNamesThePathsThatDiffer(t *testing.T) {
	dir := shellApp(t, "echo built > made")
	image := here.Registry + "/e2e/verified:1"
	build(t, dir, "--name", image, "--push", "--reproducible", "--label", "team=a")
	if status, stdout, stderr := verify(t, image, dir, "--label", "team=a"); status != 0 || !strings.Contains(stdout, "is what the app gives") {
		t.Errorf("nothing changed: status %d\n%s\n%s", status, stdout, stderr)
	}
	write(t, dir, "nixpacks.toml", "[phases.install]\ncmds = [\"echo other > made\", \"touch more\"]\n\n[start]\ncmd = \"true\"\n")
	status, stdout, stderr := verify(t, image, dir, "--label", "team=a")
	if want := "configuration history\ncontent app/made\nadded app/more\ncontent app/nixpacks.toml\n"; status != 1 || stdout != want {
		t.Errorf("changed: status %d\n%s\nwant:\n%s\n%s", status, stdout, want, stderr)
	}
}

func TestVerifyOfAnImageWithBuildTimesComparesTheRest(t *testing.T) {
	dir := shellApp(t, "echo built > made")
	write(t, dir, filepath.Join("lib", "a.txt"), "a")
	image := here.Registry + "/e2e/verified:2"
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	build(t, dir, "--name", image, "--push")
	status, stdout, stderr := verify(t, image, dir)
	if status != 0 || !strings.Contains(stderr, "times of files are not compared") {
		t.Errorf("nothing changed: status %d\n%s\n%s", status, stdout, stderr)
	}
	write(t, dir, filepath.Join("lib", "a.txt"), "b")
	if status, stdout, stderr := verify(t, image, dir); status != 1 || !strings.Contains(stdout, "content app/lib/a.txt\n") {
		t.Errorf("changed: status %d\n%s\n%s", status, stdout, stderr)
	}
}
