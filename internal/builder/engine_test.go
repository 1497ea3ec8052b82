package builder_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/builder"
)

func TestAnEngineThatDoesNotAnswerIsNamedWithTheReason(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, `{"message":"it is not well"}`)
	}))
	t.Cleanup(sick.Close)
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.24") }))
	t.Cleanup(old.Close)
	for host, why := range map[string]string{
		"unix:///absent/sock":                    "dial unix /absent/sock: connect: no such file or directory",
		"tcp://" + closed:                        "dial tcp " + closed + ": connect: connection refused",
		"tcp://" + sick.Listener.Addr().String(): "status 500: it is not well",
		"tcp://" + old.Listener.Addr().String():  "status 400: API version 1.24 is not supported by this client: the minimum supported API version is 1.40",
	} {
		want := "no Docker engine answers at " + host + ": " + why + "; "
		if err := (builder.Engine{Host: host}).Reach(t.Context()); exitStatus(err) != 75 || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

// environmentVariable makes the test below the process whose environment it is about.
const environmentVariable = "BUILDER_TEST_ENGINE"

func TestAnEngineIsReachedAsItsOptionsSayAndNotTheEnvironment(t *testing.T) {
	if host := os.Getenv(environmentVariable); host != "" {
		if err := (builder.Engine{Host: host}).Reach(t.Context()); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if (builder.Engine{Host: "tcp://engine.invalid:2375"}).Reach(ctx) == nil {
			t.Error("a proxy answers for an engine that is not there")
		}
		return
	}
	engine := startFakeEngine(t, http.NotFoundHandler())
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(proxy.Close)
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), environmentVariable+"="+engine.Host, "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL,
		"DOCKER_HOST=unix:///absent/sock", "DOCKER_API_VERSION=1.99", "DOCKER_CERT_PATH=/absent", "DOCKER_TLS_VERIFY=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// startSecureEngine serves an engine's API by TLS.
func startSecureEngine(t *testing.T, h http.Handler) builder.Engine {
	t.Helper()
	srv := httptest.NewUnstartedServer(engineAPI(h))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return builder.Engine{Host: "tcp://" + srv.Listener.Addr().String(), TLS: builder.TLS{CA: ca}}
}

func TestStreamsOfAContainerPassByTLS(t *testing.T) {
	e := &engineOfOne{}
	o := siblingOptions(t, e)
	o.Engine = startSecureEngine(t, e)
	said := &strings.Builder{}
	o.Log = said
	c, err := builder.ConnectBeside(t.Context(), o, ownMounts, nil)
	if err != nil {
		t.Fatal(err)
	}
	e.output <- "it listens\n"
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	e.untouched(t, o)
	if said.String() != "it listens\n" {
		t.Errorf("log is %q", said)
	}
	o.Engine.TLS.ServerName = "other.example"
	if err := o.Engine.Reach(t.Context()); err == nil || !strings.Contains(err.Error(), ": tls: ") {
		t.Errorf("by another name: %v", err)
	}
}
