package builder_test

import (
	"errors"
	"strings"
	"testing"

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

func TestARouteThatIsNamedIsTheOnlyOne(t *testing.T) {
	_, err := builder.Connect(t.Context(), builder.Options{Route: "engine", Engine: builder.Engine{Host: "unix:///absent/sock"}})
	if setup, ok := errors.AsType[*builder.SetupError](err); !ok || !strings.Contains(setup.Problem, "no Docker engine answers") {
		t.Errorf("error is %v", err)
	}
	if err := (builder.Options{Route: "ferry"}).Check(); exitStatus(err) != 2 || !strings.Contains(err.Error(), "container, engine") {
		t.Errorf("error is %v", err)
	}
}

// TestNoBuilderIsAShortErrorAndAReasonForEachWay: the error fits on a line, and the reasons come before it.
func TestNoBuilderIsAShortErrorAndAReasonForEachWay(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var said []string
	o := builder.Options{Engine: builder.Engine{Host: "unix:///absent/sock"}, Notice: func(text string) { said = append(said, text) }}
	_, err := builder.Connect(t.Context(), o)
	none, ok := errors.AsType[*builder.NoRouteError](err)
	if !ok || err.Error() != "no builder works here" || none.ExitStatus() != 75 || !strings.Contains(none.Advice(), "doctor") {
		t.Fatalf("error is %v", err)
	}
	for _, route := range builder.Routes() {
		if n := strings.Count(strings.Join(said, "\n"), route); n == 0 {
			t.Errorf("nothing is said about %s:\n%s", route, strings.Join(said, "\n"))
		}
	}
	for _, line := range said {
		if !strings.HasPrefix(line, "no builder by ") {
			t.Errorf("it says %q", line)
		}
	}
}
