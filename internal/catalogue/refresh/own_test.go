package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
)

// programs makes the files of a release, each with a text of its own.
func programs(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, program := range ownPrograms {
		for _, arch := range ownPlatforms {
			if err := os.WriteFile(filepath.Join(dir, ownFile(program, arch)), []byte(text+program+arch), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// release does what the command does with -release.
func release(t *testing.T, data, dir, version string, today catalogue.Day) ([]string, error) {
	t.Helper()
	d, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := addOwn(d, dir, version, today); err != nil {
		return nil, err
	}
	return d.told(), d.write()
}

func TestAReleaseAddsItsOwnPrograms(t *testing.T) {
	data := copyData(t)
	before := texts(t, data)
	told, err := release(t, data, programs(t, ""), "1.4.0", later)
	if want := "npx-compress: 1.4.0\nnpx-static: 1.4.0"; err != nil || strings.Join(told, "\n") != want {
		t.Fatalf("told %q, %v", told, err)
	}
	c, err := catalogue.Open(catalogue.Options{Data: os.DirFS(data)})
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range ownPrograms {
		tool, err := c.Tool(program)
		if err != nil {
			t.Fatal(err)
		}
		for _, arch := range ownPlatforms {
			r, ok := tool.Release("1.4.0", "linux/"+arch)
			want := catalogue.Release{Version: "1.4.0", Platform: "linux/" + arch, Added: later, Hash: fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(program+arch))),
				Address: "https://github.com/org/npx-action/releases/download/v1.4.0/" + program + "-linux-" + arch}
			if !ok || r != want {
				t.Errorf("%s for %s: %+v, want %+v", program, arch, r, want)
			}
		}
	}
	for name, text := range texts(t, data) {
		if old := before[name]; strings.HasSuffix(name, ".tsv") && old != text && !strings.HasPrefix(name, "npx-") {
			t.Errorf("%s has changed", name)
		}
	}

	// A release that runs again, the next release, and one that would change what is known.
	if told, err := release(t, data, programs(t, ""), "1.4.0", later); err != nil || len(told) > 0 {
		t.Errorf("again: %q, %v", told, err)
	}
	if told, err := release(t, data, programs(t, "new "), "1.5.0", later); err != nil || len(told) != 2 {
		t.Errorf("the next: %q, %v", told, err)
	}
	after := texts(t, data)
	for _, tt := range []struct {
		dir, version, want string
		today              catalogue.Day
	}{
		{programs(t, "other "), "1.4.0", "npx-compress 1.4.0 for linux/amd64 has another hash", later},
		{t.TempDir(), "1.6.0", "reading the programs of release 1.6.0: ", later},
		{programs(t, ""), "v1.6.0", `npx-compress "v1.6.0" for linux/amd64`, later},
		{programs(t, ""), "1.6.0", "and the catalogue is of", "2020-01-01"},
	} {
		if _, err := release(t, data, tt.dir, tt.version, tt.today); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.version, err, tt.want)
		}
	}
	for name, text := range texts(t, data) {
		if after[name] != text {
			t.Errorf("%s has changed by a release that failed", name)
		}
	}
}

func TestAProjectThatHasNoReleasesAddsNone(t *testing.T) {
	dir, from := copyData(t), serve(t)
	from.own += "/private"
	told, err := run(t, dir, from, later)
	if err != nil || strings.Contains(strings.Join(told, "\n"), "npx-") {
		t.Errorf("told %q, %v", told, err)
	}
}
