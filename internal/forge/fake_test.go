package forge

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeForge answers GitHub's and GitLab's calls for one request's comments, from memory.
type fakeForge struct {
	mu       sync.Mutex
	next     int
	comments []fakeComment
	deny     string // why the token may read only, "" if it may write
	head     string // the newest commit
	limit    int    // bytes of a comment, 0 for any
	pageSize int
	lists    int // answers
	writes   int
	refused  int
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
	case strings.HasSuffix(path, "/pulls/5"), strings.HasSuffix(path, "/merge_requests/5"):
		fmt.Fprintf(w, `{"sha":%q,"head":{"sha":%q}}`, f.head, f.head)
	case r.Method == http.MethodGet && (strings.HasSuffix(path, "/comments") || strings.HasSuffix(path, "/notes")):
		f.list(w, r)
	case r.Method == http.MethodGet:
		f.get(w, r)
	case f.deny != "":
		f.refused++
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"message":%q}`, f.deny)
	case r.Method == http.MethodPost:
		body := readBody(r)
		if f.tooLong(w, body) {
			return
		}
		f.next++
		f.writes++
		f.comments = append(f.comments, fakeComment{id: f.next, author: "bot", body: body})
		w.WriteHeader(http.StatusCreated)
		write(w, f.comments[len(f.comments)-1])
	default:
		f.change(w, r)
	}
}

func (f *fakeForge) tooLong(w http.ResponseWriter, body string) bool {
	if f.limit == 0 || len(body) <= f.limit {
		return false
	}
	w.WriteHeader(http.StatusUnprocessableEntity)
	fmt.Fprint(w, `{"message":"body is too long (maximum is 65536 characters)"}`)
	return true
}

func (f *fakeForge) get(w http.ResponseWriter, r *http.Request) {
	for _, c := range f.comments {
		if strconv.Itoa(c.id) == r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] {
			write(w, c)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func (f *fakeForge) list(w http.ResponseWriter, r *http.Request) {
	f.lists++
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
		body := readBody(r)
		if f.tooLong(w, body) {
			return
		}
		f.writes++
		f.comments[i].body = body
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

// wire brings requests to a forge without a network, so that time can be that of a bubble. Each way takes a part of a second.
type wire struct{ forge *fakeForge }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Millisecond * time.Duration(10+rand.IntN(150)))
	answer := httptest.NewRecorder()
	w.forge.ServeHTTP(answer, r)
	time.Sleep(time.Millisecond * time.Duration(10+rand.IntN(150)))
	response := answer.Result()
	response.Request = r
	return response, nil
}

// threads opens the same conversation through both clients.
func threads(t *testing.T, f *fakeForge, token string) map[string]Thread {
	t.Helper()
	wire := &wire{forge: f}
	gh, err := NewGitHub(NewHTTP(wire), "http://forge.example", token, "acme/shop", 5)
	if err != nil {
		t.Fatal(err)
	}
	gl, err := NewGitLab(wire, "http://forge.example/api/v4", token, "99", 5)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Thread{"github": gh, "gitlab": gl}
}
