//go:build world

package builder_test

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// fromTar reads a file of an archive.
func fromTar(t *testing.T, r io.Reader, path string) string {
	t.Helper()
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if err != nil {
			t.Fatalf("looking for %s: %v", path, err)
		}
		if strings.Trim(h.Name, "./") == path {
			data, err := io.ReadAll(tr)
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
	}
}

func TestConnectTellsAboutTheDaemon(t *testing.T) {
	info := shared(t).Info()
	if !info.Embedded || !strings.HasPrefix(info.Address, "unix://") || info.Snapshotter == "" || len(info.Platforms) == 0 {
		t.Errorf("info is %+v", info)
	}
}

func TestOneSolveFillsAllOutputs(t *testing.T) {
	c := shared(t)
	host := registrytest.Serve(t, nil)
	base, contexts := program(t)
	contexts["generated"] = builder.Context{Files: map[string]string{"sub/in": "from memory"}}
	state := run(base.File(llb.Copy(llb.Local("generated"), "/sub/in", "/in")), "copy", "copy", "/in", "/out")
	dir := t.TempDir()
	var stream strings.Builder
	r := solve(t, c, builder.Request{
		Definition:  marshal(t, state),
		ImageConfig: []byte(`{"architecture":"amd64","os":"linux","config":{"Cmd":["/step","hold"],"Labels":{"a":"b"}}}`),
		Contexts:    contexts,
		Exports: []builder.Export{
			{Kind: builder.Push, Refs: []string{host + "/app:one", host + "/app:two"}},
			{Kind: builder.OCI, Refs: []string{"app:one"}, Dest: filepath.Join(dir, "oci.tar")},
			{Kind: builder.Docker, Refs: []string{"app:one"}, Dest: filepath.Join(dir, "docker.tar")},
			{Kind: builder.Local, Dest: filepath.Join(dir, "files")},
			{Kind: builder.Tar, Output: &stream},
		},
	})
	for _, tag := range []string{"one", "two"} {
		img := registrytest.Image(t, host+"/app:"+tag)
		d, err := img.Digest()
		if err != nil || d.String() != r.Digest {
			t.Errorf("%s is %v, %v; want %s", tag, d, err, r.Digest)
		}
		cn, err := img.ConfigName()
		if err != nil || cn.String() != r.ConfigDigest {
			t.Errorf("the configuration of %s is %v, %v; want %s", tag, cn, err, r.ConfigDigest)
		}
		cf, err := img.ConfigFile()
		if err != nil || !cmp.Equal(cf.Config.Cmd, []string{"/step", "hold"}) || cf.Config.Labels["a"] != "b" {
			t.Errorf("the configuration of %s is %+v, %v", tag, cf, err)
		}
		if got := content(t, img, "out"); got != "from memory" {
			t.Errorf("/out is %q", got)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "files/out")); err != nil || string(data) != "from memory" {
		t.Errorf("the local export has %q, %v", data, err)
	}
	if got := fromTar(t, strings.NewReader(stream.String()), "out"); got != "from memory" {
		t.Errorf("the archive has %q", got)
	}
	for name, want := range map[string]string{"oci.tar": "index.json", "docker.tar": "manifest.json"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if text := fromTar(t, f, want); text == "" {
			t.Errorf("%s has an empty %s", name, want)
		}
		f.Close()
	}
}

func TestAFreshDaemonTakesAllStepsFromTheCache(t *testing.T) {
	c := shared(t)
	host := registrytest.Serve(t, nil)
	base, contexts := program(t)
	def := marshal(t, run(run(base, "first", "write", "/a", "A"), "second", "copy", "/a", "/b"))
	cache := builder.Cache{Ref: host + "/app/cache:k", Mode: "max"}
	// With a time and a history of its own, the image does not tell which daemon made it.
	epoch := map[string]string{"build-arg:SOURCE_DATE_EPOCH": "315532800"}
	config := []byte(`{"architecture":"amd64","os":"linux","history":[{"created_by":"1"},{"created_by":"2"},{"created_by":"3"}]}`)
	first := solve(t, c, builder.Request{Definition: def, ImageConfig: config, Contexts: contexts, NoCache: true, FrontendAttrs: epoch,
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}}},
		CacheExports: []builder.Cache{cache}})
	if cached, total := first.Cached(); cached != 0 || total != 3 || !first.CacheExported || first.CacheWarning != "" {
		t.Errorf("the first build has %d of %d steps from a cache; exported %v, %q", cached, total, first.CacheExported, first.CacheWarning)
	}
	for _, s := range first.Steps {
		if s.InGraph && (s.Duration <= 0 || s.Error != "") {
			t.Errorf("step %+v", s)
		}
	}
	second := solve(t, own(t, builder.Options{}), builder.Request{Definition: def, ImageConfig: config, Contexts: contexts, FrontendAttrs: epoch,
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:2"}}},
		CacheImports: []builder.Cache{{Ref: host + "/app/cache:absent"}, cache}})
	if cached, total := second.Cached(); cached != 3 || total != 3 {
		t.Errorf("the second build has %d of %d steps from the cache: %+v", cached, total, second.Steps)
	}
	if first.Digest != second.Digest || second.CacheExported {
		t.Errorf("digests are %s and %s", first.Digest, second.Digest)
	}
}

func TestAnImageIsTheCacheOfTheNext(t *testing.T) {
	c := shared(t)
	host := registrytest.Serve(t, nil)
	base, contexts := program(t)
	req := builder.Request{Definition: marshal(t, run(run(base, "first", "write", "/a", "A"), "second", "copy", "/a", "/b")), Contexts: contexts,
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}}},
		CacheExports: []builder.Cache{{Type: builder.Inline}}}
	if r := solve(t, c, req); r.CacheWarning != "" || r.CacheExported {
		t.Errorf("exported %v, warning %q: there is no cache of its own", r.CacheExported, r.CacheWarning)
	}
	req.CacheExports = append(req.CacheExports, builder.Cache{Ref: host + "/app/cache:k", Mode: "max"})
	if r := solve(t, c, req); r.CacheWarning != "" || !r.CacheExported {
		t.Errorf("exported %v, warning %q: both caches are wanted", r.CacheExported, r.CacheWarning)
	}
	req.CacheExports, req.CacheImports = nil, []builder.Cache{{Ref: host + "/app:1"}}
	r := solve(t, own(t, builder.Options{}), req)
	for _, s := range r.Steps {
		if (s.Name == "first" || s.Name == "second") && !s.Cached {
			t.Errorf("step %q is not taken from the image", s.Name)
		}
	}
}

func TestNoCacheRunsStepsAgain(t *testing.T) {
	c := shared(t)
	base, contexts := program(t)
	req := builder.Request{Definition: marshal(t, run(base, "again", "write", "/again", "x")), Contexts: contexts}
	solve(t, c, req)
	executed := func(r builder.Result) bool {
		for _, s := range r.Steps {
			if s.Name == "again" {
				return !s.Cached
			}
		}
		t.Fatal("the step is missing")
		return false
	}
	if executed(solve(t, c, req)) {
		t.Error("a repeated step is not cached")
	}
	req.NoCache = true
	if !executed(solve(t, c, req)) {
		t.Error("the step is cached in spite of NoCache")
	}
}

func TestAFailingStepIsTold(t *testing.T) {
	base, contexts := program(t)
	var seen []string
	_, err := shared(t).Solve(t.Context(), builder.Request{
		Definition: marshal(t, run(base, "install: boom", "fail", "7", "30")), Contexts: contexts,
		Progress: builder.Progress{Step: func(s builder.Step) { seen = append(seen, s.Name) }}})
	step, ok := errors.AsType[*builder.StepError](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	if step.Name != "install: boom" || step.Command != "/step fail 7 30" || step.ExitCode != 7 || step.ExitStatus() != 1 {
		t.Errorf("error is %+v", step)
	}
	if len(step.Tail) != 20 || step.Tail[18] != "line 30" || step.Tail[19] != "the end" {
		t.Errorf("tail is %q", step.Tail)
	}
	if got, want := err.Error(), `running "install: boom": exit status 7`; got != want {
		t.Errorf("text is %q", got)
	}
	if !strings.Contains(strings.Join(seen, "|"), "install: boom") {
		t.Errorf("completed steps are %q", seen)
	}
}

func TestTheCommandOfAShellIsWhatItIsTold(t *testing.T) {
	base, contexts := program(t)
	def := marshal(t, base.Run(llb.Args([]string{"/step", "-lc", "npm ci"})).Root())
	_, err := shared(t).Solve(t.Context(), builder.Request{Definition: def, Contexts: contexts})
	if err != nil {
		t.Fatal("the program does nothing when it is told -lc")
	}
	def = marshal(t, base.Run(llb.Args([]string{"/absent", "-lc", "npm ci"})).Root())
	_, err = shared(t).Solve(t.Context(), builder.Request{Definition: def, Contexts: contexts})
	if step, ok := errors.AsType[*builder.StepError](err); !ok || step.Command != "npm ci" {
		t.Errorf("error is %v", err)
	}
}

type login struct{ user, password string }

func (l login) Credentials(_ context.Context, repo string) (string, string, error) {
	if !strings.HasSuffix(repo, "/org/app") {
		return "", "", fmt.Errorf("asked for %s", repo)
	}
	return l.user, l.password, nil
}

// guard demands a user and a password.
func guard(w http.ResponseWriter, r *http.Request) bool {
	if user, password, _ := r.BasicAuth(); user == "u" && password == "s3cret" {
		return false
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="r"`)
	http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
	return true
}

func TestPushUsesTheCredentialsInMemory(t *testing.T) {
	c := shared(t)
	host := registrytest.Serve(t, registrytest.Before(guard))
	req := builder.Request{Definition: file(t, "/a", "a"), Credentials: login{"u", "s3cret"},
		Exports: []builder.Export{{Kind: builder.Push, Refs: []string{host + "/org/app:1"}}}}
	solve(t, c, req)
	for _, credentials := range []builder.Credentials{login{"u", "hunter2"}, nil} {
		req.Credentials = credentials
		_, err := c.Solve(t.Context(), req)
		denied, ok := errors.AsType[*builder.RegistryError](err)
		if !ok || !denied.Denied || denied.Action != "pushing" || denied.Ref != host+"/org/app:1" || denied.ExitStatus() != 1 {
			t.Errorf("with %v: error is %#v", credentials, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("text is %q", err)
		}
	}
}

func TestARegistryThatIsDownIsNotTheUsersFault(t *testing.T) {
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}))
	_, err := shared(t).Solve(t.Context(), builder.Request{Definition: file(t, "/a", "a"),
		Exports: []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}}}})
	if down, ok := errors.AsType[*builder.RegistryError](err); !ok || down.Denied || down.ExitStatus() != 75 {
		t.Errorf("error is %#v", err)
	}
}

func TestAnAbsentBaseImageIsNamed(t *testing.T) {
	host := registrytest.Serve(t, nil)
	_, err := shared(t).Solve(t.Context(), builder.Request{Definition: marshal(t, llb.Image(host+"/base:none"))})
	missing, ok := errors.AsType[*builder.RegistryError](err)
	if !ok || !missing.NotFound || missing.Action != "pulling" || missing.Ref != host+"/base:none" || missing.ExitStatus() != 1 {
		t.Errorf("error is %#v", err)
	}
}

func TestACacheThatCannotBeWritten(t *testing.T) {
	c := shared(t)
	var puts atomic.Int32
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/cache/") || r.Method == http.MethodGet || r.Method == http.MethodHead {
			return false
		}
		puts.Add(1)
		w.WriteHeader(http.StatusForbidden)
		return true
	}))
	base, contexts := program(t)
	req := builder.Request{Definition: marshal(t, run(base, "keep", "write", "/keep", "x")), Contexts: contexts,
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}}},
		CacheExports: []builder.Cache{{Ref: host + "/cache:1", IgnoreError: true}}}
	r := solve(t, c, req)
	if r.CacheExported || !strings.Contains(r.CacheWarning, "403") || r.Digest == "" || puts.Load() == 0 {
		t.Errorf("exported %v, warning %q, digest %q", r.CacheExported, r.CacheWarning, r.Digest)
	}
	req.CacheExports[0].IgnoreError = false
	_, err := c.Solve(t.Context(), req)
	if denied, ok := errors.AsType[*builder.RegistryError](err); !ok || !denied.Denied || denied.Action != "exporting the cache to" {
		t.Errorf("error is %#v", err)
	}
}

func TestSecretsReachTheStepAndNotTheImage(t *testing.T) {
	base, contexts := program(t)
	def := marshal(t, base.Run(llb.Args([]string{"/step", "copy", "/run/secrets/s", "/seen"}),
		llb.AddSecret("/run/secrets/s", llb.SecretID("s"))).Root())
	dir := t.TempDir()
	solve(t, shared(t), builder.Request{Definition: def, Contexts: contexts, Secrets: map[string][]byte{"s": []byte("hush")},
		Exports: []builder.Export{{Kind: builder.Local, Dest: dir}}})
	if data, err := os.ReadFile(filepath.Join(dir, "seen")); err != nil || string(data) != "hush" {
		t.Errorf("the step saw %q, %v", data, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "run/secrets/s")); err == nil && len(data) > 0 {
		t.Errorf("the image holds %q", data)
	}
}

func TestProgressGoesThroughTheFilter(t *testing.T) {
	base, contexts := program(t)
	var out strings.Builder
	solve(t, shared(t), builder.Request{Definition: marshal(t, run(base, "loud", "write", "/loud", "x")), Contexts: contexts, NoCache: true,
		Progress: builder.Progress{Writer: &out, Mode: "tty", Filter: func(w io.Writer) io.Writer { return upper{w} }}})
	if got := out.String(); !strings.Contains(got, "WROTE /LOUD") || strings.Contains(got, "wrote") {
		t.Errorf("progress is %q", got)
	}
	for _, mode := range []string{"rawjson", "tty", "nonsense"} {
		_, err := shared(t).Solve(t.Context(), builder.Request{Definition: file(t, "/a", "a"), Progress: builder.Progress{Writer: &out, Mode: mode}})
		if err == nil || !strings.Contains(err.Error(), "progress mode") {
			t.Errorf("mode %s: %v", mode, err)
		}
	}
}

type upper struct{ w io.Writer }

func (u upper) Write(p []byte) (int, error) {
	_, err := u.w.Write([]byte(strings.ToUpper(string(p))))
	return len(p), err
}

func TestBadRequestsAreRefused(t *testing.T) {
	c := shared(t)
	def := file(t, "/a", "a")
	for want, req := range map[string]builder.Request{
		"the definition is empty":        {},
		"needs the image's name":         {Definition: def, Exports: []builder.Export{{Kind: builder.Push}}},
		`"UPPER:a:b" is not`:             {Definition: def, Exports: []builder.Export{{Kind: builder.Push, Refs: []string{"UPPER:a:b"}}}},
		"needs a directory":              {Definition: def, Exports: []builder.Export{{Kind: builder.Local}}},
		"needs a file":                   {Definition: def, Exports: []builder.Export{{Kind: builder.OCI}}},
		`export "zip": there is no such`: {Definition: def, Exports: []builder.Export{{Kind: "zip"}}},
		`engine's address "ssh://h"`:     {Definition: def, Exports: []builder.Export{{Kind: builder.Load, Engine: builder.Engine{Host: "ssh://h"}}}},
		`context "a": invalid path`:      {Definition: def, Contexts: map[string]builder.Context{"a": {Files: map[string]string{"../x": ""}}}},
		`opening build context "b"`:      {Definition: def, Contexts: map[string]builder.Context{"b": {Dir: "/absent"}}},
		`platform "a/b/c/d"`:             {Definition: def, Platform: "a/b/c/d"},
	} {
		if _, err := c.Solve(t.Context(), req); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
}

func TestAFileAppearsOnlyWhenTheBuildIsDone(t *testing.T) {
	dir := t.TempDir()
	host := registrytest.Serve(t, registrytest.Before(guard))
	_, err := shared(t).Solve(t.Context(), builder.Request{Definition: file(t, "/a", "a"), Exports: []builder.Export{
		{Kind: builder.OCI, Dest: filepath.Join(dir, "image.tar")}, {Kind: builder.Push, Refs: []string{host + "/app:1"}}}})
	if err == nil {
		t.Fatal("the push was not refused")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("files are %v, %v", entries, err)
	}
}
