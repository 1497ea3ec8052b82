// Package forges has a GitHub and a GitLab with memory for storage, as far as this project speaks to them: the conversations of pull
// and merge requests, and the archives of commits. What they are asked and what they answer is held against the contracts that the
// forges publish; a break of one fails the test.
package forges

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// A Token is whose name a request is made in, and what for.
type Token struct {
	Account string // login; that of a workflow's token is github-actions[bot]
	Comment bool   // whether it may write comments
	Job     bool   // whether it is that of a GitLab job
}

// A Comment is one of a conversation.
type Comment struct {
	ID     int64
	Author string
	Body   string
	System bool // written by the forge itself
}

// A Fault is an answer that comes instead of the forge's own.
type Fault struct {
	Status int
	Header map[string]string
	Body   string // JSON; an error object if empty
}

// memory is what both forges have.
type memory struct {
	t testing.TB

	mu       sync.Mutex
	limit    int // characters of a comment
	pageSize int // at most
	tokens   map[string]Token
	threads  map[int]*thread
	commits  map[string][]byte // archives by hash
	branches []branch
	faults   []Fault
	seen     []string
	nextID   int64
}

type thread struct {
	head     string
	locked   bool
	comments []Comment
}

func newMemory(t testing.TB, limit int) memory {
	return memory{t: t, limit: limit, pageSize: 100, tokens: map[string]Token{}, threads: map[int]*thread{}, commits: map[string][]byte{}}
}

// serve starts a server on loopback that ends with the test.
func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// address is where a request reached the forge.
func address(r *http.Request) string {
	if r.URL.Scheme == "https" || r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Grant makes a token known.
func (m *memory) Grant(secret string, token Token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens[secret] = token
}

// Open opens a pull or merge request, or moves the head of one that is open.
func (m *memory) Open(number int, head string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.threads[number] == nil {
		m.threads[number] = &thread{}
	}
	m.threads[number].head = head
}

// Lock closes a conversation to new comments.
func (m *memory) Lock(number int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.threads[number].locked = true
}

// Paginate gives out pages of size comments at most, whatever is asked for.
func (m *memory) Paginate(size int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pageSize = size
}

// Limit sets how many characters a comment may have.
func (m *memory) Limit(characters int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.limit = characters
}

// Say adds a comment as if its author had written it, and returns its ID.
func (m *memory) Say(number int, c Comment) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.add(m.threads[number], c).ID
}

func (m *memory) add(t *thread, c Comment) Comment {
	m.nextID++
	c.ID = m.nextID
	t.comments = append(t.comments, c)
	return c
}

// Comments returns a conversation, oldest first.
func (m *memory) Comments(number int) []Comment {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.threads[number].comments)
}

// Change replaces what a conversation holds, as people who may edit and delete do.
func (m *memory) Change(number int, change func([]Comment) []Comment) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.threads[number].comments = change(m.threads[number].comments)
}

// Fail answers the next requests with these, one each.
func (m *memory) Fail(faults ...Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, faults...)
}

// Requests returns what was asked since the last call, as METHOD /path, and forgets it.
func (m *memory) Requests() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := m.seen
	m.seen = nil
	return seen
}

// Commit makes the files of a commit known, by path.
func (m *memory) Commit(hash string, files map[string]string) {
	m.t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: "top-" + hash + "/" + name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			m.t.Fatal(err)
		}
		if _, err := io.WriteString(archive, files[name]); err != nil {
			m.t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		m.t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		m.t.Fatal(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits[hash] = out.Bytes()
}

// fault notes a request and takes the fault that is its answer, if there is one; the memory is locked.
func (m *memory) fault(r *http.Request) *Fault {
	m.seen = append(m.seen, r.Method+" "+r.URL.Path)
	if len(m.faults) == 0 {
		return nil
	}
	f := m.faults[0]
	m.faults = m.faults[1:]
	return &f
}

// find returns where a comment is; the memory is locked.
func (m *memory) find(id int64) (t *thread, index int) {
	for _, t := range m.threads {
		if i := slices.IndexFunc(t.comments, func(c Comment) bool { return c.ID == id }); i >= 0 {
			return t, i
		}
	}
	return nil, 0
}

// broken reports a break of the contract.
func (m *memory) broken(r *http.Request, format string, args ...any) {
	m.t.Errorf("%s %s: %s", r.Method, r.URL, fmt.Sprintf(format, args...))
}

// epoch is when everything was written: no test depends on time.
var epoch = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC).Format(time.RFC3339)
