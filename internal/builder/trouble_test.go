//go:build world

package builder_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/moby/buildkit/client/llb"
	"golang.org/x/sys/unix"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// programAt writes a script.
func programAt(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "buildkitd")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestABuilderKilledAtAnyMoment kills it at ten moments of a build that pushes, which are chosen at random but the same each time.
func TestABuilderKilledAtAnyMoment(t *testing.T) {
	host := registrytest.Serve(t, nil)
	request := func(id string) builder.Request {
		base, contexts := program(t)
		st := base
		for i := range 5 {
			st = run(st, fmt.Sprintf("step %d", i), "fill", fmt.Sprintf("/%s-%d", id, i), "8")
		}
		return builder.Request{Definition: marshal(t, st), Contexts: contexts,
			Exports: []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:" + id}}}, Progress: builder.Progress{Writer: io.Discard, Mode: "plain"}}
	}
	began := time.Now()
	solve(t, own(t, builder.Options{}), request("whole"))
	whole := time.Since(began)
	moments := rand.New(rand.NewPCG(1, 2))
	killed := 0
	for i := range 10 {
		c := own(t, builder.Options{})
		pid, dir, _ := c.Daemon()
		timer := time.AfterFunc(time.Duration(moments.Int64N(int64(whole))), func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
		id := fmt.Sprintf("killed-%d", i)
		_, err := c.Solve(t.Context(), request(id))
		timer.Stop()
		if err != nil {
			killed++
			if down, ok := errors.AsType[*builder.UnreachableError](err); !ok || down.ExitStatus() != 75 || strings.Count(err.Error(), "it stopped during the build") != 1 {
				t.Errorf("%s: error is %v", id, err)
			}
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		awaitEnd(t, append(processes(t, "/step", id), pid)...)
		gone(t, dir)
		if mounted(t, dir) {
			t.Errorf("%s: a mount is left", id)
		}
	}
	if killed == 0 {
		t.Error("no build was hit")
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	shared(t) // the program of the steps
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=32m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	c := own(t, builder.Options{Embedded: builder.Embedded{Dir: dir}})
	base, contexts := program(t)
	full := func(name string, req builder.Request) {
		_, err := c.Solve(t.Context(), req)
		if e, ok := errors.AsType[*builder.FullError](err); !ok || e.ExitStatus() != 75 || strings.Count(err.Error(), "disk is full") != 1 {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	full("by a step", builder.Request{Definition: marshal(t, run(base, "fill", "fill", "/large", "64")), Contexts: contexts})
	large := map[string]string{"large": strings.Repeat("x", 48<<20)}
	full("by the context", builder.Request{Definition: marshal(t, copied("tools")), Contexts: map[string]builder.Context{"tools": {Files: large}}})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestTwoBuildsAtOnceGiveTheSameImage(t *testing.T) {
	host := registrytest.Serve(t, nil)
	base, contexts := program(t)
	def := marshal(t, run(run(base, "one", "write", "/one", "1"), "two", "write", "/two", "2"))
	c := own(t, builder.Options{})
	type outcome struct {
		result builder.Result
		err    error
	}
	ended := make(chan outcome, 2)
	for i := range 2 {
		go func() {
			r, err := c.Solve(t.Context(), builder.Request{Definition: def, Contexts: contexts, FrontendAttrs: map[string]string{"build-arg:SOURCE_DATE_EPOCH": "1"},
				Exports: []builder.Export{{Kind: builder.Push, Refs: []string{fmt.Sprintf("%s/app:%d", host, i)},
					Attrs: map[string]string{"source-date-epoch": "1", "rewrite-timestamp": "true"}}}})
			ended <- outcome{r, err}
		}()
	}
	first, second := <-ended, <-ended
	if err := errors.Join(first.err, second.err); err != nil {
		t.Fatal(err)
	}
	if first.result.Digest == "" || first.result.Digest != second.result.Digest {
		t.Errorf("digests are %s and %s", first.result.Digest, second.result.Digest)
	}
	for i := range 2 {
		if got := content(t, registrytest.Image(t, fmt.Sprintf("%s/app:%d", host, i)), "two"); got != "2" {
			t.Errorf("image %d has %q", i, got)
		}
	}
}

// roomy makes a directory for gigabytes, in memory if there is plenty.
func roomy(t *testing.T) string {
	t.Helper()
	const memory = "/dev/shm"
	var fs unix.Statfs_t
	if unix.Statfs(memory, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < 16<<30 {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "builder-test-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestOfALargeContextOnlyWhatChangedTravelsAgain sends 4 GB, of files without blocks, of which the definition uses little.
func TestOfALargeContextOnlyWhatChangedTravelsAgain(t *testing.T) {
	dir := t.TempDir()
	for i := range 64 {
		name := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(name, []byte("first"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
	c := own(t, builder.Options{Embedded: builder.Embedded{Dir: roomy(t)}})
	st := llb.Scratch().File(llb.Copy(llb.Local("app", llb.SharedKeyHint("app"), llb.WithCustomName("load app")), "/1", "/1"))
	travels := func() (int64, string) {
		var shown strings.Builder
		r := solve(t, c, builder.Request{Definition: marshal(t, st), Contexts: map[string]builder.Context{"app": {Dir: dir}},
			Progress: builder.Progress{Writer: &shown, Mode: "plain"}})
		var sum int64
		for _, s := range r.Steps {
			sum += s.Bytes
		}
		return sum, shown.String()
	}
	if n, shown := travels(); n < 4<<30 || strings.Count(shown, "transferring app:") < 2 || !strings.Contains(shown, "GB") {
		t.Errorf("%d bytes travelled, shown as\n%s", n, shown)
	}
	if err := os.WriteFile(filepath.Join(dir, "1"), []byte("second"), 0o644); err != nil {
		t.Fatal(err)
	}
	if n, shown := travels(); n > 1<<20 {
		t.Errorf("%d bytes travelled again, shown as\n%s", n, shown)
	}
}
