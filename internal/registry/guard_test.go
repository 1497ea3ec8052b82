package registry_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/npx-action/internal/registry"
)

// serveAt answers at a loopback address other than the usual one.
func serveAt(t *testing.T, address string, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// port is where a server listens.
func port(s *httptest.Server) string {
	_, p, _ := net.SplitHostPort(s.Listener.Addr().String())
	return p
}

func TestARegistryLeadsToNoNeighbor(t *testing.T) {
	for title, lead := range map[string]func(w http.ResponseWriter, r *http.Request, to string){
		"realm": func(w http.ResponseWriter, _ *http.Request, to string) {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="x"`, to+"/token"))
			w.WriteHeader(http.StatusUnauthorized)
		},
		"redirect of the first answer": func(w http.ResponseWriter, r *http.Request, to string) {
			http.Redirect(w, r, to+r.URL.Path, http.StatusTemporaryRedirect)
		},
		"redirect of a manifest": func(w http.ResponseWriter, r *http.Request, to string) {
			if strings.Contains(r.URL.Path, "/manifests/") {
				http.Redirect(w, r, to+r.URL.Path, http.StatusTemporaryRedirect)
			}
		},
		"place of an upload": func(w http.ResponseWriter, r *http.Request, to string) {
			if r.Method == http.MethodPost {
				w.Header().Set("Location", to+"/upload")
				w.WriteHeader(http.StatusAccepted)
			}
		},
	} {
		for _, name := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
			var asked atomic.Int32
			neighbor := serveAt(t, "127.0.0.1", func(http.ResponseWriter, *http.Request) { asked.Add(1) })
			evil := serveAt(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) { lead(w, r, "http://"+name+":"+port(neighbor)) })
			c := &registry.Client{Pause: time.Microsecond, Silence: time.Second}
			c.Pretend(func(a netip.Addr) bool { return a.String() == "127.0.0.2" }, nil)
			ref := "127.0.0.2:" + port(evil) + "/app:x"
			_, _, err := c.Exists(t.Context(), ref)
			if title == "place of an upload" {
				err = c.Note(t.Context(), ref, map[string]string{"a": "b"})
			}
			if asked.Load() > 0 {
				t.Errorf("%s to %s: the neighbor was asked", title, name)
			}
			if err == nil {
				t.Errorf("%s to %s: no error", title, name)
			}
			var refused *registry.RefusedError
			if errors.As(err, &refused) && (refused.ExitStatus() != 1 || !strings.Contains(err.Error(), "leads to a loopback address")) {
				t.Errorf("%s to %s: %v", title, name, err)
			}
		}
	}
}

func TestARegistryOfThisMachineLeadsToThisMachine(t *testing.T) {
	var token atomic.Bool
	auth := serveAt(t, "127.0.0.1", func(w http.ResponseWriter, _ *http.Request) {
		token.Store(true)
		fmt.Fprint(w, `{"token":"t"}`)
	})
	own := serveAt(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t" {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="x"`, "http://localhost:"+port(auth)))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	found, _, err := (&registry.Client{Pause: time.Microsecond}).Exists(t.Context(), "127.0.0.1:"+port(own)+"/app:x")
	if err != nil || found || !token.Load() {
		t.Errorf("got %v, %v, token %v", found, err, token.Load())
	}
}

func TestAPasswordIsNotSentWithoutTLS(t *testing.T) {
	var seen atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		seen.Add(1)
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(srv.Close)
	for _, host := range []string{"10.1.2.3", "192.168.7.7", "172.16.0.1:5000", "registry.example"} {
		for _, insecure := range [][]string{nil, {host}} {
			seen.Store(0)
			c := &registry.Client{Pause: time.Microsecond, Insecure: insecure,
				Keychain: &registry.Keychain{Entries: []registry.Credential{{Prefix: host, Username: "me", Password: "hunter2"}}}}
			c.Pretend(func(netip.Addr) bool { return false }, func(string) string { return srv.Listener.Addr().String() })
			err := c.CanPush(t.Context(), host+"/app")
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: %v", host, err)
			}
			if sent := seen.Load() > 0; sent != (insecure != nil) {
				t.Errorf("%s, insecure %q: asked without TLS: %v, %v", host, insecure, sent, err)
			}
			var refused *registry.RefusedError
			if insecure == nil && strings.Contains(host, "1") && !errors.As(err, &refused) {
				t.Errorf("%s: %v", host, err)
			}
		}
	}
}

func TestCredentialsAreForTheirOwnHost(t *testing.T) {
	var stolen atomic.Bool
	other := serveAt(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			stolen.Store(true)
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	for title, challenge := range map[string]string{"basic": `Basic realm="x"`, "bearer": ""} {
		own := serveAt(t, "127.0.0.1", nil)
		own.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/token", r.Header.Get("Authorization") != "" && r.URL.Path != "/v2/":
				http.Redirect(w, r, other.URL+"/elsewhere", http.StatusTemporaryRedirect)
			case challenge == "":
				w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="x"`, own.URL+"/token"))
				w.WriteHeader(http.StatusUnauthorized)
			default:
				w.Header().Set("WWW-Authenticate", challenge)
				w.WriteHeader(http.StatusUnauthorized)
			}
		})
		host := "127.0.0.1:" + port(own)
		c := &registry.Client{Pause: time.Microsecond, Keychain: &registry.Keychain{Entries: []registry.Credential{{Prefix: host, Username: "me", Password: "hunter2"}}}}
		if _, _, err := c.Exists(t.Context(), host+"/app:x"); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", title, err)
		}
		if stolen.Load() {
			t.Fatalf("%s: another host got the password", title)
		}
	}
}

func TestTheReachOfAnAddress(t *testing.T) {
	for text, want := range map[string]string{
		"93.184.215.14": "a public", "2606:2800:21f::1": "a public",
		"10.0.0.1": "a private", "172.31.255.255": "a private", "192.168.0.1": "a private", "fd00:ec2::254": "a private", "100.100.100.200": "a private",
		"192.0.0.192": "a private", "::ffff:10.0.0.1": "a private", "64:ff9b::a00:1": "a private", "fec0::1": "a private",
		"127.0.0.1": "a loopback", "127.9.9.9": "a loopback", "::1": "a loopback", "::ffff:127.0.0.1": "a loopback", "64:ff9b::7f00:1": "a loopback",
		"169.254.169.254": "a link-local", "fe80::1%eth0": "a link-local", "0.0.0.0": "a link-local", "::": "a link-local", "0.1.2.3": "a link-local",
		"224.0.0.1": "a link-local", "255.255.255.255": "a link-local", "64:ff9b::a9fe:a9fe": "a link-local",
	} {
		if got := registry.ReachOf(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is %s address, want %s", text, got, want)
		}
	}
}
