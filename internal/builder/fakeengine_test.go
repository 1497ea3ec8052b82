package builder_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

// engineVersion is the version of the API that our fakes speak. It is older than the client's, which has to come down to it.
const engineVersion = "1.44"

// engineAPI answers the ping of a client, and hands on the requests of the version that it tells. What a handler writes is JSON unless it says
// otherwise, as engines have it.
func engineAPI(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, versioned := strings.CutPrefix(r.URL.Path, "/v"+engineVersion)
		switch {
		case r.URL.Path == "/_ping":
			w.Header().Set("Api-Version", engineVersion)
		case !versioned:
			http.Error(w, "the request is not of version "+engineVersion, http.StatusBadRequest)
		default:
			w.Header().Set("Content-Type", "application/json")
			r.URL.Path = path
			h.ServeHTTP(w, r)
		}
	})
}

// startFakeEngine serves an engine's API at a socket.
func startFakeEngine(t *testing.T, h http.Handler) builder.Engine {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: engineAPI(h)}}
	srv.Start()
	t.Cleanup(srv.Close)
	return builder.Engine{Host: "unix://" + l.Addr().String()}
}

// upgrade takes the connection of a request, as an engine does for a container's streams.
func upgrade(w http.ResponseWriter, r *http.Request) (net.Conn, error) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n", r.Header.Get("Upgrade"))
	return conn, nil
}
