package assets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

const (
	store   = "/nix/store/" // of the packages
	profile = "/opt/profile/bin/"
)

// A machine is a container in which an app was built: /app, /assets, and the programs of its Nix profile.
type machine struct {
	t    *testing.T
	root *os.Root // so that no link of the machine's leads out of it
	plan plan.Plan
	vars map[string]string
	user uint32 // that the start command runs as
}

// An app is the files of an app by name.
type app map[string]string

// build plans an app by a provider and puts all of it in its place.
func build(t *testing.T, provider string, files app, vars plan.Vars) *machine {
	t.Helper()
	root, err := os.OpenRoot(newRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	m := &machine{t: t, root: root, vars: map[string]string{}}
	for name, text := range files {
		m.write("/app/"+name, text)
	}
	m.plan = m.planOf(provider, vars)
	for name, text := range m.plan.StaticAssets {
		m.write("/assets/"+name, text)
	}
	maps.Copy(m.vars, m.plan.Variables)
	maps.Copy(m.vars, vars)
	m.installPrograms()
	return m
}

func (m *machine) planOf(provider string, vars plan.Vars) plan.Plan {
	m.t.Helper()
	tree, err := source.Open(filepath.Join(m.root.Name(), "app"), source.Limits{})
	if err != nil {
		m.t.Fatal(err)
	}
	defer tree.Close()
	all := providers.All()
	i := slices.IndexFunc(all, func(p providers.Provider) bool { return p.Name == provider })
	out, err := all[i].Plan(providers.App{Tree: tree, Vars: vars, Arch: "x86_64", Edition: rules.Edition(vars["NIXPACKS_EDITION"])})
	if err != nil {
		m.t.Fatal(err)
	}
	return out.Plan
}

// installPrograms makes a Nix profile of the machine's own programs.
func (m *machine) installPrograms() {
	m.t.Helper()
	m.link("/usr/sbin/nginx", store+"n-nginx-1/bin/nginx")
	m.link("/etc/nginx", store+"n-nginx-1/conf")
	m.link("/etc/nginx", store+"u-user-environment/conf")
	m.link("/usr/sbin/"+phpFPM, store+"p-php-8/bin/php-fpm")
	for program, pkg := range map[string]string{"nginx": "n-nginx-1", "php-fpm": "p-php-8"} {
		m.link(store+pkg+"/bin/"+program, profile+program)
	}
	m.write("/etc/profile", "export PATH="+profile+":/usr/bin:/bin\n")
	caddy, err := os.ReadFile(filepath.Join(caddyDir, "bin", "caddy"))
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(profile+"caddy", string(caddy))
	m.chmod(profile+"caddy", 0o755)
}

func (m *machine) write(name, text string) {
	m.t.Helper()
	m.parent(name)
	if err := m.root.WriteFile(inside(name), []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) link(target, name string) {
	m.t.Helper()
	m.parent(name)
	if err := m.root.Symlink(target, inside(name)); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) parent(name string) {
	m.t.Helper()
	if err := m.root.MkdirAll(path.Dir(inside(name)), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) chmod(name string, mode os.FileMode) {
	m.t.Helper()
	if err := m.root.Chmod(inside(name), mode); err != nil {
		m.t.Fatal(err)
	}
}

// mode returns the mode of a file, and 0 if there is none.
func (m *machine) mode(name string) os.FileMode {
	m.t.Helper()
	info, err := m.root.Lstat(inside(name))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return info.Mode()
}

// inside is the name of a file below the machine's root.
func inside(name string) string { return strings.TrimPrefix(name, "/") }

// command prepares a command line to be run as a container runs it.
func (m *machine) command(line string) *exec.Cmd {
	cmd := exec.Command("/bin/bash", "-l", "-c", line)
	cmd.Dir = "/app"
	cmd.Env = []string{"HOME=/root"}
	for name, value := range plan.Sorted(m.vars) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	// As in a container, all that is started ends with the first process.
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: m.root.Name(), Cloneflags: syscall.CLONE_NEWPID, Credential: &syscall.Credential{Uid: m.user, Gid: m.user}}
	return cmd
}

// run runs a command line to its end.
func (m *machine) run(line string) (status int, output string) {
	m.t.Helper()
	cmd := m.command(line)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// A server is a start command that runs.
type server struct {
	t   *testing.T
	url string
	log log
	end <-chan struct{} // closed when it has ended
}

// start runs the plan's start command until the test ends, and waits until the port answers, and those behind it.
func (m *machine) start(port string, behind ...string) *server {
	m.t.Helper()
	s := &server{t: m.t, url: "http://127.0.0.1:" + port}
	cmd := m.command(*m.plan.Start.Cmd)
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	ended := make(chan struct{})
	s.end = ended
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	m.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	for _, p := range append(behind, port) {
		if err := answers(m.t.Context(), "127.0.0.1:"+p, ended); err != nil {
			m.t.Fatalf("%v\n%s", err, &s.log)
		}
	}
	return s
}

// answers waits until the address takes connections.
func answers(ctx context.Context, address string, ended <-chan struct{}) error {
	return poll(ctx, ended, func() error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// poll waits until the probe succeeds, and gives up when the program has ended.
func poll(ctx context.Context, ended <-chan struct{}, probe func() error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe()
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("the start command ended: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("waiting in vain: %w", err)
		case <-tick.C:
		}
	}
}

// log is an output that is written and read at the same time.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A reply is what a server says to a request.
type reply struct {
	status int
	body   string
	header http.Header
}

// get asks for a path, with headers as pairs of name and value.
func (s *server) get(name string, header ...string) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+name, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	// Redirects are answers too, and so is compressed text.
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, &s.log)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, string(body), res.Header}
}

// want fails unless a path gives this status and a body that contains the text.
func (s *server) want(name string, status int, text string) reply {
	s.t.Helper()
	r := s.get(name)
	if r.status != status || !strings.Contains(r.body, text) {
		s.t.Errorf("%s gives %d %q, want %d with %q\n%s", name, r.status, r.body, status, text, &s.log)
	}
	return r
}

// wantLog waits until the output has these texts: programs pass on each other's output in their own time.
func (s *server) wantLog(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		err := poll(s.t.Context(), s.end, func() error {
			if !strings.Contains(s.log.String(), text) {
				return fmt.Errorf("the log has no %q", text)
			}
			return nil
		})
		if err != nil {
			s.t.Errorf("%v\n%s", err, &s.log)
		}
	}
}

// wantHeader fails unless the reply has these headers, as pairs of name and value.
func (s *server) wantHeader(r reply, header ...string) {
	s.t.Helper()
	for i := 0; i < len(header); i += 2 {
		if got := r.header.Get(header[i]); got != header[i+1] {
			s.t.Errorf("header %s is %q, want %q", header[i], got, header[i+1])
		}
	}
}
