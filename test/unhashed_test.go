package test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// TestNothingIsFetchedWithoutAHash holds for the newest edition: who can change the content behind a name changes every user's builds.
func TestNothingIsFetchedWithoutAHash(t *testing.T) {
	for _, name := range archives(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := planArchive(t, archive)
		if err != nil || result.Edition != rules.Newest {
			continue
		}
		for _, source := range sources(result.Plan) {
			if !strings.Contains(source, "#sha256-") {
				t.Errorf("%s fetches %s, which has no hash", name, source)
			}
		}
	}
}

// sources are the nixpkgs archives and the overlays of a plan.
func sources(p plan.Plan) []string {
	var all []string
	for _, ph := range p.Phases {
		if ph.NixpkgsArchive != nil {
			all = append(all, *ph.NixpkgsArchive)
		}
		all = append(all, ph.NixOverlays...)
	}
	return all
}
