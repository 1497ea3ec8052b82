package forge

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/npx-action/test/forges"
)

// wire brings requests to a forge without a network, so that time can be that of a bubble. Each way takes up to delay.
type wire struct {
	forge http.Handler
	delay time.Duration
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.wait()
	answer := httptest.NewRecorder()
	w.forge.ServeHTTP(answer, r)
	w.wait()
	response := answer.Result()
	response.Request = r
	return response, nil
}

func (w wire) wait() {
	if w.delay > 0 {
		time.Sleep(rand.N(w.delay))
	}
}

const (
	writes   = "may-write"
	reads    = "may-read"
	ofTheJob = "of-the-job"
)

// A fake is what both forges of [forges] can do.
type fake interface {
	http.Handler
	Grant(secret string, token forges.Token)
	Open(number int, head string)
	Lock(number int)
	Limit(characters int)
	Paginate(size int)
	Say(number int, c forges.Comment) int64
	Change(number int, change func([]forges.Comment) []forges.Comment)
	Comments(number int) []forges.Comment
	Commit(hash string, files map[string]string)
	Fail(faults ...forges.Fault)
	Requests() []string
}

// A conversation is what both clients can do.
type conversation interface {
	Thread
	Archive(ctx context.Context, sha string) (io.ReadCloser, error)
}

// self is who the tokens belong to.
const self = "npx[bot]"

// starts make a forge each, and how a client of it is opened whose requests take up to delay each way.
var starts = map[string]func(t *testing.T, delay time.Duration) (fake, func(token string) (conversation, error)){
	"GitHub": func(t *testing.T, delay time.Duration) (fake, func(string) (conversation, error)) {
		return startGitHub(t, "https://forge.example", delay)
	},
	"GitHub Enterprise Server": func(t *testing.T, delay time.Duration) (fake, func(string) (conversation, error)) {
		return startGitHub(t, "https://forge.example/api/v3", delay)
	},
	"GitLab": func(t *testing.T, delay time.Duration) (fake, func(string) (conversation, error)) {
		g := forges.NewGitLab(t, "99")
		return g, func(token string) (conversation, error) {
			return NewGitLab(wire{g, delay}, "https://forge.example/api/v4", token, "99", 5)
		}
	},
}

func startGitHub(t *testing.T, api string, delay time.Duration) (fake, func(string) (conversation, error)) {
	g := forges.NewGitHub(t, "acme/shop")
	return g, func(token string) (conversation, error) {
		return NewGitHub(NewHTTP(wire{g, delay}), api, token, "acme/shop", 5)
	}
}

// onEach runs a test against each forge, held against its contract, in time that passes at once.
func onEach(t *testing.T, f func(t *testing.T, fake fake, as func(token string) conversation)) {
	t.Helper()
	for name := range starts {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake, as := start(t, name, 0)
				f(t, fake, as)
			})
		})
	}
}

// start makes a forge with request 5, and returns what opens its conversation.
func start(t *testing.T, name string, delay time.Duration) (fake, func(token string) conversation) {
	t.Helper()
	fake, open := starts[name](t, delay)
	fake.Grant(writes, forges.Token{Account: self, Comment: true})
	fake.Grant(reads, forges.Token{Account: self})
	fake.Grant(ofTheJob, forges.Token{Account: "ann", Comment: true, Job: true})
	fake.Open(5, "")
	return fake, func(token string) conversation {
		c, err := open(token)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func TestACommentIsWrittenChangedAndDeleted(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		c := as(writes)
		account, err := c.Self(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made, err := c.Create(t.Context(), "one")
		if err != nil || made.Author != account || made.Body != "one" {
			t.Fatalf("created %+v as %s: %v", made, account, err)
		}
		if changed, err := c.Update(t.Context(), made.ID, "two"); err != nil || changed.ID != made.ID || fake.Comments(5)[0].Body != "two" {
			t.Errorf("changed %+v: %v", changed, err)
		}
		if err := c.Delete(t.Context(), made.ID); err != nil || len(fake.Comments(5)) != 0 {
			t.Errorf("deleting: %v", err)
		}
		if err := c.Delete(t.Context(), made.ID); !errors.Is(err, ErrGone) {
			t.Errorf("deleting again: %v", err)
		}
	})
}

func TestTokensThatMayNotComment(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		for _, token := range []string{reads, "expired"} {
			if _, err := as(token).Create(t.Context(), "one"); !errors.Is(err, ErrDenied) || strings.Contains(err.Error(), token) {
				t.Errorf("%s: %v", token, err)
			}
		}
		fake.Lock(5)
		if _, err := as(writes).Create(t.Context(), "one"); !errors.Is(err, ErrDenied) {
			t.Errorf("locked: %v", err)
		}
		if n := len(fake.Comments(5)); n != 0 {
			t.Errorf("%d comments", n)
		}
	})
}

func TestAJobsOwnTokenMayNotWriteNotes(t *testing.T) {
	g := forges.NewGitLab(t, "99")
	g.Grant(ofTheJob, forges.Token{Account: "ann", Comment: true, Job: true})
	g.Open(5, "abc")
	c, err := NewGitLab(nil, g.Serve(), ofTheJob, "99", 5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), "one"); !errors.Is(err, ErrDenied) {
		t.Errorf("creating: %v", err)
	}
}

func TestACommentThatIsTooLongForTheForge(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		fake.Limit(1000)
		c := as(writes)
		if _, err := c.Create(t.Context(), strings.Repeat("é", 1001)); !errors.Is(err, ErrTooLong) {
			t.Errorf("a character too many: %v", err)
		}
		if _, err := c.Create(t.Context(), strings.Repeat("é", 1000)); err != nil {
			t.Errorf("as much as it takes: %v", err)
		}
	})
}

func TestAForgeThatFailsForTheMomentIsAskedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		for _, status := range []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusTooManyRequests} {
			fake.Fail(forges.Fault{Status: status}, forges.Fault{Status: status})
			if _, err := as(writes).Create(t.Context(), "one"); err != nil {
				t.Errorf("%d twice: %v", status, err)
			}
		}
		fake.Requests()
		down := forges.Fault{Status: http.StatusBadGateway}
		fake.Fail(down, down, down, down)
		_, err := as(writes).Create(t.Context(), "one")
		if err == nil || errors.Is(err, ErrDenied) || len(fake.Requests()) != 4 {
			t.Errorf("down for good: %v", err)
		}
	})
}

func TestGitHubsRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := forges.NewGitHub(t, "acme/shop")
		g.Grant(writes, forges.Token{Account: "npx[bot]", Comment: true})
		g.Open(5, "abc")
		thread := func() *GitHub {
			c, err := NewGitHub(NewHTTP(wire{forge: g}), "https://forge.example", writes, "acme/shop", 5)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		start := time.Now()
		g.Fail(forges.SecondaryRateLimit(40), forges.SecondaryRateLimit(7))
		if _, err := thread().Create(t.Context(), "one"); err != nil || time.Since(start) != 47*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		start = time.Now()
		for name, fault := range map[string]forges.Fault{
			"an hour":           forges.SecondaryRateLimit(3600),
			"the hour's budget": forges.RateLimit(start.Add(time.Hour).Unix()),
		} {
			g.Fail(fault)
			_, err := thread().Create(t.Context(), "two")
			if err == nil || errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "rate limit") || time.Since(start) != 0 {
				t.Errorf("%s: after %s: %v", name, time.Since(start), err)
			}
		}
		if n := len(g.Comments(5)); n != 1 {
			t.Errorf("%d comments", n)
		}
	})
}

func TestTheArchiveOfACommit(t *testing.T) {
	onEach(t, func(t *testing.T, fake fake, as func(string) conversation) {
		fake.Commit("abc123", map[string]string{"package.json": "{}"})
		r, err := as(reads).Archive(t.Context(), "abc123")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if data, err := io.ReadAll(r); err != nil || len(data) == 0 || data[0] != 0x1f {
			t.Errorf("%d bytes: %v", len(data), err)
		}
		if _, err := as(reads).Archive(t.Context(), "gone"); err == nil {
			t.Error("a commit that is not there has an archive")
		}
	})
}
