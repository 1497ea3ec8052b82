package builder

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

func TestASolveEndsWhenARegistryIsSilentAndNothingElseRuns(t *testing.T) {
	now := time.Now()
	begin := func(name string) *client.SolveStatus {
		return &client.SolveStatus{Vertexes: []*client.Vertex{{Digest: digest.FromString(name), Name: name, Started: &now}}}
	}
	end := func(name string) *client.SolveStatus {
		return &client.SolveStatus{Vertexes: []*client.Vertex{{Digest: digest.FromString(name), Name: name, Started: &now, Completed: &now}}}
	}
	open := func(name, id string) *client.SolveStatus {
		return &client.SolveStatus{Statuses: []*client.VertexStatus{{Vertex: digest.FromString(name), ID: id, Started: &now}}}
	}
	done := func(name, id string) *client.SolveStatus {
		return &client.SolveStatus{Statuses: []*client.VertexStatus{{Vertex: digest.FromString(name), ID: id, Started: &now, Completed: &now}}}
	}
	const export, cached, pull = "exporting to image", "exporting cache to registry", "[base] from ubuntu"
	for title, tt := range map[string]struct {
		messages []*client.SolveStatus
		during   string // "" if the solve goes on
		imports  bool
	}{
		"nothing yet":               {messages: nil, during: ""},
		"a quiet command":           {messages: []*client.SolveStatus{begin("npm ci")}, during: ""},
		"compressing":               {messages: []*client.SolveStatus{begin(export), open(export, "exporting layers")}, during: ""},
		"pushing":                   {messages: []*client.SolveStatus{begin(export), open(export, "exporting layers"), done(export, "exporting layers"), open(export, "pushing layers")}, during: "pushing layers"},
		"pushed":                    {messages: []*client.SolveStatus{begin(export), open(export, "pushing layers"), done(export, "pushing layers"), end(export)}, during: ""},
		"pushing beside a build":    {messages: []*client.SolveStatus{begin(export), open(export, "pushing layers"), begin("npm ci")}, during: ""},
		"preparing the cache":       {messages: []*client.SolveStatus{begin(cached), open(cached, "preparing build cache for export")}, during: ""},
		"sending the cache":         {messages: []*client.SolveStatus{begin(cached), open(cached, "sending cache export"), open(cached, "writing layer sha256:aa")}, during: "sending cache export"},
		"importing":                 {messages: []*client.SolveStatus{begin("importing cache manifest from r.example/c:1")}, during: "importing cache manifest from r.example/c:1"},
		"resolving a base":          {messages: []*client.SolveStatus{begin(pull), open(pull, "resolve ubuntu@sha256:aa")}, during: "resolve ubuntu@sha256:aa"},
		"pulling":                   {messages: []*client.SolveStatus{begin(pull), open(pull, "sha256:aa")}, during: "pulling sha256:aa"},
		"extracting what it pull":   {messages: []*client.SolveStatus{begin(pull), open(pull, "sha256:aa"), open(pull, "extracting sha256:bb")}, during: ""},
		"a command on a cache":      {[]*client.SolveStatus{begin("npm ci")}, "loading what the cache holds for npm ci", true},
		"a command that has spoken": {[]*client.SolveStatus{begin("npm ci"), {Logs: []*client.VertexLog{{Vertex: digest.FromString("npm ci"), Data: []byte("added 1")}}}}, "", true},
	} {
		t.Run(title, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, w := watchTransfers(t.Context(), time.Minute, tt.imports)
				defer w.end()
				for _, m := range tt.messages {
					w.update(m)
				}
				<-time.After(59 * time.Second)
				synctest.Wait()
				if ctx.Err() != nil {
					t.Fatal("it ends too early")
				}
				<-time.After(2 * time.Second)
				synctest.Wait()
				stall, ok := errors.AsType[*StallError](context.Cause(ctx))
				if ok != (tt.during != "") || ok && (stall.During != tt.during || stall.ExitStatus() != 75) {
					t.Errorf("got %v", context.Cause(ctx))
				}
			})
		})
	}
}

// watchPull watches the pull of a layer, and returns what tells the watch how far it is.
func watchPull(t *testing.T) (context.Context, *stallWatch, func(current int64)) {
	t.Helper()
	now, pull := time.Now(), digest.FromString("pull")
	ctx, w := watchTransfers(t.Context(), time.Minute, false)
	w.update(&client.SolveStatus{Vertexes: []*client.Vertex{{Digest: pull, Name: "pull", Started: &now}}})
	return ctx, w, func(current int64) {
		w.update(&client.SolveStatus{Statuses: []*client.VertexStatus{{Vertex: pull, ID: "sha256:aa", Started: &now, Current: current}}})
	}
}

// The daemon repeats how far a transfer is every five seconds.
func TestAMessageThatTellsNothingNewIsNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w, pulled := watchPull(t)
		defer w.end()
		for range 20 {
			pulled(7)
			<-time.After(5 * time.Second)
		}
		synctest.Wait()
		if stall, ok := errors.AsType[*StallError](context.Cause(ctx)); !ok || stall.During != "pulling sha256:aa" {
			t.Errorf("it goes on: %v", context.Cause(ctx))
		}
	})
}

func TestEachMessageIsASignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, w, pulled := watchPull(t)
		defer w.end()
		for i := range 10 {
			pulled(int64(i))
			<-time.After(50 * time.Second)
		}
		synctest.Wait()
		if ctx.Err() != nil {
			t.Errorf("it ends: %v", context.Cause(ctx))
		}
	})
}
