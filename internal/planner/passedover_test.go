package planner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

func TestAListThatLeavesOutTheProvidersPackagesIsWarnedOf(t *testing.T) {
	for _, tt := range []struct {
		name, toml string
		flags      config.Flags
		want       []string
	}{
		{"without the dots", "[phases.setup]\nnixPkgs = ['ffmpeg']\n", config.Flags{}, []string{
			`nixpacks.toml:2: nixPkgs of phase setup leaves out bun, which the provider asks for: write "..." in the list to keep them`}},
		{"with the dots", "[phases.setup]\nnixPkgs = ['...', 'ffmpeg']\n", config.Flags{}, nil},
		{"another version", "[phases.setup]\nnixPkgs = ['nodejs_22', 'bun_2']\n", config.Flags{}, nil},
		{"another version of one", "[phases.setup]\nnixPkgs = ['nodejs_22']\n", config.Flags{}, []string{
			`nixpacks.toml:2: nixPkgs of phase setup leaves out bun, which the provider asks for: write "..." in the list to keep them`}},
		{"none on purpose", "[phases.setup]\nnixPkgs = []\n", config.Flags{}, nil},
		{"a release of another tool", "[phases.setup]\nreleases = ['go@1.27.0 linux/amd64 https://x.example/a sha256:0']\n", config.Flags{}, []string{
			`nixpacks.toml:2: releases of phase setup leaves out node@26.7.0, which the provider asks for: write "..." in the list to keep them`}},
		{"a release of another version", "[phases.setup]\nreleases = ['node@22.14.0 linux/amd64 https://x.example/a sha256:0']\n", config.Flags{}, nil},
		{"by an option, which adds", "", config.Flags{Pkgs: []string{"ffmpeg"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := given{files: map[string]string{"package.json": `{"scripts":{"start":"node ."}}`, "bun.lock": "", "nixpacks.toml": tt.toml}, flags: tt.flags}.input(t)
			in.Providers = providers.All()
			result, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range result.Warnings {
				if strings.Contains(w, "leaves out") {
					got = append(got, w)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("warnings differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinksOutOfTheAppAreWarnedOfByName(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	for _, name := range []string{"nixpacks.toml", "Procfile", "package-lock.json", "unasked"} {
		if err := os.Symlink(filepath.Join(outside, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"scripts":{"start":"node ."}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("gone", filepath.Join(dir, "yarn.lock")); err != nil { // which leads nowhere, but not out
		t.Fatal(err)
	}
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	result, err := Make(Input{Tree: tree, Arch: "x86_64"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range result.Warnings {
		if name, ok := strings.CutSuffix(w, ": this link leads out of the app, so it is passed over; put the file itself there"); ok {
			got = append(got, name)
		}
	}
	if diff := cmp.Diff([]string{"Procfile", "nixpacks.toml", "package-lock.json"}, got); diff != "" {
		t.Errorf("warnings differ (-want +got):\n%s", diff)
	}
}
