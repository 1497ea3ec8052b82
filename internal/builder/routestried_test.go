//go:build world

package builder_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
)

func TestRoutesAreTriedInOrderAndEachFailureIsTold(t *testing.T) {
	broken := programAt(t, "#!/bin/sh\necho cannot do it >&2\nexit 3\n")
	var told, said []string
	reasons := ""
	o := builder.Options{Engine: builder.Engine{Host: "unix:///absent/sock"}, Embedded: builder.Embedded{Binary: broken}}
	o.Reason = func(route, why string) {
		told = append(told, route)
		reasons += why + "\n"
	}
	_, err := builder.Connect(t.Context(), o)
	if diff := cmp.Diff(builder.Routes(), told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if exitStatus(err) != 75 {
		t.Fatalf("error is %v", err)
	}
	for _, want := range []string{"no Docker engine answers at unix:///absent/sock", "this process is root", "cannot do it"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("no reason says %q:\n%s", want, reasons)
		}
	}
	o.Reason, o.Notice = nil, func(text string) { said = append(said, text) }
	if _, err := builder.Connect(t.Context(), o); exitStatus(err) != 75 {
		t.Errorf("error is %v", err)
	}
	text := strings.Join(said, "\n")
	for _, want := range []string{"no builder by buildx, container, engine: no Docker engine answers at unix:///absent/sock", "no builder by embedded: ",
		"no builder by rootless: this process is root", "cannot do it"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
}

func TestSurveyTellsOfEachRoute(t *testing.T) {
	shared(t)
	found := builder.Survey(t.Context(), builder.Options{Engine: builder.Engine{Host: "unix:///absent/sock"}, Embedded: builder.Embedded{Binary: world.binary}})
	var names []string
	for _, f := range found {
		names = append(names, f.Route)
		if works := f.Route == "embedded"; works != (f.Err == nil) || !works && (f.Why == "" || f.Fix == "") {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff(builder.Routes(), names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	at := builder.Survey(t.Context(), builder.Options{Host: shared(t).Info().Address})
	if len(at) != 1 || at[0].Route != "address" || at[0].Err != nil || at[0].Info.Snapshotter == "" {
		t.Errorf("%+v", at)
	}
}
