package forges

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// A GitLab has one project. It is a [http.Handler] of the REST API below /api/v4. GitLab publishes no machine-readable contract of these
// calls: what is checked is what its documentation says.
type GitLab struct {
	memory
	project string
	handler http.Handler
}

// NewGitLab returns a GitLab with a project of that number. A note may have 1,000,000 characters there.
func NewGitLab(t testing.TB, project string) *GitLab {
	g := &GitLab{memory: newMemory(t, 1_000_000), project: project}
	mux := http.NewServeMux()
	const request = "/api/v4/projects/{id}/merge_requests/{iid}"
	for pattern, route := range map[string]struct {
		answer func(*http.Request, Token) reply
		job    bool // whether it takes a job's token
	}{
		"GET /api/v4/user": {g.user, false},
		"GET /api/v4/projects/{id}/repository/archive.tar.gz":       {g.archive, false},
		"GET /api/v4/projects/{id}/repository/merge_base":           {g.mergeBase, true},
		"GET /api/v4/projects/{id}/repository/commits/{sha}/refs":   {g.refs, true},
		"GET /api/v4/projects/{id}/repository/branches/{branch...}": {g.branch, true},
		"GET " + request:                      {g.request, false},
		"GET " + request + "/notes":           {g.list, true},
		"GET " + request + "/notes/{note}":    {g.note, true},
		"POST " + request + "/notes":          {g.create, false},
		"PUT " + request + "/notes/{note}":    {g.update, false},
		"DELETE " + request + "/notes/{note}": {g.remove, false},
	} {
		mux.Handle(pattern, g.authorized(route.job, route.answer))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		g.broken(r, "GitLab is not asked for that")
		message(http.StatusNotFound, "404 Not Found").write(w)
	})
	g.handler = mux
	return g
}

// Serve returns the URL of the API on loopback, until the test ends.
func (g *GitLab) Serve() string { return serve(g.t, g).URL + "/api/v4" }

// ServeHTTP implements [http.Handler].
func (g *GitLab) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

func message(status int, text string) reply {
	return reply{status: status, body: map[string]any{"message": text}}
}

// authorized finds out who asks, and locks the memory while it is answered. A job's token comes in a header of its own, and has no rights
// elsewhere.
func (g *GitLab) authorized(job bool, answer func(*http.Request, Token) reply) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		secret := r.Header.Get("PRIVATE-TOKEN")
		if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			secret = bearer
		}
		ofJob := r.Header.Get("JOB-TOKEN")
		token, known := g.tokens[secret+ofJob]
		id := r.PathValue("id")
		fault := g.fault(r)
		switch {
		case fault != nil:
			fault.reply().write(w)
		case !known, token.Job != (ofJob != ""), token.Job && !job:
			message(http.StatusUnauthorized, "401 Unauthorized").write(w)
		case id != "" && id != g.project:
			message(http.StatusNotFound, "404 Project Not Found").write(w)
		default:
			answer(r, token).write(w)
		}
	})
}

func (g *GitLab) user(_ *http.Request, token Token) reply {
	return reply{status: http.StatusOK, body: account(token.Account)}
}

// account is how GitLab shows people. Their numbers follow from their names.
func account(name string) map[string]any {
	number := fnv.New32a()
	_, _ = number.Write([]byte(name))
	return map[string]any{"id": number.Sum32() >> 1, "username": name, "name": name, "state": "active"}
}

func (g *GitLab) request(r *http.Request, _ Token) reply {
	t := g.thread(r)
	if t == nil {
		return message(http.StatusNotFound, "404 Not found")
	}
	return reply{status: http.StatusOK, body: map[string]any{"sha": t.head, "state": "opened", "discussion_locked": t.locked}}
}

func (g *GitLab) list(r *http.Request, _ Token) reply {
	t := g.thread(r)
	if t == nil {
		return message(http.StatusNotFound, "404 Not found")
	}
	query := r.URL.Query()
	for name, values := range map[string][]string{"order_by": {"", "created_at", "updated_at"}, "sort": {"", "asc", "desc"}} {
		if !slices.Contains(values, query.Get(name)) {
			return reply{status: http.StatusBadRequest, body: map[string]any{"error": name + " does not have a valid value"}}
		}
	}
	page, from, to, more := g.page(r, "per_page", 20, len(t.comments))
	out := []any{}
	for i := from; i < to; i++ {
		at := i
		if query.Get("sort") != "asc" { // the newest first
			at = len(t.comments) - 1 - i
		}
		out = append(out, g.show(t.comments[at]))
	}
	header := map[string]string{"X-Page": strconv.Itoa(page), "X-Next-Page": "", "X-Total": strconv.Itoa(len(t.comments))}
	if more {
		header["X-Next-Page"] = strconv.Itoa(page + 1)
	}
	return reply{status: http.StatusOK, header: header, body: out}
}

func (g *GitLab) note(r *http.Request, _ Token) reply {
	t, i := g.noteOf(r)
	if t == nil {
		return message(http.StatusNotFound, "404 Note Not Found")
	}
	return reply{status: http.StatusOK, body: g.show(t.comments[i])}
}

func (g *GitLab) create(r *http.Request, token Token) reply {
	t := g.thread(r)
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	body, refusal, ok := g.body(r)
	if !ok {
		return refusal
	}
	c := g.add(t, Comment{Author: token.Account, Body: body})
	return reply{status: http.StatusCreated, body: g.show(c)}
}

func (g *GitLab) update(r *http.Request, token Token) reply {
	t, i := g.noteOf(r)
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	if t.comments[i].Author != token.Account {
		return message(http.StatusForbidden, "403 Forbidden")
	}
	body, refusal, ok := g.body(r)
	if !ok {
		return refusal
	}
	t.comments[i].Body = body
	return reply{status: http.StatusOK, body: g.show(t.comments[i])}
}

func (g *GitLab) remove(r *http.Request, token Token) reply {
	t, i := g.noteOf(r)
	if refusal, ok := g.refused(t, token); ok {
		return refusal
	}
	t.comments = append(t.comments[:i:i], t.comments[i+1:]...)
	return reply{status: http.StatusNoContent}
}

func (g *GitLab) archive(r *http.Request, _ Token) reply {
	data, ok := g.commits[r.URL.Query().Get("sha")]
	if !ok {
		return message(http.StatusNotFound, "404 File Not Found")
	}
	return reply{status: http.StatusOK, raw: data}
}

// thread is the conversation that a path names, nil if there is none.
func (g *GitLab) thread(r *http.Request) *thread {
	number, _ := strconv.Atoi(r.PathValue("iid"))
	return g.threads[number]
}

// noteOf is the note that a path names, in the conversation that it names.
func (g *GitLab) noteOf(r *http.Request) (t *thread, index int) {
	id, _ := strconv.ParseInt(r.PathValue("note"), 10, 64)
	if t, index = g.find(id); t == g.thread(r) {
		return t, index
	}
	return nil, 0
}

// refused says why a token may not write to a conversation.
func (g *GitLab) refused(t *thread, token Token) (reply, bool) {
	switch {
	case !token.Comment:
		return reply{status: http.StatusForbidden, body: map[string]any{"error": "insufficient_scope",
			"error_description": "The request requires higher privileges than provided by the access token.", "scope": "api"}}, true
	case t == nil:
		return message(http.StatusNotFound, "404 Not Found"), true
	case t.locked:
		return message(http.StatusForbidden, "403 Forbidden"), true
	}
	return reply{}, false
}

// quickAction is a line by which a note does more than to say something.
var quickAction = regexp.MustCompile("^ {0,3}/[a-z_]+")

// fence is a line that begins or ends a block of code.
var fence = regexp.MustCompile("^ {0,3}(`{3,})")

// quickActionIn returns the first quick action of a note. In blocks of code GitLab looks for none.
func quickActionIn(note string) string {
	open := ""
	for line := range strings.Lines(note) {
		mark := ""
		if m := fence.FindStringSubmatch(line); m != nil {
			mark = m[1]
		}
		switch {
		case open == "" && mark != "":
			open = mark
		case open == "" && quickAction.MatchString(line):
			return quickAction.FindString(line)
		case open != "" && len(mark) >= len(open) && strings.Trim(line, " `\r\n") == "":
			open = ""
		}
	}
	return ""
}

func (g *GitLab) body(r *http.Request) (body string, refusal reply, ok bool) {
	var in struct{ Body string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Body == "" {
		return "", reply{status: http.StatusBadRequest, body: map[string]any{"error": "body is missing"}}, false
	}
	if action := quickActionIn(in.Body); action != "" {
		g.broken(r, "the note has the quick action %q", action)
	}
	if utf8.RuneCountInString(in.Body) > g.limit {
		return "", message(http.StatusBadRequest, fmt.Sprintf(`400 Bad request - Note {:note=>["is too long (maximum is %d characters)"]}`, g.limit)), false
	}
	return in.Body, reply{}, true
}

func (g *GitLab) show(c Comment) map[string]any {
	return map[string]any{"id": c.ID, "type": nil, "body": c.Body, "author": account(c.Author), "created_at": epoch, "updated_at": epoch, "system": c.System,
		"resolvable": false, "confidential": false, "internal": false}
}
