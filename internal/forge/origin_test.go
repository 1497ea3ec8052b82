package forge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clients open a conversation with a forge at an address, with a token.
var clients = map[string]func(api string, base http.RoundTripper) (conversation, error){
	"GitHub": func(api string, base http.RoundTripper) (conversation, error) {
		return NewGitHub(NewHTTP(base), api, "the-token", "acme/shop", 5)
	},
	"GitLab": func(api string, base http.RoundTripper) (conversation, error) {
		return NewGitLab(base, api+"/api/v4", "the-token", "99", 5)
	},
}

// A listener notes the headers of all requests that reach it.
type listener struct {
	mu   sync.Mutex
	seen []http.Header
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	l.seen = append(l.seen, r.Header.Clone())
	l.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

func (l *listener) sawToken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.seen {
		for _, values := range h {
			if strings.Contains(strings.Join(values, " "), "the-token") {
				return true
			}
		}
	}
	return false
}

func TestATokenFollowsNoRedirectToAnotherHost(t *testing.T) {
	for name, open := range clients {
		for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			other := &listener{}
			elsewhere := httptest.NewServer(other)
			defer elsewhere.Close()
			own := &listener{}
			forge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				own.ServeHTTP(httptest.NewRecorder(), r)
				http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
			}))
			defer forge.Close()
			c, err := open(forge.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			for call, do := range map[string]func() error{
				"self":    func() error { _, err := c.Self(t.Context()); return err },
				"head":    func() error { _, err := c.Head(t.Context()); return err },
				"list":    func() error { _, _, err := c.List(t.Context(), 1); return err },
				"create":  func() error { _, err := c.Create(t.Context(), "one"); return err },
				"update":  func() error { _, err := c.Update(t.Context(), 1, "one"); return err },
				"delete":  func() error { return c.Delete(t.Context(), 1) },
				"archive": func() error { _, err := c.Archive(t.Context(), "abc123"); return err },
			} {
				err := do()
				if other.sawToken() {
					t.Fatalf("%s, %s, %d: the token was sent to another host", name, call, status)
				}
				if err != nil && strings.Contains(err.Error(), "the-token") {
					t.Errorf("%s, %s, %d: the error has the token: %v", name, call, status, err)
				}
			}
			if !own.sawToken() {
				t.Errorf("%s: the token did not reach its own host", name)
			}
		}
	}
}

func TestARedirectOfTheForgeToItselfIsFollowed(t *testing.T) {
	for name, open := range clients {
		forge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "/moved") {
				http.Redirect(w, r, "/moved"+r.URL.Path, http.StatusTemporaryRedirect)
				return
			}
			(&listener{}).ServeHTTP(w, r)
		}))
		defer forge.Close()
		c, err := open(forge.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Head(t.Context()); err != nil {
			t.Errorf("%s: a renamed project: %v", name, err)
		}
	}
}

func TestATokenIsSentOverTLSOnly(t *testing.T) {
	for name, open := range clients {
		for api, ok := range map[string]bool{
			"https://forge.example": true, "https://forge.example:8443": true, "http://127.0.0.1:8080": true, "http://[::1]:80": true, "http://localhost:80": true,
			"http://forge.example": false, "http://10.1.2.3": false, "http://localhost.example": false, "forge.example": false, "https://u:the-token@forge.example": false,
		} {
			_, err := open(api, nil)
			if (err == nil) != ok {
				t.Errorf("%s at %s: %v", name, api, err)
			}
			if err != nil && strings.Contains(err.Error(), "the-token") {
				t.Errorf("%s: the error has a password: %v", name, err)
			}
		}
	}
}

func TestAnArchiveIsNotFetchedWithoutTLS(t *testing.T) {
	other := &listener{}
	elsewhere := httptest.NewServer(other)
	defer elsewhere.Close()
	for name, to := range map[string]string{"link": "http://codeload.example/abc", "redirect of the link": "https://codeload.example/again"} {
		hops := transport(func(r *http.Request) (*http.Response, error) {
			answer := httptest.NewRecorder()
			switch {
			case r.URL.Scheme == "http":
				t.Errorf("%s: %s was asked", name, r.URL)
			case strings.HasSuffix(r.URL.Path, "/again"):
				http.Redirect(answer, r, "http://codeload.example/abc", http.StatusFound)
			default:
				http.Redirect(answer, r, to, http.StatusFound)
			}
			resp := answer.Result()
			resp.Request = r
			return resp, nil
		})
		c, err := NewGitHub(NewHTTP(hops), "https://forge.example", "the-token", "acme/shop", 5)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Archive(t.Context(), "abc123"); err == nil || !strings.Contains(err.Error(), "without TLS") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A transport is a function that answers requests.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A drip is a body that gives a blank every few seconds, for ever.
type drip struct{ ctx context.Context }

func (d drip) Read(p []byte) (int, error) {
	select {
	case <-time.After(5 * time.Second):
		p[0] = ' '
		return 1, nil
	case <-d.ctx.Done():
		return 0, context.Cause(d.ctx)
	}
}

func (drip) Close() error { return nil }

func TestAForgeThatSendsAByteNowAndThenDoesNotHoldTheJob(t *testing.T) {
	slow := transport(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/tarball/abc123") {
			return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://codeload.example/abc"}}, Body: http.NoBody, Request: r}, nil
		}
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: drip{r.Context()}, Request: r}, nil
	})
	for name, open := range clients {
		synctest.Test(t, func(t *testing.T) {
			c, err := open("https://forge.example", slow)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, _, err = Upsert(t.Context(), c, Post{Key: "app", Part: "app", Create: true, Text: func(int) string { return "text" }})
			if took := time.Since(start); !errors.Is(err, errSlow) || took > patience {
				t.Errorf("%s: a comment: %v after %s", name, err, took)
			}
			start = time.Now()
			r, err := c.Archive(t.Context(), "abc123")
			if err == nil {
				_, err = io.Copy(io.Discard, r)
				r.Close()
			}
			if took := time.Since(start); err == nil || took > 2*patience {
				t.Errorf("%s: an archive: %v after %s", name, err, took)
			}
		})
	}
}
