package builder_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"github.com/org/npx-action/internal/builder"
)

// An engineOfARun runs one container in the foreground. Its program writes a line to each stream, and ends with status 3.
type engineOfARun struct {
	listed  string // the containers before
	refuses string // the request that the engine refuses, such as "start"

	mu       sync.Mutex
	requests []string
	created  container.CreateRequest
	started  chan struct{}
}

func (e *engineOfARun) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	action := r.Method + " " + strings.ReplaceAll(r.URL.Path, e.name(), "NAME")
	e.mu.Lock()
	e.requests = append(e.requests, action)
	e.mu.Unlock()
	if e.refuses != "" && strings.HasSuffix(action, e.refuses) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"message":"the port is taken"}`)
		return
	}
	switch action {
	case "GET /containers/json":
		fmt.Fprint(w, e.listed)
	case "POST /containers/create":
		_ = json.NewDecoder(r.Body).Decode(&e.created)
		fmt.Fprint(w, `{"Id":"made"}`)
	case "POST /containers/NAME/attach":
		e.attach(w, r)
	case "POST /containers/NAME/start":
		close(e.started)
	case "GET /containers/NAME/json":
		fmt.Fprint(w, `{"NetworkSettings":{"Ports":{"3000/tcp":[{"HostIp":"127.0.0.1","HostPort":"49153"}],"53/udp":[{"HostIp":"0.0.0.0","HostPort":"53"},{"HostIp":"::","HostPort":"53"}],"9/tcp":null}}}`)
	case "POST /containers/NAME/wait":
		fmt.Fprint(w, `{"StatusCode":3}`)
	case "DELETE /images/npx-action/run:k":
		fmt.Fprint(w, `[]`)
	}
}

// name is the name of the container, as its label tells.
func (e *engineOfARun) name() string {
	if e.created.Config == nil {
		return "no name"
	}
	return "npx-action-run-" + strings.ToLower(e.created.Labels["npx-action.run"])
}

func (e *engineOfARun) attach(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrade(w, r)
	if err != nil {
		return
	}
	go func() {
		defer conn.Close()
		<-e.started
		for stream, text := range map[byte]string{1: "listening\n", 2: "a warning\n"} {
			_, _ = conn.Write(append(binary.BigEndian.AppendUint32([]byte{stream, 0, 0, 0}, uint32(len(text))), text...))
		}
	}()
}

func runOf(t *testing.T, e *engineOfARun) (status int, output string, err error) {
	t.Helper()
	e.started = make(chan struct{})
	ports, _, err := builder.ParsePorts([]string{"127.0.0.1::3000"})
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	var urls []string
	status, err = startFakeEngine(t, e).Run(t.Context(), builder.Foreground{Image: "npx-action/run:x", Env: []string{"A=b"}, Ports: ports, Writable: []string{"/app/data"},
		Stdout: &stdout, Stderr: &stderr, Started: func(p builder.Ports) { urls = builder.PublishedURLs(p) }})
	return status, fmt.Sprintf("%s%s%s", &stdout, &stderr, urls), err
}

func TestRunCopiesTheOutputAndRemovesTheContainer(t *testing.T) {
	e := &engineOfARun{listed: "[]"}
	status, output, err := runOf(t, e)
	if want := "listening\na warning\n[http://127.0.0.1:49153 udp://127.0.0.1:53]"; status != 3 || output != want || err != nil {
		t.Errorf("status %d, output %q, %v", status, output, err)
	}
	want := []string{"GET /containers/json", "POST /containers/create", "POST /containers/NAME/attach", "POST /containers/NAME/start", "GET /containers/NAME/json",
		"POST /containers/NAME/wait", "DELETE /containers/NAME"}
	if diff := cmp.Diff(want, e.requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	host := e.created.HostConfig
	bound, err := json.Marshal(host.PortBindings)
	if string(bound) != `{"3000/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]}` || err != nil || len(e.created.ExposedPorts) != 1 {
		t.Errorf("ports are %s, %v", bound, err)
	}
	if _, volume := e.created.Volumes["/app/data"]; !volume || !host.ReadonlyRootfs || !cmp.Equal(host.CapDrop, []string{"ALL"}) ||
		!cmp.Equal(host.SecurityOpt, []string{"no-new-privileges"}) {
		t.Errorf("the program gets %+v", host)
	}
	if process := e.created.Labels["npx-action.process"]; process != builder.ProcessNamed(os.Getpid()) {
		t.Errorf("the process is %q", process)
	}
}

func TestRunRemovesWhatAKilledRunHasLeft(t *testing.T) {
	killed := strings.Fields(builder.ProcessNamed(os.Getpid()))
	killed[len(killed)-1] = "1" // its start
	e := &engineOfARun{listed: fmt.Sprintf(`[{"Id":"left","Names":["/npx-action-run-k"],"Image":"npx-action/run:k","State":"running",
		"Labels":{"npx-action.run":"K","npx-action.process":%q}}]`, strings.Join(killed, " "))}
	if _, _, err := runOf(t, e); err != nil {
		t.Fatal(err)
	}
	want := []string{"GET /containers/json", "DELETE /containers/left", "DELETE /images/npx-action/run:k", "POST /containers/create"}
	if diff := cmp.Diff(want, e.requests[:min(4, len(e.requests))]); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestRunThatAnEngineRefusesLeavesNoContainer(t *testing.T) {
	e := &engineOfARun{listed: "[]", refuses: "/start"}
	_, _, err := runOf(t, e)
	if refused, ok := errors.AsType[*builder.EngineError](err); !ok || refused.ExitStatus() != 1 ||
		!strings.HasPrefix(err.Error(), "starting a container with the engine at ") || !strings.HasSuffix(err.Error(), ": status 409: the port is taken") {
		t.Errorf("error is %v", err)
	}
	if last := e.requests[len(e.requests)-1]; last != "DELETE /containers/NAME" {
		t.Errorf("the last request is %s", last)
	}
}
