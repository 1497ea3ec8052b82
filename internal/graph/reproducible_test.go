package graph

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// Node.js keeps code that it compiled in /tmp, if programs such as npm and tsc ask for it: in an image that is waste, and by chance another each time.
func TestPhasesOfASlimImageLeaveNoCompiledCodeInTmp(t *testing.T) {
	const off = "export NODE_DISABLE_COMPILE_CACHE=1; "
	for _, tt := range []struct{ runtime, pkg, want string }{
		{plan.Slim, nodeRelease, off},
		{plan.Slim, bunRelease, ""},
		{plan.Slim, "nodejs_22", off},
		{plan.Slim, "nodejs-slim", off},
		{plan.Slim, "go", ""},
		{plan.Full, "nodejs_22", ""},
	} {
		p := plan.Plan{Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{tt.pkg}, NixpkgsArchive: new("aa")},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}, PruneCmds: []string{"npm prune"}},
		}, Start: &plan.Start{Cmd: new("node ."), Runtime: new(tt.runtime)}, BuildImage: new(plan.UbuntuImage)}
		if strings.Contains(tt.pkg, "@") {
			p.Phases["setup"] = plan.Phase{Releases: []string{tt.pkg}}
		}
		n := 0
		for _, node := range build(t, p, Options{}).Nodes {
			if r, ok := node.Op.(Run); ok && strings.HasPrefix(r.Command, "npm ") {
				n++
				if got := r.Script(); got != tt.want+r.Command {
					t.Errorf("%s with %s: %s", tt.runtime, tt.pkg, got)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s with %s: no command runs", tt.runtime, tt.pkg)
		}
	}
}

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
