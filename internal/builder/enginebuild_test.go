package builder_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
)

// pushes is an engine that pushes, and notes what it was asked.
type pushes struct {
	asked  []string
	answer string
}

func (p *pushes) start(t *testing.T) builder.Engine {
	t.Helper()
	return startFakeEngine(t, p)
}

func (p *pushes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	login, _ := base64.URLEncoding.DecodeString(r.Header.Get("X-Registry-Auth"))
	p.asked = append(p.asked, fmt.Sprintf("%s %s", r.URL, login))
	fmt.Fprint(w, p.answer)
}

type loginOf struct{ user, secret string }

// Credentials implements builder.Credentials.
func (l loginOf) Credentials(context.Context, string) (username, secret string, err error) {
	return l.user, l.secret, nil
}

func TestAnEngineBuildsIntoItselfAndPushes(t *testing.T) {
	digest := "sha256:" + strings.Repeat("a", 64)
	e := &pushes{answer: `{"status":"Pushing"}{"aux":{"Tag":"1","Digest":"` + digest + `"}}`}
	engine := e.start(t)
	req := builder.Request{Definition: file(t, "/a", "a"), Credentials: loginOf{"me", "hunter2"},
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{"r.example/app:1", "app:2"}}, {Kind: builder.Load, Refs: []string{"r.example/app:1"}, Engine: engine}},
		CacheExports: []builder.Cache{{Ref: "r.example/cache:1"}, {Type: builder.Inline}},
	}
	adapted, result, err := builder.Adapt(t.Context(), engine, req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]builder.Export{{Kind: "moby", Refs: []string{"app:2", "r.example/app:1"}}}, adapted.Exports); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]builder.Cache{{Type: builder.Inline}}, adapted.CacheExports); diff != "" {
		t.Errorf("caches (-want +got):\n%s", diff)
	}
	if result.Digest != digest || !strings.Contains(result.CacheWarning, "cannot export") {
		t.Errorf("result is %+v", result)
	}
	want := []string{`/images/r.example/app/push?tag=1 {"username":"me","password":"hunter2","serveraddress":"r.example"}`,
		`/images/docker.io/library/app/push?tag=2 {"username":"me","password":"hunter2","serveraddress":"docker.io"}`}
	if diff := cmp.Diff(want, e.asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAnEngineThatCannotPushSaysWhy(t *testing.T) {
	for _, answer := range []string{`{"status":"Pushing"}{"errorDetail":{"message":"denied: no"},"error":"denied: no"}`, `{"errorDetail":{"code":401,"message":"denied: no"}}`,
		`{"status":"Pushing"}{"error":"denied: no"}`} {
		engine := (&pushes{answer: answer}).start(t)
		_, _, err := builder.Adapt(t.Context(), engine, builder.Request{Definition: file(t, "/a", "a"),
			Exports: []builder.Export{{Kind: builder.Push, Refs: []string{"r.example/app:1"}}}})
		if e, ok := errors.AsType[*builder.RegistryError](err); !ok || !e.Denied || e.Ref != "r.example/app:1" {
			t.Errorf("%s: error is %v", answer, err)
		}
	}
}

func TestWhatAnEngineCannotDoIsAnError(t *testing.T) {
	engine := (&pushes{}).start(t)
	a, b := llb.Scratch().File(llb.Mkfile("/a", 0o644, nil)), llb.Scratch().File(llb.Mkfile("/b", 0o644, nil))
	one := file(t, "/a", "a")
	for text, req := range map[string]builder.Request{
		"cannot write the output oci":       {Definition: one, Exports: []builder.Export{{Kind: builder.OCI, Dest: "x"}}},
		"cannot write the output load":      {Definition: one, Exports: []builder.Export{{Kind: builder.Load, Engine: builder.Engine{Host: "tcp://other:1"}}}},
		"cannot write more than one output": {Definition: one, Exports: []builder.Export{{Kind: builder.Tar, Dest: "x"}, {Kind: builder.Push, Refs: []string{"a:1"}}}},
		"cannot merge the layers":           {Definition: marshal(t, llb.Merge([]llb.State{a, b}))},
	} {
		if _, _, err := builder.Adapt(t.Context(), engine, req); exitStatus(err) == 0 || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: error is %v", text, err)
		}
	}
}
