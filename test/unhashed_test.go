package test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// unhashed lists what plans of the newest edition fetch by a name alone. Who can change the content behind a name changes every user's builds.
// The list may only get shorter.
const unhashed = "unhashed.txt"

func TestNothingNewIsFetchedWithoutAHash(t *testing.T) {
	text, err := os.ReadFile(unhashed)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
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
				found[source] = true
			}
		}
	}
	if diff := cmp.Diff(strings.Fields(string(text)), slices.Sorted(maps.Keys(found))); diff != "" {
		t.Errorf("-in %s +in plans; add no line, and delete those that no plan has any more:\n%s", unhashed, diff)
	}
}

// sources are the nixpkgs archives and the overlays of a plan.
func sources(p plan.Plan) []string {
	var all []string
	for _, ph := range p.Phases {
		if ph.NixpkgsArchive != nil {
			all = append(all, "nixpkgs:"+*ph.NixpkgsArchive)
		}
		for _, overlay := range ph.NixOverlays {
			all = append(all, "overlay:"+overlay)
		}
	}
	return all
}
