package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestNoPhaseCopiesWhatIsLeftOut(t *testing.T) {
	p := plan.Plan{Phases: map[string]plan.Phase{
		"install": {OnlyIncludeFiles: []string{"./package.json", ".npmrc", "libs/.git/config"}, Cmds: []string{"npm ci"}},
		"lint":    {OnlyIncludeFiles: []string{".npmrc"}, Cmds: []string{"lint"}},
		"build":   {DependsOn: []string{"install", "lint"}, OnlyIncludeFiles: []string{"."}, Cmds: []string{"npm run build"}},
	}}
	g := build(t, p, Options{Ignore: []string{"*", "!package.json", "**/.git"}})
	var got []Path
	for _, n := range g.Nodes {
		if c, ok := n.Op.(Copy); ok && c.From == App {
			got = append(got, c.Paths...)
		}
	}
	if diff := cmp.Diff([]Path{{"package.json", "/app/package.json"}, {".", "/app"}}, got); diff != "" {
		t.Errorf("copies differ (-want +got):\n%s", diff)
	}
	if p.Phases["lint"].OnlyIncludeFiles == nil {
		t.Error("the plan itself was changed")
	}
}
