package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

func TestDiagnosisIsABlockForEachRoute(t *testing.T) {
	d := diagnosis{Registries: []string{"docker.io", "ghcr.io"}}
	for _, f := range []builder.Found{
		{Route: "buildx", Err: errors.New("long"), Why: "short\x1b[2J", Fix: "start it, or give its address with one of the many options that there are for that"},
		{Route: "embedded", Err: errors.New("x"), Why: "another reason"},
		{Route: "engine", Info: builder.Info{Version: "v1", Snapshotter: "overlayfs", Platforms: strings.Split("abcdefgh", ""), Limits: "less"}},
		{Route: "container", Info: builder.Info{Version: "v2"}},
		{Route: "rootless", Err: errors.New("x"), Why: "another reason"},
	} {
		d.Routes = append(d.Routes, newRouteState(f))
	}
	want := `buildx: does not work
  short` + "\uFFFD" + `[2J
  start it, or give its address with one of the many options that there are for
  that

embedded, rootless: does not work
  another reason

engine: works, and a build takes it
  v1, overlayfs
  for a, b, c, d, e, f and 2 more
  less

container: works
  v2

credentials for registries: docker.io, ghcr.io
`
	if diff := cmp.Diff(want, (&program{}).diagnosis(d)); diff != "" {
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
	if diff := cmp.Diff(none, indentedJSON(d)); diff != "" {
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
