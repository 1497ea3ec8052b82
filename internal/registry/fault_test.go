package registry_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/fault"
)

// An operation is one of the client's. prepare fills the registry before it; tags are those that it may write.
type operation struct {
	prepare func(t *testing.T, host string)
	run     func(ctx context.Context, c *registry.Client, host string, configs [][]byte) error
	tags    []string
}

func one(t *testing.T, host string) { built(t, host+"/app:key", "amd64", "one") }

var operations = map[string]operation{
	"resolve": {prepare: one, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		_, err := c.Resolve(ctx, host+"/app:key", "linux/amd64")
		return err
	}},
	"exists": {prepare: one, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		found, _, err := c.Exists(ctx, host+"/app:key")
		if err == nil && !found {
			return errors.New("an image that is there is not found")
		}
		return err
	}},
	"tags": {prepare: one, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		tags, err := c.Tags(ctx, host+"/app")
		if err == nil && len(tags) != 1 {
			return fmt.Errorf("got tags %q", tags)
		}
		return err
	}},
	"manifest": {prepare: one, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		_, err := c.Manifest(ctx, host+"/app:key")
		return err
	}},
	"can push": {run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		return c.CanPush(ctx, host+"/app")
	}},
	"tag": {prepare: one, tags: []string{"a", "b"}, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		return c.Tag(ctx, host+"/app:key", "a", "b")
	}},
	"note": {tags: []string{"n"}, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		return c.Note(ctx, host+"/app:n", map[string]string{"a": "b"})
	}},
	"promote": {prepare: one, tags: []string{"a", "b"}, run: func(ctx context.Context, c *registry.Client, host string, configs [][]byte) error {
		_, err := c.Promote(ctx, registry.Promotion{From: host + "/app:key", To: []string{host + "/app:a", host + "/app:b"}, Configs: configs})
		if refusal, ok := errors.AsType[*registry.UnpromotableError](err); ok && !refusal.Absent {
			return refusal.Err // the caller builds
		}
		return err
	}},
	"delete": {prepare: one, run: func(ctx context.Context, c *registry.Client, host string, _ [][]byte) error {
		return c.Delete(ctx, host+"/app:key")
	}},
}

// TestEveryRequestMayGoWrong lets each request of each operation go wrong in each way, once and for good.
func TestEveryRequestMayGoWrong(t *testing.T) {
	for title, op := range operations {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			clean := fault.Before(t, registrytest.New())
			last := len(attempt(t, op, clean, fault.Plan{}, true))
			for n := 1; n <= last; n++ {
				for _, kind := range fault.Kinds() {
					for _, plan := range []fault.Plan{fault.Once(kind, n), fault.From(kind, n)} {
						attempt(t, op, fault.Before(t, registrytest.New()), plan, plan.Last == n && (kind == fault.Error || kind == fault.TooMany || kind == fault.Reset))
					}
				}
			}
			if last < 2 {
				t.Errorf("only %d requests", last)
			}
		})
	}
}

// attempt runs an operation by a plan, and returns the requests. An operation that need not succeed ends in one error that says
// that a retry may help. Whatever happens, a tag is absent or complete.
func attempt(t *testing.T, op operation, p *fault.Proxy, plan fault.Plan, must bool) []string {
	t.Helper()
	if op.prepare != nil {
		op.prepare(t, p.Host)
	}
	c := &registry.Client{Pause: time.Microsecond}
	if plan.Kind == fault.Stall { // nothing else is silent, however busy the machine is
		c.Silence = 25 * time.Millisecond
	}
	p.Arm(plan)
	err := op.run(t.Context(), c, p.Host, [][]byte{config(t, "amd64", "two")})
	requests := p.Requests()
	p.Arm(fault.Plan{})
	at := fmt.Sprintf("%s at request %d to %d of %d", plan.Kind, plan.First, plan.Last, len(requests))
	if err != nil {
		away, ok := errors.AsType[*registry.UnavailableError](err)
		if must || !ok || away.ExitStatus() != 75 || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), p.Host) {
			t.Errorf("%s: %v\n%s", at, err, strings.Join(requests, "\n"))
		}
	}
	for _, tag := range op.tags {
		if d := registrytest.Pull(t, p.Host+"/app:"+tag); d == "" && err == nil {
			t.Errorf("%s: it succeeds without the tag %s", at, tag)
		}
		if t.Failed() {
			break
		}
	}
	return requests
}

func TestARegistryIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	for _, header := range []string{"30", "date"} {
		var refused atomic.Bool
		host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/manifests/") || refused.Swap(true) {
				return false
			}
			if header == "date" {
				w.Header().Set("Retry-After", time.Now().Add(31*time.Second).UTC().Format(http.TimeFormat)) // of whole seconds
			} else {
				w.Header().Set("Retry-After", header)
			}
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}))
		var waits []time.Duration
		client := &registry.Client{Pause: time.Microsecond, Wait: func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		}}
		if found, _, err := client.Exists(t.Context(), host+"/app:x"); found || err != nil {
			t.Errorf("Retry-After %s: %v, %v", header, found, err)
		}
		if len(waits) != 1 || waits[0] > 31*time.Second || waits[0] < 25*time.Second {
			t.Errorf("Retry-After %s: it waits for %s", header, waits)
		}
	}
}

func TestARegistryThatAsksForHoursIsNotWaitedFor(t *testing.T) {
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/manifests/") {
			return false
		}
		w.Header().Set("Retry-After", "21600")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"errors":[{"code":"TOOMANYREQUESTS","message":"pull limit"}]}`)
		return true
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := (&registry.Client{Pause: time.Microsecond}).Manifest(ctx, host+"/app:x")
	if away, ok := errors.AsType[*registry.UnavailableError](err); !ok || !strings.Contains(away.Error(), "429: pull limit") {
		t.Errorf("got %v", err)
	}
}

func TestASlowAnswerIsNoSilence(t *testing.T) {
	const pieces = 8
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/manifests/") {
			return false
		}
		text := `{"schemaVersion":2,"annotations":{"a":"b"}}`
		w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for i := range pieces {
			fmt.Fprint(w, text[i*len(text)/pieces:(i+1)*len(text)/pieces])
			_ = http.NewResponseController(w).Flush()
			<-tick.C
		}
		return true
	}))
	m, err := (&registry.Client{Silence: 250 * time.Millisecond}).Manifest(t.Context(), host+"/app:x")
	if err != nil || m.Annotations["a"] != "b" {
		t.Errorf("got %+v, %v", m, err)
	}
}
