package graph

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestReproducibleStepsAreToldATime(t *testing.T) {
	p := plan.Plan{Phases: map[string]plan.Phase{
		"setup":   {NixPkgs: []string{"go"}, NixpkgsArchive: new("aa")},
		"install": {DependsOn: []string{"setup"}, Cmds: []string{"go mod download"}},
	}}
	steps := func(opt Options) map[Part]Run {
		found := map[Part]Run{}
		for _, n := range build(t, p, opt).Nodes {
			if r, ok := n.Op.(Run); ok {
				found[n.Part] = r
			}
		}
		return found
	}
	plain, same := steps(Options{}), steps(Options{Reproducible: true})
	if got := plain[Phase].Script(); got != "go mod download" {
		t.Errorf("not asked for: %s", got)
	}
	got := same[Phase].Script()
	if !strings.HasPrefix(got, "export SOURCE_DATE_EPOCH=315532800 PYTHONHASHSEED=0 ") || !strings.HasSuffix(got, "; go mod download") {
		t.Errorf("phase: %s", got)
	}
	if same[Phase].Command != plain[Phase].Command {
		t.Errorf("the command is shown as %q", same[Phase].Command)
	}
	before, after, ok := strings.Cut(same[Nix].Command, plain[Nix].Command)
	if !ok || !strings.Contains(before, "--load-db") || !strings.HasSuffix(after, "&& rm -rf /nix/var/nix/db") {
		t.Errorf("nix: %s", same[Nix].Command)
	}
}
