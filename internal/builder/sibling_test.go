package builder_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	controlapi "github.com/moby/buildkit/api/services/control"
	workerapi "github.com/moby/buildkit/api/types"
	"github.com/moby/moby/api/types/container"
	"google.golang.org/grpc"

	"github.com/org/npx-action/internal/builder"
)

var (
	ownID     = strings.Repeat("a1", 32)
	otherID   = strings.Repeat("b2", 32)
	goneID    = strings.Repeat("c3", 32)
	leftID    = strings.Repeat("d4", 32)
	jobID     = strings.Repeat("f6", 32)
	orphanID  = strings.Repeat("a7", 32)
	ownVolume = strings.Repeat("e5", 32)
	ownMounts = fmt.Sprintf("36 25 8:1 /docker/volumes/%s/_data /var/lib/npx-action rw - ext4 /dev/sda rw\n", ownVolume)
)

// An engineOfOne runs one container, which is a daemon in this process that listens where its configuration says.
type engineOfOne struct {
	fails map[string]string // request to the message of its refusal
	idle  bool              // what is started does nothing
	ends  bool              // what is started writes a line and ends
	late  bool              // the first list says that our container does not run yet

	mu       sync.Mutex
	requests []string
	deleted  []string // containers that are not started here
	created  container.CreateRequest
	server   *grpc.Server
	output   chan string   // of the container, closed at its end
	removed  chan struct{} // closed when there is none
	started  chan struct{} // closed when it is started
}

func (e *engineOfOne) start(t *testing.T) builder.Engine {
	t.Helper()
	e.output, e.removed, e.started = make(chan string, 1), make(chan struct{}), make(chan struct{})
	return startFakeEngine(t, e)
}

func (e *engineOfOne) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	action := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if r.Method == http.MethodDelete {
		action = "delete"
	}
	e.mu.Lock()
	e.requests = append(e.requests, action)
	e.mu.Unlock()
	if message := e.fails[action]; message != "" {
		w.WriteHeader(http.StatusInternalServerError)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
		return
	}
	switch action {
	case "json":
		killed := strings.Fields(builder.ProcessNamed(os.Getpid()))
		killed[len(killed)-1] = "1" // its start
		state := "running"
		if e.late {
			e.late, state = false, "created"
		}
		fmt.Fprintf(w, `[{"Id":%q,"State":"running","ImageID":"sha256:other"},
			{"Id":%q,"State":%q,"ImageID":"sha256:ours","Mounts":[{"Name":%q}]},
			{"Id":%q,"State":"created","Labels":{"npx-action.run":"x"},"HostConfig":{"NetworkMode":"container:%s"}},
			{"Id":%q,"State":"running","Labels":{"npx-action.run":"z","npx-action.owner":"this job"}},
			{"Id":%[8]q,"Names":["/npx-action-run-k"],"Image":"npx-action/run:k","State":"running","Labels":{"npx-action.run":"K","npx-action.process":%[9]q}},
			{"Id":"waited-for","Names":["/npx-action-run-w"],"Image":"npx-action/run:w","State":"running","Labels":{"npx-action.run":"W","npx-action.process":%[10]q}},
			{"Id":"elsewhere","Names":["/npx-action-run-e"],"Image":"npx-action/run:e","State":"running","Labels":{"npx-action.run":"E","npx-action.process":"boot pid:[1] 1 1"}},
			{"Id":"labelled","Names":["/app"],"Image":"app","State":"running","Labels":{"npx-action.run":"K","npx-action.process":%[9]q}},
			{"Id":"lookalike","State":"running","Labels":{"npx-action.owner":"this job"}},
			{"Id":"young","State":"created","Labels":{"npx-action.run":"y"},"HostConfig":{"NetworkMode":"container:%[1]s"}}]`,
			otherID, ownID, state, ownVolume, leftID, goneID, jobID, orphanID, strings.Join(killed, " "), builder.ProcessNamed(os.Getpid()))
	case "create":
		if err := json.NewDecoder(r.Body).Decode(&e.created); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
		fmt.Fprint(w, `{"Id":"made"}`)
	case "attach":
		conn, err := upgrade(w, r)
		if err != nil {
			return
		}
		defer conn.Close()
		for text := range e.output {
			_, _ = conn.Write(append(binary.BigEndian.AppendUint32([]byte{2, 0, 0, 0}, uint32(len(text))), text...))
		}
	case "start":
		e.run(w)
	case "wait":
		_ = http.NewResponseController(w).Flush()
		<-e.removed
	case "delete":
		if id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; id == leftID || id == jobID || id == orphanID || strings.HasPrefix(r.URL.Path, "/images/") {
			e.deleted = append(e.deleted, id)
			fmt.Fprint(w, "[]")
			return
		}
		if e.server != nil {
			e.server.Stop()
		}
		if !e.ends {
			close(e.output)
		}
		close(e.removed)
	}
}

func (e *engineOfOne) run(w http.ResponseWriter) {
	defer close(e.started)
	switch {
	case e.ends:
		e.output <- "cannot do it\n"
		close(e.output)
	case !e.idle:
		config, err := os.ReadFile(e.created.Cmd[1])
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, address, _ := strings.Cut(string(config), "unix://")
		address, _, _ = strings.Cut(address, `"`)
		l, err := net.Listen("unix", address)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		e.server = grpc.NewServer()
		controlapi.RegisterControlServer(e.server, control{})
		go func() { _ = e.server.Serve(l) }()
	}
}

// control answers what a connection asks.
type control struct {
	controlapi.UnimplementedControlServer
}

func (control) ListWorkers(context.Context, *controlapi.ListWorkersRequest) (*controlapi.ListWorkersResponse, error) {
	return &controlapi.ListWorkersResponse{Record: []*workerapi.WorkerRecord{{ID: "one"}}}, nil
}

func siblingOptions(t *testing.T, e *engineOfOne) builder.Options {
	t.Helper()
	// The test's own directory has too long a name for a socket.
	dir, err := os.MkdirTemp("", "sibling-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	return builder.Options{Engine: e.start(t), Embedded: builder.Embedded{Binary: "/bin/sh"},
		Environ: []string{"GITHUB_TOKEN=hunter2", "SSL_CERT_FILE=/our/ca.pem"}}
}

// untouched checks that no file and no container is left.
func (e *engineOfOne) untouched(t *testing.T, _ builder.Options) {
	t.Helper()
	<-e.removed
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "npx-*")); len(left) > 0 {
		t.Errorf("files are left: %q", left)
	}
}

func TestSiblingStartsAndEnds(t *testing.T) {
	e := &engineOfOne{late: true}
	o := siblingOptions(t, e)
	o.CustomCA, o.Insecure = []byte("pem"), []string{"r.example"}
	c, err := builder.ConnectBeside(t.Context(), o, ownMounts, nil)
	if err != nil {
		t.Fatal(err)
	}
	if i := c.Info(); !i.Embedded || !i.Sibling {
		t.Errorf("info is %+v", i)
	}
	want := &container.HostConfig{Privileged: true, AutoRemove: true, NetworkMode: container.NetworkMode("container:" + ownID),
		PidMode: container.PidMode("container:" + ownID), LogConfig: container.LogConfig{Type: "none"}}
	if diff := cmp.Diff(want, e.created.HostConfig); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if e.created.Image != "sha256:ours" || !slices.Equal(e.created.Entrypoint, []string{"/bin/sh"}) {
		t.Errorf("created is %v", e.created)
	}
	env := fmt.Sprint(e.created.Env)
	root := fmt.Sprintf("/proc/%d/root", os.Getpid())
	if strings.Contains(env, "hunter2") || !strings.Contains(env, "SSL_CERT_FILE="+root+"/our/ca.pem") ||
		!strings.Contains(env, "SSL_CERT_DIR="+root+os.TempDir()) {
		t.Errorf("environment is %s", env)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	e.untouched(t, o)
	if want := []string{"json", "json", "delete", "create", "attach", "start", "wait", "stop", "delete"}; !cmp.Equal(e.requests, want) {
		t.Errorf("requests are %q, want %q", e.requests, want)
	}
}

func TestSiblingThatDoesNotStartLeavesNothing(t *testing.T) {
	for request, text := range map[string]string{"create": "privileged is not allowed", "attach": "no connection for tcp", "start": "no such file"} {
		t.Run(request, func(t *testing.T) {
			e := &engineOfOne{fails: map[string]string{request: text}}
			if request == "attach" {
				e.fails[request] = "a reason that the client does not read"
			}
			o := siblingOptions(t, e)
			_, err := builder.ConnectBeside(t.Context(), o, ownMounts, nil)
			if setup, ok := errors.AsType[*builder.SetupError](err); !ok || setup.ExitStatus() != 75 || !strings.Contains(err.Error(), text) ||
				!strings.Contains(setup.Hint, "--privileged") {
				t.Errorf("error is %v", err)
			}
			e.untouched(t, o)
		})
	}
	t.Run("it ends", func(t *testing.T) {
		e := &engineOfOne{ends: true}
		o := siblingOptions(t, e)
		_, err := builder.ConnectBeside(t.Context(), o, ownMounts, nil)
		if _, ok := errors.AsType[*builder.SetupError](err); !ok || !strings.Contains(err.Error(), "cannot do it") {
			t.Errorf("error is %v", err)
		}
		e.untouched(t, o)
	})
	t.Run("it is cancelled", func(t *testing.T) {
		e := &engineOfOne{idle: true}
		o := siblingOptions(t, e)
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped by the user")
		go func() {
			<-e.started
			cancel(stopped)
		}()
		if _, err := builder.ConnectBeside(ctx, o, ownMounts, nil); !errors.Is(err, stopped) {
			t.Errorf("error is %v", err)
		}
		e.untouched(t, o)
	})
}

func TestSiblingIsNotTriedWithoutAnEngineOfOurs(t *testing.T) {
	why := errors.New("no rights")
	e := &engineOfOne{}
	o := siblingOptions(t, e)
	absent := o
	absent.Engine.Host = "unix:///absent"
	wrong := o
	wrong.Engine.Host = "ssh://host"
	for name, err := range map[string]error{
		"no engine":         second(builder.ConnectBeside(t.Context(), absent, ownMounts, why)),
		"unknown engine":    second(builder.ConnectBeside(t.Context(), wrong, ownMounts, why)),
		"not in its hands":  second(builder.ConnectBeside(t.Context(), o, "", why)),
		"engine that fails": second(builder.ConnectBeside(t.Context(), siblingOptions(t, &engineOfOne{fails: map[string]string{"json": "no"}}), ownMounts, why)),
	} {
		if !errors.Is(err, why) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if slices.Contains(e.requests, "create") {
		t.Errorf("requests are %q", e.requests)
	}
}

func second(_ *builder.Conn, err error) error { return err }

func TestSiblingThatDiesIsTold(t *testing.T) {
	e := &engineOfOne{}
	o := siblingOptions(t, e)
	log := &strings.Builder{}
	o.Log = log
	c, err := builder.ConnectBeside(t.Context(), o, ownMounts, nil)
	if err != nil {
		t.Fatal(err)
	}
	e.output <- "out of memory\n"
	close(e.output)
	e.ends = true
	e.server.Stop()
	_, err = c.Solve(t.Context(), builder.Request{Platform: "linux/amd64", Definition: file(t, "/f", "x"),
		Progress: builder.Progress{Writer: io.Discard, Mode: "quiet"}})
	if down, ok := errors.AsType[*builder.UnreachableError](err); !ok || down.ExitStatus() != 75 {
		t.Errorf("error is %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	e.untouched(t, o)
	if log.String() != "out of memory\n" {
		t.Errorf("log is %q", log)
	}
}

func TestSiblingFindsItsContainer(t *testing.T) {
	volumes := map[string]string{ownID: ownVolume, otherID: "cache"}
	files := "1 2 0:5 /docker/containers/%s/hostname /etc/hostname rw - ext4 x rw\nshort line\n"
	for name, tt := range map[string]struct {
		host builder.Host
		want string
	}{
		"by its volume":                {builder.Host{Mountinfo: ownMounts}, ownID},
		"by its files":                 {builder.Host{Mountinfo: fmt.Sprintf(files, otherID)}, otherID},
		"by its volume before another": {builder.Host{Mountinfo: fmt.Sprintf(files, otherID) + ownMounts}, ownID},
		"by its cgroup":                {builder.Host{Cgroup: "0::/system.slice/docker-" + otherID + ".scope\n"}, otherID},
		"by its name":                  {builder.Host{Hostname: otherID[:12]}, otherID},
		"not by a short name":          {builder.Host{Hostname: otherID[:3]}, ""},
		"not if it is unknown":         {builder.Host{Hostname: "runner", Cgroup: "0::/", Mountinfo: fmt.Sprintf(files, goneID)}, ""},
		"not by a file of the app":     {builder.Host{Mountinfo: "1 2 0:5 /job/" + ownID + " /app rw - ext4 x rw\n"}, ""},
		"not if two have the id":       {builder.Host{Cgroup: "1:a:/" + ownID + "\n2:b:/" + otherID}, ""},
	} {
		if got := builder.FindContainer(tt.host, volumes); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSiblingSeesOurCertificates(t *testing.T) {
	got := builder.Across([]string{"SSL_CERT_DIR=/a:b", "SSL_CERT_FILE=", "PATH=/bin"}, "/r")
	if diff := cmp.Diff([]string{"SSL_CERT_DIR=/r/a:b", "SSL_CERT_FILE=", "PATH=/bin"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
