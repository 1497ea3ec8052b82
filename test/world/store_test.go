package world

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/store"
)

// releases are the vectors of package store.
func releases(t *testing.T) [][]string {
	t.Helper()
	data, err := os.ReadFile("../../internal/store/testdata/releases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

// nix runs a program of Nix, which is installed if it is missing, and returns its last line.
func nix(t *testing.T, name string, args ...string) string {
	t.Helper()
	if err := install(t.Context(), shared.cache, shared.log, "nix-instantiate"); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "NIX_CONFIG=build-users-group =\nsandbox = false\nsubstituters =")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// expression writes a derivation's expression to a file.
func expression(t *testing.T, r store.Release) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "release.nix")
	if err := os.WriteFile(file, []byte(r.Derivation().Nix()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func parse(t *testing.T, text string) store.Release {
	t.Helper()
	r, err := store.ParseRelease(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARealNixComputesTheSamePathsAndDerivations(t *testing.T) {
	for _, row := range releases(t) {
		r := parse(t, row[0])
		drv := nix(t, "nix-instantiate", expression(t, r))
		file, err := os.ReadFile(drv)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{drv, nix(t, "nix-store", "--query", "--outputs", drv), string(file)}
		if diff := cmp.Diff([]string{r.Derivation().Path(), r.Out(), r.Derivation().Text()}, got); diff != "" {
			t.Errorf("%s (-computed +Nix):\n%s", r.ID(), diff)
		}
	}
}

// Nix builds each release that can be had, and so does the step of our builds: the hashes of the files are one, and so are types, modes,
// times, sizes and owners.
func TestARealNixUnpacksTheSameFiles(t *testing.T) {
	built := 0
	for _, row := range releases(t) {
		r := parse(t, row[0])
		rest, ok := strings.CutPrefix(r.URL, "https://packages.example/npm/")
		if !ok {
			continue
		}
		built++
		r.URL = shared.NixMirror + "/npm/" + rest
		out := nix(t, "nix-build", "--no-out-link", expression(t, r))
		if out != r.Out() {
			t.Errorf("%s: Nix built %s, want %s", r.ID(), out, r.Out())
			continue
		}
		archive, err := shared.npmArchive(context.Background(), strings.TrimSuffix(rest, ".tgz"))
		if err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		if out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", r.Step(archive, root)).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", r.ID(), err, out)
		}
		if got := nix(t, "nix-store", "--query", "--hash", out); got != row[4] {
			t.Errorf("%s: Nix's files are %s, want %s", r.ID(), got, row[4])
		}
		if got := "sha256:" + nix(t, "nix-hash", "--type", "sha256", "--base32", root+out); got != row[4] {
			t.Errorf("%s: the step's files are %s, want %s", r.ID(), got, row[4])
		}
		if diff := cmp.Diff(listing(t, out), listing(t, root+out)); diff != "" {
			t.Errorf("%s (-Nix +step):\n%s", r.ID(), diff)
		}
	}
	if built < 10 {
		t.Errorf("only %d releases were built", built)
	}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "find", dir, "-printf", "%y %m %T@ %s %U:%G %l %P\n").Output()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(strings.SplitSeq(string(out), "\n"))
}
