package builder_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
)

const parentVariable = "BUILDER_TEST_PARENT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentVariable); dir != "" {
		parent(dir)
		return
	}
	if dir := os.Getenv(rootlessVariable); dir != "" {
		rootless(dir)
		return
	}
	if socket := os.Getenv(dialVariable); socket != "" {
		dialStdio(socket)
		return
	}
	code := m.Run()
	if world.conn != nil {
		world.conn.Close()
	}
	if world.dir != "" {
		os.RemoveAll(world.dir)
	}
	os.Exit(code)
}

// world is what most tests share: a running daemon and the program that its steps run.
var world struct {
	once sync.Once
	conn *builder.Conn
	dir  string // of the program
	// binary is found once: to ask the go command for it takes longer than to start it.
	binary string
	err    error
}

func setUp() {
	world.dir, world.err = os.MkdirTemp("", "builder-test-*")
	if world.err != nil {
		return
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(world.dir, "step"), "./testdata/step")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		world.err = fmt.Errorf("compiling the step: %w\n%s", err, out)
		return
	}
	if world.binary, world.err = builder.FindDaemon(context.Background(), ""); world.err != nil {
		return
	}
	world.conn, world.err = builder.Connect(context.Background(), builder.Options{Embedded: builder.Embedded{Binary: world.binary}})
}

// shared returns the daemon that all tests use which do not stop it. These tests need root, runc and the go command.
func shared(t *testing.T) *builder.Conn {
	t.Helper()
	world.once.Do(setUp)
	if world.err != nil {
		t.Fatal(world.err)
	}
	return world.conn
}

// own starts a daemon for one test.
func own(t *testing.T, o builder.Options) *builder.Conn {
	t.Helper()
	shared(t)
	o.Embedded.Binary = world.binary
	c, err := builder.Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// memoryRegistry handles a request when all of its body is there. The library alone reads bodies under a lock of all uploads, which never
// ends beside BuildKit: the daemon opens the uploads of a cache first, and sends each when one of four pushes has ended, which wait for the
// lock.
func memoryRegistry() http.Handler {
	h := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(w, r)
	})
}

// TestAnUploadThatIsOnlyOpenHoldsNothingUp is about the registry of the tests.
func TestAnUploadThatIsOnlyOpenHoldsNothingUp(t *testing.T) {
	host := serve(t, nil)
	const blob = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of hello
	uploads := "http://" + host + "/v2/app/blobs/uploads/"
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "PUT /v2/app/cache/blobs/uploads/1?digest=%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", blob, host)
	// The handler has begun to read: it asks for the body, which never comes.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, uploads+"2?digest="+blob, strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Error(resp.Status)
	}
}

func serve(t *testing.T, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	h := memoryRegistry()
	if wrap != nil {
		h = wrap(h)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func marshal(t *testing.T, s llb.State) *llb.Definition {
	t.Helper()
	def, err := s.Marshal(context.Background(), llb.LinuxAmd64, llb.LocalUniqueID("test"))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// step is a file system with the program /step, and the context that holds it.
func step() (llb.State, map[string]builder.Context) {
	files := llb.Local("tools", llb.WithCustomName("load tools"))
	base := llb.Scratch().File(llb.Copy(files, "/step", "/step"), llb.WithCustomName("base"))
	return base, map[string]builder.Context{"tools": {Dir: world.dir}}
}

// program is step, once it has been compiled.
func program(t *testing.T) (llb.State, map[string]builder.Context) {
	t.Helper()
	shared(t)
	return step()
}

// copied is a file system with all of a context.
func copied(name string) llb.State {
	return llb.Scratch().File(llb.Copy(llb.Local(name), "/", "/"), llb.WithCustomName("copy"))
}

func run(base llb.State, name string, args ...string) llb.State {
	return base.Run(llb.Args(append([]string{"/step"}, args...)), llb.WithCustomName(name)).Root()
}

// file is a definition that needs no program.
func file(t *testing.T, path, content string) *llb.Definition {
	t.Helper()
	return marshal(t, llb.Scratch().File(llb.Mkfile(path, 0o644, []byte(content)), llb.WithCustomName("file")))
}

func solve(t *testing.T, c *builder.Conn, req builder.Request) builder.Result {
	t.Helper()
	r, err := c.Solve(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func image(t *testing.T, ref string) v1.Image {
	t.Helper()
	r, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	img, err := remote.Image(r)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// content reads a file of an image.
func content(t *testing.T, img v1.Image, path string) string {
	t.Helper()
	return fromTar(t, mutate.Extract(img), path)
}
