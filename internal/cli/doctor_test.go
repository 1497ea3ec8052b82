package cli

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

func TestDiagnosisIsATable(t *testing.T) {
	d := diagnosis{Registries: []string{"docker.io", "ghcr.io"}}
	for _, f := range []builder.Found{
		{Route: "buildx", Err: errors.New("long"), Why: "short\x1b[2J", Fix: "start it"},
		{Route: "engine", Info: builder.Info{Version: "v1", Snapshotter: "overlayfs", Platforms: []string{"a", "b", "c", "d"}, Limits: "less"}},
		{Route: "container", Info: builder.Info{Version: "v2"}},
	} {
		d.Routes = append(d.Routes, newRouteState(f))
	}
	want := `ROUTE      WORKS  VERSION  SNAPSHOTTER  PLATFORMS  NOTE
buildx     no     -        -            -          short` + "\uFFFD" + `[2J; start it
engine     yes    v1       overlayfs    a,b,c      less
container  yes    v2       -            -

credentials for registries: docker.io, ghcr.io
`
	if diff := cmp.Diff(want, string(d.text("table"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	none := `{
  "routes": [
    {
      "route": "engine",
      "available": false,
      "reason": "why"
    }
  ],
  "registries": []
}
`
	d = diagnosis{Registries: []string{}, Routes: []routeState{newRouteState(builder.Found{Route: "engine", Err: errors.New("x"), Why: "why"})}}
	if diff := cmp.Diff(none, string(d.text("json"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARouteGoesBeforeTheEnvironmentsAddress(t *testing.T) {
	e := build.Environment{Vars: []string{"BUILDKIT_HOST=tcp://h:1"}}
	for route, want := range map[string]string{"": "tcp://h:1", "auto": "tcp://h:1", "engine": ""} {
		if got := e.BuilderOptions(build.Settings{Build: option.Build{Route: route}}, "linux/amd64", nil).Host; got != want {
			t.Errorf("%s: address %q, want %q", route, got, want)
		}
	}
	if err := (&settings{Settings: build.Settings{Build: option.Build{Route: "engine", BuildkitHost: []string{"tcp://h:1"}}}}).checkRoute(); fault.Status(err) != fault.Misuse {
		t.Errorf("error is %v", err)
	}
}
