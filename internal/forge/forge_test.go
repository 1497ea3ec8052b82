package forge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeForge answers GitHub's and GitLab's calls for one request's comments, from memory.
type fakeForge struct {
	mu       sync.Mutex
	next     int
	comments []fakeComment
	deny     bool // the token may read only
	pageSize int
}

type fakeComment struct {
	id     int
	author string // GitHub's login; GitLab's account has the number 7 for "bot"
	body   string
	system bool
}

func (f *fakeForge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := r.URL.Path
	switch {
	case r.Header.Get("Authorization") != "Bearer secret" && r.Header.Get("PRIVATE-TOKEN") != "secret":
		w.WriteHeader(http.StatusUnauthorized)
	case path == "/graphql":
		fmt.Fprint(w, `{"data":{"viewer":{"login":"bot"}}}`)
	case path == "/api/v4/user":
		fmt.Fprint(w, `{"id":7}`)
	case r.Method == http.MethodGet:
		f.list(w, r)
	case f.deny:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message":"Resource not accessible by integration"}`)
	case r.Method == http.MethodPost:
		f.next++
		f.comments = append(f.comments, fakeComment{id: f.next, author: "bot", body: readBody(r)})
		w.WriteHeader(http.StatusCreated)
		write(w, f.comments[len(f.comments)-1])
	default:
		f.change(w, r)
	}
}

func (f *fakeForge) list(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size := f.pageSize
	if size == 0 {
		size = 100
	}
	from := min((page-1)*size, len(f.comments))
	to := min(from+size, len(f.comments))
	if to < len(f.comments) {
		w.Header().Set("X-Next-Page", strconv.Itoa(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, page+1))
	}
	out := []any{}
	for _, c := range f.comments[from:to] {
		out = append(out, c.json())
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (f *fakeForge) change(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
	for i, c := range f.comments {
		if c.id != id {
			continue
		}
		if r.Method == http.MethodDelete {
			f.comments = append(f.comments[:i], f.comments[i+1:]...)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		f.comments[i].body = readBody(r)
		write(w, f.comments[i])
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

func (c fakeComment) json() map[string]any {
	account := 8
	if c.author == "bot" {
		account = 7
	}
	return map[string]any{"id": c.id, "body": c.body, "system": c.system,
		"user": map[string]any{"login": c.author + "[bot]"}, "author": map[string]any{"id": account}}
}

func write(w http.ResponseWriter, c fakeComment) { _ = json.NewEncoder(w).Encode(c.json()) }

func readBody(r *http.Request) string {
	var v struct{ Body string }
	b, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(b, &v)
	return v.Body
}

// threads opens the same conversation through both clients.
func threads(t *testing.T, f *fakeForge, token string) map[string]Thread {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	gh, err := NewGitHub(NewHTTP(nil), srv.URL, token, "acme/shop", 5)
	if err != nil {
		t.Fatal(err)
	}
	gl, err := NewGitLab(nil, srv.URL+"/api/v4", token, "99", 5)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Thread{"github": gh, "gitlab": gl}
}

func stamp(run int64) Stamp { return Stamp{Key: "app", Run: run, Attempt: 1, SHA: "ABC123"} }

func TestUpsertKeepsOneComment(t *testing.T) {
	for _, system := range []string{"github", "gitlab"} {
		t.Run(system, func(t *testing.T) {
			f := &fakeForge{pageSize: 2}
			thread := threads(t, f, "secret")[system]
			forged, _ := stamped(stamp(99), "forged")
			f.comments = []fakeComment{
				{id: 901, author: "someone", body: forged},
				{id: 902, author: "bot", body: "> quoted\n" + forged},
				{id: 903, author: "bot", body: "text", system: true},
			}
			steps := []struct {
				run  int64
				body string
				want Outcome
			}{
				{1, "one", Created}, {2, "one", Unchanged}, {2, "two", Updated}, {1, "late", Stale}, {3, "three", Updated},
			}
			for _, s := range steps {
				c, got, err := Upsert(t.Context(), thread, stamp(s.run), s.body, true)
				if err != nil || got != s.want {
					t.Fatalf("run %d %q: %v, %v, want %v", s.run, s.body, got, err, s.want)
				}
				if c.ID != 1 {
					t.Errorf("run %d wrote comment %d", s.run, c.ID)
				}
			}
			if len(f.comments) != 4 || !strings.HasSuffix(f.comments[3].body, "\nthree") {
				t.Errorf("comments: %+v", f.comments)
			}
			other := Stamp{Key: "other", Run: 1}
			if _, got, err := Upsert(t.Context(), thread, other, "x", false); err != nil || got != Unchanged || len(f.comments) != 4 {
				t.Errorf("update only: %v, %v", got, err)
			}
		})
	}
}

func TestUpsertHealsDuplicates(t *testing.T) {
	f := &fakeForge{}
	a, _ := stamped(stamp(1), "a")
	b, _ := stamped(stamp(1), "b")
	f.comments = []fakeComment{{id: 11, author: "bot", body: a}, {id: 12, author: "bot", body: b}}
	if _, _, err := Upsert(t.Context(), threads(t, f, "secret")["github"], stamp(2), "c", true); err != nil {
		t.Fatal(err)
	}
	if len(f.comments) != 1 || f.comments[0].id != 11 || !strings.HasSuffix(f.comments[0].body, "\nc") {
		t.Errorf("comments: %+v", f.comments)
	}
}

func TestUpsertWithoutPermission(t *testing.T) {
	for system, token := range map[string]string{"github": "secret", "gitlab": "wrong"} {
		_, _, err := Upsert(t.Context(), threads(t, &fakeForge{deny: true}, token)[system], stamp(1), "x", true)
		if !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", system, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error holds the token: %v", system, err)
		}
	}
}

// vanishing deletes the comment between the list and the update.
type vanishing struct {
	Thread
	f *fakeForge
}

func (v vanishing) Update(ctx context.Context, id int64, body string) (Comment, error) {
	v.f.mu.Lock()
	v.f.comments = nil
	v.f.mu.Unlock()
	return v.Thread.Update(ctx, id, body)
}

func TestUpsertCreatesAgainWhatWasDeletedMeanwhile(t *testing.T) {
	for _, system := range []string{"github", "gitlab"} {
		f := &fakeForge{}
		thread := threads(t, f, "secret")[system]
		if _, _, err := Upsert(t.Context(), thread, stamp(1), "a", true); err != nil {
			t.Fatal(err)
		}
		_, got, err := Upsert(t.Context(), vanishing{thread, f}, stamp(2), "b", true)
		if err != nil || got != Created || len(f.comments) != 1 {
			t.Errorf("%s: %v, %v, %+v", system, got, err, f.comments)
		}
	}
}

func TestMarkerHoldsNothingForeign(t *testing.T) {
	text, _ := stamped(Stamp{Key: "--> @all", SHA: "--><img>", Run: -1}, "body")
	first, _, _ := strings.Cut(text, "\n")
	if strings.Count(first, "-->") != 1 || strings.Contains(first, "@") || strings.Contains(first, "img") {
		t.Errorf("marker: %s", first)
	}
	if _, ok := parseMark(strings.ReplaceAll(text, "\n", "\r\n")); !ok {
		t.Error("a forge's line ends hide the marker")
	}
}
