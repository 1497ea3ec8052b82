package planner

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
	"github.com/org/npx-action/providers"
)

// TestThreeHundredAsksByPlan asks for versions that are taken by chance from the program's data, all tools being as likely, on both platforms. The
// plan installs that very version: from the row's address with the row's hash, or from an archive of nixpkgs that has it.
func TestThreeHundredAsksByPlan(t *testing.T) {
	all, err := catalogue.Open(catalogue.Options{Date: catalogue.Began})
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(300, 12))
	releases, packages := 0, 0
	for releases+packages < 300 {
		names := all.Tools()
		tool, err := all.Tool(names[chance.IntN(len(names))])
		if err != nil {
			t.Fatal(err)
		}
		arch := []string{"x86_64", "aarch64"}[chance.IntN(2)]
		platform := map[string]string{"x86_64": "linux/amd64", "aarch64": "linux/arm64"}[arch]
		known := tool.Versions(platform)
		version := known[chance.IntN(len(known))]
		row, upstream := tool.Release(version, platform)
		upstream = upstream && strings.HasPrefix(row.Address, "https:")
		hashed := slices.ContainsFunc(tool.Packages(version), func(p catalogue.Package) bool { return p.NAR != "" })
		ask := tool.Name + "@" + version
		asked, err := tool.Range(version)
		if err != nil {
			t.Fatal(err)
		}
		if !upstream && !hashed || !catalogue.Versioned(ask) || asked.Exact() == "" {
			continue // it needs a registry, is written with a plus, or stands for a line, as Erlang's 26.1 does
		}
		in := given{files: map[string]string{"start.sh": ""}, flags: config.Flags{Pkgs: []string{ask}}}.input(t)
		in.Providers, in.Catalogue, in.Arch, in.Strict = providers.All(), all, arch, true
		result, err := Make(in)
		if err != nil {
			t.Errorf("%s on %s: %v", ask, platform, err)
			packages++
			continue
		}
		if upstream {
			releases++
			if !unpacks(result.Plan, tool.Name, row) {
				t.Errorf("%s on %s: %+v is not in %+v", ask, platform, row, result.Plan.Phases["setup"])
			}
			continue
		}
		packages++
		if got := has(t, result.Plan, tool.Name); !slices.Contains(got, ask[:len(tool.Name)]+" "+version) {
			t.Errorf("%s on %s: the plan has %q", ask, platform, got)
		}
	}
	if releases < 30 || packages < 30 {
		t.Errorf("%d releases and %d packages", releases, packages)
	}
	t.Logf("%d releases, %d packages of nixpkgs", releases, packages)
}

// unpacks reports whether a plan unpacks the very archive of a row.
func unpacks(p plan.Plan, tool string, row catalogue.Release) bool {
	return slices.ContainsFunc(p.Phases["setup"].Releases, func(text string) bool {
		r, err := store.ParseRelease(text)
		return err == nil && r.Name == tool && r.Version == row.Version && r.Platform == row.Platform && r.URL == row.Address && r.Hash == row.Hash
	})
}
