package forges

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// A GitHub has one repository. It is a [http.Handler] of the REST API, of what the client asks of GraphQL, and of the archives of
// commits, also under the paths of an Enterprise Server.
type GitHub struct {
	memory
	repository string
	contract   *contract
	answers    map[string]func(*http.Request, Token) reply // by operation
}

// NewGitHub returns a GitHub with the repository owner/name. A comment may have 65,536 characters there.
func NewGitHub(t testing.TB, repository string) *GitHub {
	t.Helper()
	g := &GitHub{memory: newMemory(t, 65536), repository: repository, contract: newContract(t)}
	g.answers = map[string]func(*http.Request, Token) reply{
		"issues/list-comments":           g.list,
		"issues/create-comment":          g.create,
		"issues/get-comment":             g.comment,
		"issues/update-comment":          g.update,
		"issues/delete-comment":          g.remove,
		"pulls/get":                      g.pull,
		"repos/download-tarball-archive": g.archive,
		"repos/list-branches":            g.branchesOf,

		"repos/compare-commits-with-basehead": g.compare,
	}
	return g
}

// Serve returns the URL of the API on loopback, until the test ends.
func (g *GitHub) Serve() string { return serve(g.t, g).URL }

// ServeHTTP implements [http.Handler].
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/graphql" {
		r.URL.Path = "/graphql"
	}
	r.URL.Path = strings.TrimPrefix(r.URL.Path, "/api/v3")
	route, ok := g.contract.operation(r)
	hash, download := strings.CutPrefix(r.URL.Path, "/codeload/")
	switch {
	case ok:
		(&checked{route, g.broken, g.authorized(g.answers[route.Operation.OperationID])}).ServeHTTP(w, r)
	case r.Method == http.MethodPost && r.URL.Path == "/graphql":
		g.authorized(g.graphQL).ServeHTTP(w, r)
	case download:
		g.download(w, r, hash)
	default:
		g.broken(r, "GitHub is not asked for that")
		notFound.write(w)
	}
}

// SecondaryRateLimit is what GitHub answers to a client that writes too fast.
func SecondaryRateLimit(retryAfter int) Fault {
	return Fault{http.StatusForbidden, map[string]string{"Retry-After": strconv.Itoa(retryAfter)},
		`{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",` +
			`"documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`}
}

// RateLimit is what GitHub answers to a token that has used up its hour.
func RateLimit(reset int64) Fault {
	return Fault{http.StatusForbidden, map[string]string{"X-Ratelimit-Limit": "1000", "X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": strconv.FormatInt(reset, 10)},
		`{"message":"API rate limit exceeded for installation.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}`}
}

// A reply is an answer before it is written.
type reply struct {
	status int
	header map[string]string
	body   any    // nil for none
	raw    []byte // in place of body
}

func failure(status int, message string) reply {
	return reply{status: status, body: map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status)}}
}

var notFound = failure(http.StatusNotFound, "Not Found")

func (f Fault) reply() reply {
	if f.Body != "" {
		return reply{status: f.Status, header: f.Header, body: json.RawMessage(f.Body)}
	}
	r := failure(f.Status, http.StatusText(f.Status))
	r.header = f.Header
	return r
}

func (a reply) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body != nil {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.raw)
	if a.body != nil {
		_ = json.NewEncoder(w).Encode(a.body) // to a client that may be gone
	}
}

// authorized finds out who asks, and locks the memory while it is answered.
func (g *GitHub) authorized(answer func(*http.Request, Token) reply) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		secret, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		token, known := g.tokens[secret]
		owner, repo := r.PathValue("owner"), r.PathValue("repo")
		fault := g.fault(r)
		switch {
		case fault != nil:
			fault.reply().write(w)
		case !bearer || !known:
			failure(http.StatusUnauthorized, "Bad credentials").write(w)
		case owner != "" && !strings.EqualFold(owner+"/"+repo, g.repository):
			notFound.write(w)
		default:
			answer(r, token).write(w)
		}
	})
}

func (g *GitHub) list(r *http.Request, _ Token) reply {
	t, number := g.thread(r, "issue_number")
	if t == nil {
		return notFound
	}
	page, from, to, more := g.page(r, "per_page", 30, len(t.comments))
	out := []any{}
	for _, c := range t.comments[from:to] {
		out = append(out, g.show(r, number, c))
	}
	header := map[string]string{}
	if more {
		next := *r.URL
		query := next.Query()
		query.Set("page", strconv.Itoa(page+1))
		next.RawQuery = query.Encode()
		header["Link"] = fmt.Sprintf(`<%s%s>; rel="next"`, address(r), next.RequestURI())
	}
	return reply{status: http.StatusOK, header: header, body: out}
}

func (g *GitHub) create(r *http.Request, token Token) reply {
	t, number := g.thread(r, "issue_number")
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	body, refusal, ok := g.body(r)
	if !ok {
		return refusal
	}
	c := g.add(t, Comment{Author: token.Account, Body: body})
	return reply{status: http.StatusCreated, body: g.show(r, number, c)}
}

func (g *GitHub) comment(r *http.Request, _ Token) reply {
	t, i, number := g.commentOf(r)
	if t == nil {
		return notFound
	}
	return reply{status: http.StatusOK, body: g.show(r, number, t.comments[i])}
}

func (g *GitHub) update(r *http.Request, token Token) reply {
	t, i, number := g.commentOf(r)
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	body, refusal, ok := g.body(r)
	if !ok {
		return refusal
	}
	t.comments[i].Body = body
	return reply{status: http.StatusOK, body: g.show(r, number, t.comments[i])}
}

func (g *GitHub) remove(r *http.Request, token Token) reply {
	t, i, _ := g.commentOf(r)
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	t.comments = append(t.comments[:i:i], t.comments[i+1:]...)
	return reply{status: http.StatusNoContent}
}

func (g *GitHub) pull(r *http.Request, _ Token) reply {
	t, number := g.thread(r, "pull_number")
	if t == nil {
		return notFound
	}
	pull := g.contract.sample("pull-request").(map[string]any)
	pull["number"] = number
	pull["head"].(map[string]any)["sha"] = t.head
	return reply{status: http.StatusOK, body: pull}
}

func (g *GitHub) archive(r *http.Request, _ Token) reply {
	return reply{status: http.StatusFound, header: map[string]string{"Location": address(r) + "/codeload/" + r.PathValue("ref")}}
}

// download is on another host at GitHub's, which must not see the token.
func (g *GitHub) download(w http.ResponseWriter, r *http.Request, hash string) {
	if r.Header.Get("Authorization") != "" {
		g.broken(r, "the token is sent to the host of the archives")
	}
	g.mu.Lock()
	data, ok := g.commits[hash]
	g.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-gzip")
	_, _ = w.Write(data)
}

func (g *GitHub) graphQL(r *http.Request, token Token) reply {
	var in struct{ Query string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || strings.Join(strings.Fields(in.Query), "") != "{viewer{login}}" {
		g.broken(r, "GraphQL is asked for %q, %v", in.Query, err)
	}
	viewer := map[string]any{"login": token.Account}
	return reply{status: http.StatusOK, body: map[string]any{"data": map[string]any{"viewer": viewer}}}
}

// thread is the conversation that a path names, nil if there is none.
func (g *GitHub) thread(r *http.Request, parameter string) (*thread, int) {
	number, _ := strconv.Atoi(r.PathValue(parameter))
	return g.threads[number], number
}

func (g *GitHub) commentOf(r *http.Request) (t *thread, index, number int) {
	id, _ := strconv.ParseInt(r.PathValue("comment_id"), 10, 64)
	t, index = g.find(id)
	for n, other := range g.threads {
		if other == t {
			number = n
		}
	}
	return t, index, number
}

// refused says why a token may not write to a conversation.
func (g *GitHub) refused(t *thread, token Token) (reply, bool) {
	switch {
	case !token.Comment:
		return failure(http.StatusForbidden, "Resource not accessible by integration"), true
	case t == nil:
		return notFound, true
	case t.locked:
		return failure(http.StatusForbidden, "Unable to create comment because issue is locked."), true
	}
	return reply{}, false
}

func (g *GitHub) body(r *http.Request) (body string, refusal reply, ok bool) {
	var in struct{ Body string }
	text, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(text, &in)
	}
	if err != nil {
		return "", failure(http.StatusBadRequest, "Problems parsing JSON"), false
	}
	if n := utf8.RuneCountInString(in.Body); n > g.limit || n == 0 {
		refusal := failure(http.StatusUnprocessableEntity, "Validation Failed")
		problem := map[string]any{"resource": "IssueComment", "code": "unprocessable", "field": "data"}
		if n > g.limit {
			problem["message"] = "Body is too long (maximum is 65536 characters)"
		}
		refusal.body.(map[string]any)["errors"] = []any{problem}
		return "", refusal, false
	}
	return in.Body, reply{}, true
}

func (g *GitHub) show(r *http.Request, number int, c Comment) map[string]any {
	user := g.contract.sample("simple-user").(map[string]any)
	user["login"] = c.Author
	user["type"] = "User"
	if strings.HasSuffix(c.Author, "[bot]") {
		user["type"] = "Bot"
	}
	api := address(r) + "/repos/" + g.repository + "/issues/"
	out := g.contract.sample("issue-comment").(map[string]any)
	out["id"], out["body"], out["user"], out["author_association"] = c.ID, c.Body, user, "NONE"
	out["url"] = fmt.Sprintf("%scomments/%d", api, c.ID)
	out["issue_url"] = fmt.Sprintf("%s%d", api, number)
	out["html_url"] = fmt.Sprintf("https://forge.example/%s/pull/%d#issuecomment-%d", g.repository, number, c.ID)
	out["created_at"], out["updated_at"] = epoch, epoch
	return out
}
