package builder_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"unix:///run/bk.sock":             "",
		"tcp://h:1":                       "",
		"docker-container://buildx_b-0.1": "",
		"podman-container://bk":           "",
		"kube-pod://bk-0?namespace=ci":    "",
		"ssh://me@host:22/run/bk.sock":    "",
		"docker-container://":             "the name of a container",
		"docker-container://a/b":          "the name of a container",
		"docker-container://a?context=c":  "the name of a container",
		"docker-container://-privileged":  "the name of a container",
		"podman-container://-privileged":  "podman-container",
		"kube-pod://-n":                   "kube-pod",
		"kube-pod://bk?namespace=a%20b":   "kube-pod",
		"ssh://":                          "ssh",
		"ssh://me:hunter2@host":           "plain-text password",
		"unix://relative":                 "not supported",
		"http://h:1":                      "not supported",
		"docker-container://me@bk":        "has a user",
		"%zz":                             "not a URL",
		"tcp://h":                         "not supported",
		"":                                "",
	} {
		err := builder.Options{Host: address}.Check()
		if want == "" && err != nil || want != "" && (exitStatus(err) != 2 || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error is %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error holds a password", address)
		}
	}
}

func TestRoutesAreTriedInOrderAndEachFailureIsTold(t *testing.T) {
	broken := programAt(t, "#!/bin/sh\necho cannot do it >&2\nexit 3\n")
	var told []string
	_, err := builder.Connect(t.Context(), builder.Options{
		Engine: builder.Engine{Host: "unix:///absent/sock"}, Embedded: builder.Embedded{Binary: broken},
		Reason: func(route, _ string) { told = append(told, route) },
	})
	if diff := cmp.Diff(builder.Routes(), told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if exitStatus(err) != 1 {
		t.Fatalf("error is %v", err)
	}
	for _, want := range []string{"buildx, container, engine: no Docker engine answers at unix:///absent/sock", "embedded: ", "rootless: this process is root", "cannot do it",
		"--privileged", "--buildkit-host"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
}

func TestARouteThatIsNamedIsTheOnlyOne(t *testing.T) {
	_, err := builder.Connect(t.Context(), builder.Options{Route: "engine", Engine: builder.Engine{Host: "unix:///absent/sock"}})
	if setup, ok := errors.AsType[*builder.SetupError](err); !ok || !strings.Contains(setup.Problem, "no Docker engine answers") {
		t.Errorf("error is %v", err)
	}
	if err := (builder.Options{Route: "ferry"}).Check(); exitStatus(err) != 2 || !strings.Contains(err.Error(), "container, engine") {
		t.Errorf("error is %v", err)
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
