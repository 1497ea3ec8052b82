// Package registrytest serves registries in memory, fills them, reads them and breaks them, for tests. What goes wrong ends the test.
package registrytest

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	fake "github.com/google/go-containerregistry/pkg/registry"
)

// New is an empty registry in memory. It handles a request when all of its body is there. The library alone reads bodies under one lock of
// all uploads. BuildKit opens the uploads of a cache before it may send them, four at a time: where the four wait for that lock, none goes on.
func New(options ...fake.Option) http.Handler {
	registry := fake.New(append([]fake.Option{fake.Logger(log.New(io.Discard, "", 0))}, options...)...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		registry.ServeHTTP(w, r)
	})
}

// Serve starts an empty registry behind wrap, if that is not nil, and returns its host and port on loopback, where it speaks HTTP.
func Serve(t testing.TB, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	handler := New()
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// Before is for [Serve]: answer sees each request before the registry, and reports whether it has answered in the registry's place.
func Before(answer func(http.ResponseWriter, *http.Request) bool) func(http.Handler) http.Handler {
	return func(registry http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !answer(w, r) {
				registry.ServeHTTP(w, r)
			}
		})
	}
}

func parse(t testing.TB, ref string) name.Reference {
	t.Helper()
	parsed, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
