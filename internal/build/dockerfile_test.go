package build_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
)

func TestADockerfileStandsAmongItsFiles(t *testing.T) {
	s := newStand(t)
	s.spec.Image.Labels = map[string]string{"a": "b"}
	text, files, err := build.Dockerfile(s.spec)
	if err != nil || !strings.Contains(text, "FROM base.example/base:1") || !strings.Contains(text, "LABEL") {
		t.Fatalf("%s, %v", text, err)
	}
	if !slices.Contains(files, build.File{Path: build.DockerfilePath, Content: text}) {
		t.Errorf("%v", files)
	}
	s.change(func(p *plan.Plan) { p.Phases = map[string]plan.Phase{"build": {Cmds: []string{"a\x00"}}} })
	if _, _, err := build.Dockerfile(s.spec); fault.Status(err) != fault.App {
		t.Errorf("a plan that cannot be built: %v", err)
	}
}
