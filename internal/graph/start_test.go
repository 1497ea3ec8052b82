package graph

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestHowAnImageStarts(t *testing.T) {
	login := []string{"/bin/bash", "-l", "-c"}
	for _, tt := range []struct {
		name, cmd string
		start     plan.Start
		setup     plan.Phase
		want      Config
	}{
		{"as Nixpacks", "node a.js", plan.Start{}, plan.Phase{}, Config{Entrypoint: login, Cmd: []string{"node a.js"}}},
		{"simple", "node 'a b.js'", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{}, Config{Cmd: []string{"node", "a b.js"}}},
		{"variables", "serve --port $PORT", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{}, Config{Cmd: []string{"/bin/bash", "-c", "exec serve --port $PORT"}}},
		{"two programs", "migrate && serve", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{}, Config{Cmd: []string{"/bin/bash", "-c", "migrate && exec serve"}}},
		{"a pipe", "serve | log", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{}, Config{Cmd: []string{"/bin/bash", "-c", "serve | log"}}},
		{"libraries of Nix", "migrate && serve", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{NixLibs: []string{"zlib"}, NixpkgsArchive: new("abc")}, Config{Cmd: append(slices.Clone(login), "migrate && exec serve")}},
		{"a profile", "rails server", plan.Start{Runtime: new(plan.Slim)}, plan.Phase{Cmds: []string{"echo 'eval x' >> ~/.profile"}}, Config{Cmd: append(slices.Clone(login), "exec rails server")}},
		{"a user", "serve", plan.Start{Runtime: new(plan.Slim), User: new("me")}, plan.Phase{}, Config{Cmd: []string{"serve"}, User: "me"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := plan.Plan{BuildImage: new(plan.UbuntuImage), Phases: map[string]plan.Phase{"setup": tt.setup}, Start: &tt.start}
			p.Start.Cmd = &tt.cmd
			tt.want.WorkDir = Dir
			if diff := cmp.Diff(tt.want, build(t, p, Options{}).Config); diff != "" {
				t.Errorf("configuration (-want +got):\n%s", diff)
			}
		})
	}
	p := plan.Plan{BuildImage: new(plan.UbuntuImage), Phases: map[string]plan.Phase{}, Start: &plan.Start{Runtime: new(plan.Slim)}}
	if diff := cmp.Diff(Config{WorkDir: Dir}, build(t, p, Options{}).Config); diff != "" {
		t.Errorf("without a start command (-want +got):\n%s", diff)
	}
}
