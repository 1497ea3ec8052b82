//go:build world

package builder_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/org/npx-action/internal/builder"
)

// An engine keeps what is loaded into it.
type engine struct {
	archive string // file
	answer  func(http.ResponseWriter)
}

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/images/load" {
		http.NotFound(w, r)
		return
	}
	f, err := os.Create(e.archive)
	if err == nil {
		_, err = io.Copy(f, r.Body)
		f.Close()
	}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	e.answer(w)
}

func loaded(w http.ResponseWriter) {
	_ = json.NewEncoder(w).Encode(map[string]string{"stream": "Loaded image: app:one\n"})
}

func startEngine(t *testing.T, answer func(http.ResponseWriter)) (*engine, string) {
	t.Helper()
	e := &engine{archive: filepath.Join(t.TempDir(), "image.tar"), answer: answer}
	return e, startFakeEngine(t, e).Host
}

func request(t *testing.T, e builder.Engine) builder.Request {
	t.Helper()
	return builder.Request{Definition: file(t, "/loaded", "x"),
		Exports: []builder.Export{{Kind: builder.Load, Refs: []string{"app:one"}, Engine: e}}}
}

func TestLoadIntoAnEngine(t *testing.T) {
	e, host := startEngine(t, loaded)
	r := solve(t, shared(t), request(t, builder.Engine{Host: host}))
	tag, err := name.NewTag("docker.io/library/app:one")
	if err != nil {
		t.Fatal(err)
	}
	img, err := tarball.ImageFromPath(e.archive, &tag)
	if err != nil {
		t.Fatal(err)
	}
	cn, err := img.ConfigName()
	if err != nil || cn.String() != r.ConfigDigest {
		t.Errorf("the engine has %v, %v; want %s", cn, err, r.ConfigDigest)
	}
	if got := content(t, img, "loaded"); got != "x" {
		t.Errorf("the image holds %q", got)
	}
}

func TestLoadByTLS(t *testing.T) {
	e := &engine{archive: filepath.Join(t.TempDir(), "image.tar"), answer: loaded}
	engine := startSecureEngine(t, e)
	host, ca := engine.Host, engine.TLS.CA
	solve(t, shared(t), request(t, engine))
	for text, tls := range map[string]builder.TLS{
		"certificate": {ServerName: "other.example"},
		"/absent":     {CA: "/absent"},
		"holds none":  {CA: os.DevNull},
		"client cert": {CA: ca, Cert: "/absent", Key: "/absent"},
	} {
		_, err := shared(t).Solve(t.Context(), request(t, builder.Engine{Host: host, TLS: tls}))
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("with %+v: %v", tls, err)
		}
	}
}

func TestAnEngineThatDoesNotLoad(t *testing.T) {
	for text, tt := range map[string]struct {
		answer func(http.ResponseWriter)
		status int
	}{
		"no space left": {func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"stream":"x"}{"errorDetail":{"message":"no space left"},"error":"no space left"}`)
		}, 1},
		"no room": {func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"error":"no room"}`) }, 1},
		"status 400: no": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"message":"no"}`)
		}, 1},
		"status 503": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }, 75},
	} {
		_, host := startEngine(t, tt.answer)
		_, err := shared(t).Solve(t.Context(), request(t, builder.Engine{Host: host}))
		if e, ok := errors.AsType[*builder.EngineError](err); !ok || e.ExitStatus() != tt.status || !strings.Contains(err.Error(), text) {
			t.Errorf("error is %v, want %q", err, text)
		}
	}
	_, err := shared(t).Solve(t.Context(), request(t, builder.Engine{Host: "unix:///absent/docker.sock"}))
	if e, ok := errors.AsType[*builder.EngineError](err); !ok || e.ExitStatus() != 75 || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error is %v", err)
	}
}
