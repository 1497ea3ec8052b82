//go:build world

package builder_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"github.com/org/npx-action/internal/builder"
)

const dialVariable = "BUILDER_TEST_DIAL"

// dialStdio is "buildctl dial-stdio": it passes the standard streams on to a socket.
func dialStdio(socket string) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		_, _ = io.Copy(conn, os.Stdin)
		os.Exit(0)
	}()
	_, _ = io.Copy(os.Stdout, conn)
}

// sharedSocket is where the shared daemon listens.
func sharedSocket(t *testing.T) string {
	t.Helper()
	return strings.TrimPrefix(shared(t).Info().Address, "unix://")
}

// program puts a program on PATH that notes its arguments and then is the other side of a daemon's connection.
func programOnPath(t *testing.T, name, then string) (arguments string) {
	t.Helper()
	dir := t.TempDir()
	arguments = filepath.Join(dir, "arguments")
	script := fmt.Sprintf("#!/bin/sh\necho \"$*\" >%s\n%s\n", arguments, then)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return arguments
}

func TestConnectByAProgram(t *testing.T) {
	for address, want := range map[string]struct{ program, arguments string }{
		"podman-container://bk":                    {"podman", "exec -i bk buildctl dial-stdio"},
		"kube-pod://bk-0?namespace=ci&context=dev": {"kubectl", "--context=dev --namespace=ci exec -i bk-0 -- buildctl dial-stdio"},
		"ssh://me@host:2222/run/bk.sock":           {"ssh", "-l me -p 2222 -- host buildctl --addr unix:///run/bk.sock dial-stdio"},
	} {
		t.Run(want.program, func(t *testing.T) {
			noted := programOnPath(t, want.program, fmt.Sprintf("%s=%s exec %s", dialVariable, sharedSocket(t), os.Args[0]))
			c, err := builder.Connect(t.Context(), builder.Options{Host: address})
			if err != nil {
				t.Fatal(err)
			}
			solve(t, c, builder.Request{Definition: file(t, "/a", "a")})
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			got, err := os.ReadFile(noted)
			if err != nil {
				t.Fatal(err)
			}
			words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
			if diff := cmp.Diff(want.arguments, strings.ReplaceAll(words(string(got)), "--container= ", "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("it fails", func(t *testing.T) {
		programOnPath(t, "kubectl", "echo pod not found >&2; exit 1")
		_, err := builder.Connect(t.Context(), builder.Options{Host: "kube-pod://bk", Timeout: time.Second})
		if exitStatus(err) != 75 || !strings.Contains(err.Error(), "pod not found") {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("it is absent", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := builder.Connect(t.Context(), builder.Options{Host: "podman-container://bk"})
		if exitStatus(err) != 75 || !strings.Contains(err.Error(), "needs the program podman") {
			t.Errorf("error is %v", err)
		}
	})
}

// An engineOfContainers has running containers, in each of which the program buildctl reaches a socket.
type engineOfContainers struct {
	running []string
	socket  string
	broken  string // what the program writes before it fails, if set
	stream  byte   // to which it does

	mu       sync.Mutex
	commands []string
}

func (e *engineOfContainers) start(t *testing.T) builder.Engine {
	t.Helper()
	return startFakeEngine(t, e)
}

func (e *engineOfContainers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch path := strings.Join(parts, " "); {
	case path == "containers json":
		var list []string
		for _, name := range e.running {
			list = append(list, fmt.Sprintf(`{"Names":["/%s"]}`, name))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(list, ","))
	case len(parts) == 3 && parts[0] == "containers" && parts[2] == "json":
		for _, name := range e.running {
			if name == parts[1] {
				fmt.Fprint(w, `{"State":{"Running":true}}`)
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"No such container"}`)
	case len(parts) == 3 && parts[2] == "exec":
		var asked container.ExecCreateRequest
		_ = json.NewDecoder(r.Body).Decode(&asked)
		e.mu.Lock()
		e.commands = append(e.commands, fmt.Sprintf("%s %q %v %v %v", parts[1], asked.Cmd, asked.AttachStdin, asked.AttachStdout, asked.AttachStderr))
		e.mu.Unlock()
		fmt.Fprint(w, `{"Id":"e1"}`)
	case path == "exec e1 start":
		e.exec(w, r)
	default:
		http.NotFound(w, r)
	}
}

// exec is the program's connection: what it writes is in frames.
func (e *engineOfContainers) exec(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	conn, err := upgrade(w, r)
	if err != nil {
		return
	}
	defer conn.Close()
	frame := func(stream byte, p []byte) error {
		_, err := conn.Write(append(binary.BigEndian.AppendUint32([]byte{stream, 0, 0, 0}, uint32(len(p))), p...))
		return err
	}
	if e.broken != "" {
		_ = frame(e.stream, []byte(e.broken))
		return
	}
	out, err := net.Dial("unix", e.socket)
	if err != nil {
		return
	}
	defer out.Close()
	go func() {
		_, _ = io.Copy(out, conn)
		out.Close()
	}()
	_ = frame(2, []byte("a warning\n"))
	buf := make([]byte, 10_000)
	for {
		n, err := out.Read(buf)
		if n > 0 && frame(1, buf[:n]) != nil || err != nil {
			return
		}
	}
}

func TestConnectToAContainer(t *testing.T) {
	e := &engineOfContainers{running: []string{"bk"}, socket: sharedSocket(t)}
	engine := e.start(t)
	c, err := builder.Connect(t.Context(), builder.Options{Host: "docker-container://bk", Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	solve(t, c, builder.Request{Definition: file(t, "/a", strings.Repeat("a", 100_000)),
		Exports: []builder.Export{{Kind: builder.Tar, Output: io.Discard}}})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if len(e.commands) != 1 || e.commands[0] != `bk ["buildctl" "dial-stdio"] true true true` {
		t.Errorf("commands are %q", e.commands)
	}
	_, err = builder.Connect(t.Context(), builder.Options{Host: "docker-container://other", Engine: engine})
	if exitStatus(err) != 75 || !strings.Contains(err.Error(), "runs no container other") {
		t.Errorf("error is %v", err)
	}
	for _, stream := range []byte{1, 2} {
		broken := (&engineOfContainers{running: []string{"bk"}, broken: "no program here", stream: stream}).start(t)
		_, err = builder.Connect(t.Context(), builder.Options{Host: "docker-container://bk", Engine: broken, Timeout: time.Second})
		if exitStatus(err) != 75 || !strings.Contains(err.Error(), "no program here") {
			t.Errorf("stream %d: error is %v", stream, err)
		}
	}
}

func TestConnectToABuilderOfBuildx(t *testing.T) {
	e := &engineOfContainers{running: []string{"other", "buildx_buildkit_b0", "buildx_buildkit_a0"}, socket: sharedSocket(t)}
	engine := e.start(t)
	for wanted, name := range map[string]string{"": "buildx_buildkit_a0", "b": "buildx_buildkit_b0"} {
		var notes []string
		o := builder.Options{Engine: engine, Buildx: []string{"a"}, Environ: []string{"BUILDX_BUILDER=" + wanted}, Notice: func(s string) { notes = append(notes, s) }}
		c, err := builder.Connect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		solve(t, c, builder.Request{Definition: file(t, "/a", "a")})
		if i := c.Info(); i.Route != "buildx" || i.Address != "docker-container://"+name {
			t.Errorf("wanted %q: info is %+v", wanted, i)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"building on the buildx builder at docker-container://" + name}, notes); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	var notes []string
	o := builder.Options{Engine: engine, AnyBuildx: true, Notice: func(s string) { notes = append(notes, s) }}
	if c, err := builder.Connect(t.Context(), o); err != nil || c.Info().Address != "docker-container://buildx_buildkit_a0" || c.Close() != nil {
		t.Errorf("where nobody else uses the engine: %v, %q", err, notes)
	}
	for name, o := range map[string]builder.Options{
		"no builder of buildx with the name c runs": {Environ: []string{"BUILDX_BUILDER=c"}},
	} {
		o.Engine, o.Route = engine, "buildx"
		if _, err := builder.Connect(t.Context(), o); exitStatus(err) != 75 || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}
