package planner

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// The usual archive of nixpkgs in the newest edition.
const usual = "e5bdc4a41d4c072fe1e3787eaa0320a384741d44#sha256-"

func TestPackagesBesideAReleaseComeFromTheUsualArchive(t *testing.T) {
	for _, tt := range []struct {
		name, toml string
		edition    string
		releases   []string
		pkgs       []string
		archive    string // how it begins; "" for none
	}{
		{"none", "", "", []string{"node@26.7.0"}, nil, ""},
		{"one more", "[phases.setup]\nnixPkgs = ['...', 'jq']\n", "", []string{"node@26.7.0"}, []string{"jq"}, usual},
		{"one alone", "[phases.setup]\nnixPkgs = ['jq']\n", "", []string{"node@26.7.0"}, []string{"jq"}, usual},
		{"Node of nixpkgs", "[phases.setup]\nnixPkgs = ['...', 'nodejs_22']\n", "", nil, []string{"nodejs_22"}, usual},
		{"Bun of nixpkgs", "[phases.setup]\nnixPkgs = ['...', 'bun']\n", "", []string{"node@26.7.0"}, []string{"bun"}, usual},
		{"both by hand", "[phases.setup]\nnixPkgs = ['nodejs_22']\nreleases = ['node@22.14.0 linux/amd64 https://x.example/a sha256:0']\n", "",
			[]string{"node@22.14.0"}, []string{"nodejs_22"}, usual},
		{"the user's archive", "[phases.setup]\nnixPkgs = ['jq']\nnixpkgsArchive = 'abc'\n", "", []string{"node@26.7.0"}, []string{"jq"}, "abc"},
		{"edition 1.39", "[phases.setup]\nnixPkgs = ['...', 'jq']\n", "1.39", nil, []string{"nodejs_18", "npm-9_x", "jq"}, "ffeebf0acf3ae8b29f8c7049cd911b9636efd7e7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := given{files: map[string]string{"package.json": `{"scripts":{"start":"node ."}}`, "nixpacks.toml": tt.toml}}.input(t)
			in.Providers, in.Edition = providers.All(), tt.edition
			result, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			setup := result.Plan.Phases["setup"]
			if got := setup.ReleaseNames(); !slices.Equal(got, tt.releases) || !slices.Equal(setup.NixPkgs, tt.pkgs) {
				t.Errorf("releases %q and packages %q, want %q and %q", got, setup.NixPkgs, tt.releases, tt.pkgs)
			}
			if got := setup.NixpkgsArchive; (got != nil) != (tt.archive != "") || got != nil && !strings.HasPrefix(*got, tt.archive) {
				t.Errorf("archive %v, want %s", got, tt.archive)
			}
		})
	}
}

func TestAReleaseThatHasEnded(t *testing.T) {
	const rest = " linux/amd64 https://x.example/a sha256:0"
	p := plan.Plan{Phases: map[string]plan.Phase{"setup": {Releases: []string{"node@18.20.8" + rest, "node@24.1.0" + rest, "thing@1" + rest}}}}
	const want = "node 18 has had no fixes since 2025-04-30; ask for a newer version"
	if got := endedReleases(p, providers.App{}, nil); !slices.Equal(got, []string{want}) {
		t.Errorf("got %q", got)
	}
	if got := endedReleases(p, providers.App{}, []string{"node@18.20.8"}); len(got) > 0 {
		t.Errorf("what has been told is told again: %q", got)
	}
}
