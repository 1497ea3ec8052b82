package static

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve runs a server until the test or the returned function ends it.
func serve(t *testing.T, handler http.Handler, grace time.Duration) (address string, stop func() (cut bool, err error)) {
	t.Helper()
	return serveWithin(t, patience, handler, grace)
}

func serveWithin(t *testing.T, limits times, handler http.Handler, grace time.Duration) (address string, stop func() (cut bool, err error)) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan func() (bool, error), 1)
	go func() {
		cut, err := limits.serve(ctx, listener, handler, grace)
		done <- func() (bool, error) { return cut, err }
	}()
	stop = sync.OnceValues(func() (bool, error) { cancel(); return (<-done)() })
	t.Cleanup(func() { _, _ = stop() })
	return listener.Addr().String(), stop
}

// say sends text as it is and returns the first line of the answer.
func say(t *testing.T, address, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, text) }()
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Errorf("%.60q: %v", text, err)
	}
	return strings.TrimSpace(line)
}

func TestRequestsThatNoBrowserSends(t *testing.T) {
	address, _ := serve(t, open(t, folder{"index.html": "home"}, Options{}), 0)
	for _, tt := range []struct{ request, want string }{
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK"},
		{"GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK"},
		{"GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK"},
		{"GET //evil.example/%2f.. HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET etc HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request: missing required Host header"},
		{"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 No Content"},
		{"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"},
		{"GET /" + strings.Repeat("a", 10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 414 Request URI Too Long"},
		{"GET /" + strings.Repeat("a", 100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 431 Request Header Fields Too Large"},
		{"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + strings.Repeat("a", 100_000) + "\r\n\r\n", "HTTP/1.1 431 Request Header Fields Too Large"},
	} {
		if got := say(t, address, tt.request); got != tt.want {
			t.Errorf("%.60q: %s, want %s", tt.request, got, tt.want)
		}
	}
}

func TestAnOpenRequestMayFinish(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	address, stop := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		fmt.Fprint(w, "done")
	}), time.Minute)
	answer := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + address)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-entered
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if cut, err := stop(); cut || err != nil {
			t.Errorf("stopping: %v, %v", cut, err)
		}
	}()
	// New connections are refused while the old one goes on.
	for {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		conn.Close()
	}
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the open request got %q", got)
	}
	<-stopped
}

func TestARequestWithoutAnEndIsCut(t *testing.T) {
	entered := make(chan struct{})
	address, stop := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}), time.Millisecond)
	go func() {
		if response, err := http.Get("http://" + address); err == nil {
			response.Body.Close()
		}
	}()
	<-entered
	if cut, err := stop(); !cut || err != nil {
		t.Errorf("stopping: %v, %v", cut, err)
	}
}

func TestTheAccessLog(t *testing.T) {
	var log lockedBuffer
	site := open(t, folder{"index.html": "home"}, Options{})
	address, stop := serve(t, Logged(site, &log), time.Minute)
	for _, path := range []string{"/", "/?token=secret", "/a%0ab%22%1b", "/.."} {
		say(t, address, "GET "+path+" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	}
	if _, err := stop(); err != nil {
		t.Error(err)
	}
	want := `^\S+Z 127\.0\.0\.1 "GET /" 200 4 \S+s
\S+Z 127\.0\.0\.1 "GET /" 200 4 \S+s
\S+Z 127\.0\.0\.1 "GET /a%0ab%22%1b" 400 16 \S+s
\S+Z 127\.0\.0\.1 "GET /\.\." 400 16 \S+s
$`
	if !regexp.MustCompile(want).MatchString(log.String()) {
		t.Errorf("the log is\n%s", log.String())
	}
}

// TestLargeFilesArriveWhole asks through both wrappers of a response.
func TestLargeFilesArriveWhole(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", step/8+1) // several steps
	site := open(t, folder{"index.html": "", "a.mp4": text}, Options{})
	address, _ := serve(t, Logged(site, io.Discard), time.Minute)
	for _, tt := range []struct{ header, want string }{{"", text}, {"bytes=5-", text[5:]}, {"bytes=7-300000", text[7:300001]}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/a.mp4", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Range", tt.header)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != tt.want {
			t.Errorf("range %q: %d bytes, want %d, %v", tt.header, len(body), len(tt.want), err)
		}
	}
}

func TestAClientThatDoesNotGoOnIsCut(t *testing.T) {
	site := open(t, folder{"index.html": strings.Repeat("home", 8<<20)}, Options{}) // more than sockets hold
	lines := make(chan string, 1)
	limits := times{header: 20 * time.Millisecond, request: time.Minute, idle: 20 * time.Millisecond, step: 20 * time.Millisecond}
	address, _ := serveWithin(t, limits, Logged(site, writerFunc(func(line []byte) { lines <- string(line) })), 0)
	for _, sent := range []string{"", "GET / HTTP/1.1\r\nHo", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a connection that sent %q stays open", sent)
		}
		if strings.HasPrefix(sent, "HEAD") {
			<-lines
		}
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil { // and nobody reads
		t.Fatal(err)
	}
	if line := <-lines; strings.Contains(line, fmt.Sprint(" 200 ", 32<<20, " ")) {
		t.Errorf("the whole response was taken: %s", line)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(data []byte) (int, error) { f(data); return len(data), nil }

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}
