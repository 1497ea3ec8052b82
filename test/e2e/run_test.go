package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

// A running app is one that the command run has started.
type running struct {
	cmd    *exec.Cmd
	url    string // "" if the program has ended before it was told
	stdout bytes.Buffer
	stderr bytes.Buffer
	ended  chan struct{} // closed when the standard error has ended
}

// start starts the command run, and returns when the program's address is known.
func (d docker) start(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	all := append([]string{"run", dir, "--docker-host", d.host, "--builder-dir", shared, "--progress", "plain"}, here.Options()...)
	r := &running{cmd: program.Command(t.Context(), append(all, args...)...), ended: make(chan struct{})}
	r.cmd.Stdout = &r.stdout
	r.cmd.Env = append(r.cmd.Env, "FROM_OUTSIDE=looked-up")
	pipe, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 1)
	go func() {
		defer close(r.ended)
		defer close(told)
		lines := bufio.NewScanner(io.TeeReader(pipe, &r.stderr))
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "running: "); ok {
				url, _, _ := strings.Cut(text, ";")
				told <- url
			}
		}
	}()
	r.url = <-told
	return r
}

// signal sends a signal to the program that runs the app.
func (r *running) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

// status waits for the end.
func (r *running) status() int {
	<-r.ended
	_ = r.cmd.Wait()
	return r.cmd.ProcessState.ExitCode()
}

// holds lists what an engine has, sorted.
func (d docker) holds(t *testing.T) string {
	t.Helper()
	all := strings.Fields(d.run(t, "ps", "--all", "--quiet") + d.run(t, "volume", "ls", "--quiet") + d.run(t, "images", "--all", "--no-trunc", "--quiet"))
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// waiter answers with its user, its variables and what it may write. It ends with status 7 when it is asked to, unless it is stubborn.
const waiter = `const fs = require("node:fs")
process.on("SIGTERM", () => { console.log("asked to end"); if (!process.env.STUBBORN) process.exit(7) })
const write = dir => { try { fs.writeFileSync(dir + "/made", "x"); return "written" } catch (e) { return e.code } }
require("node:http").createServer((req, res) => {
  console.error("asked for " + req.url)
  res.end(JSON.stringify({ uid: process.getuid(), env: process.env, data: write("/app/data"), kept: fs.existsSync("/app/data/seed"),
    tmp: write("/tmp"), root: write("/var/tmp") }))
}).listen(process.env.PORT, () => console.log("listening on " + process.env.PORT))
`

func waiterApp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "node server.js"}}`)
	write(t, dir, "server.js", waiter)
	write(t, dir, "data/seed", "kept")
	write(t, dir, "nixpacks.toml", "[start]\nwritable = [\"data\"]\n")
	write(t, dir, ".env.local", "# for the container\nDATABASE_URL=postgres://db/app\nFROM_OUTSIDE\n")
	return dir
}

// TestRunStartsAnAppAndRemovesAll builds and starts apps on the Docker engine, by each way to reach them, and ends them by each way to the end.
func TestRunStartsAnAppAndRemovesAll(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := docker{host}
	const network = "npx-run" // the engine of this world has none in which containers have ports of their own
	d.run(t, "network", "create", network)
	defer d.run(t, "network", "rm", network)
	before, dir := d.holds(t), waiterApp(t)
	t.Run("published", func(t *testing.T) { d.testRunPublished(t, dir, network) })
	t.Run("killed", func(t *testing.T) { d.testRunKilled(t, dir) })
	t.Run("orphaned", func(t *testing.T) { d.testRunOrphaned(t, dir) })
	t.Run("an app of Go", func(t *testing.T) { d.testRunGo(t) })
	t.Run("unread", func(t *testing.T) { d.testRunUnread(t, dir) })
	t.Run("a port that is taken", func(t *testing.T) { d.testRunTaken(t, dir, network) })
	t.Run("a build that fails", func(t *testing.T) {
		r := d.start(t, shellApp(t, "exit 7"))
		if status := r.status(); status != 1 || r.url != "" || !strings.Contains(r.stderr.String(), "exit 7") {
			t.Errorf("status %d\n%s", status, &r.stderr)
		}
	})
	t.Run("a program that fails", func(t *testing.T) {
		r := d.start(t, commandsApp(t, "true", "echo over; exit 42"), "--network", "host")
		if status := r.status(); status != 42 || r.stdout.String() != "over\n" || !strings.HasSuffix(r.stderr.String(), "\nended: status 42\n") {
			t.Errorf("status %d, output %q\n%s", status, &r.stdout, &r.stderr)
		}
	})
	if after := d.holds(t); after != before {
		t.Errorf("the engine held\n%s\nand holds\n%s", before, after)
	}
}

func (d docker) testRunPublished(t *testing.T, dir, network string) {
	r := d.start(t, dir, "--network", network, "--env-file", dir+"/.env.local", "--env", "IN_PLAN=yes")
	if !strings.HasPrefix(r.url, "http://127.0.0.1:") {
		t.Fatalf("address %q, status %d\n%s", r.url, r.status(), &r.stderr)
	}
	_, body, err := fetchSoon(t, r.url+"/asked")
	for _, want := range []string{`"uid":65532`, `"PORT":"3000"`, `"IN_PLAN":"yes"`, `"DATABASE_URL":"postgres://db/app"`, `"FROM_OUTSIDE":"looked-up"`,
		`"data":"written"`, `"kept":true`, `"tmp":"written"`, `"root":"EROFS"`} {
		if err != nil || !strings.Contains(body, want) {
			t.Errorf("%v: it does not answer %s\n%s", err, want, body)
		}
	}
	begin := time.Now()
	r.signal(t, os.Interrupt)
	if status := r.status(); status != 7 {
		t.Errorf("status %d", status)
	}
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("it took %s to end", took)
	}
	if out := r.stdout.String(); out != "listening on 3000\nasked to end\n" {
		t.Errorf("standard output %q", out)
	}
	if !strings.Contains(r.stderr.String(), "\nasked for /asked\n") || !strings.HasSuffix(r.stderr.String(), "\nended: status 7\n") {
		t.Errorf("standard error:\n%s", &r.stderr)
	}
}

func (d docker) testRunKilled(t *testing.T, dir string) {
	r := d.start(t, dir, "--network", "host", "--env", "STUBBORN=1")
	if _, _, err := fetchSoon(t, r.url); err != nil {
		t.Errorf("%v\n%s", err, &r.stderr)
	}
	begin := time.Now()
	r.signal(t, syscall.SIGTERM)
	d.awaitLog(t, "asked to end")
	r.signal(t, os.Interrupt)
	if status, took := r.status(), time.Since(begin); status != 137 || took > 9*time.Second {
		t.Errorf("status %d after %s\n%s", status, took, &r.stderr)
	}
}

// testRunOrphaned kills the program that waits for the app. The next run removes what it has left.
func (d docker) testRunOrphaned(t *testing.T, dir string) {
	r := d.start(t, dir, "--network", "host")
	if _, _, err := fetchSoon(t, r.url); err != nil {
		t.Errorf("%v\n%s", err, &r.stderr)
	}
	r.signal(t, syscall.SIGKILL)
	_ = r.status()
	if _, _, err := fetch(t.Context(), r.url); err != nil {
		t.Errorf("the app has ended with its run: %v", err)
	}
	next := d.start(t, commandsApp(t, "true", "exit 0"), "--network", "host")
	if status := next.status(); status != 0 {
		t.Errorf("status %d\n%s", status, &next.stderr)
	}
	if left := d.run(t, "ps", "--all", "--quiet", "--filter", "label=npx-action.run") + d.run(t, "images", "--quiet", "npx-action/run"); left != "" {
		t.Errorf("the next run leaves %s", left)
	}
}

func (d docker) testRunGo(t *testing.T) {
	r := d.start(t, app(t, "go"), "--network", "host")
	if status, body, err := fetchSoon(t, r.url+"/health"); err != nil || status == 0 {
		t.Errorf("%d %q %v\n%s", status, body, err, &r.stderr)
	}
	r.signal(t, os.Interrupt)
	if status := r.status(); status != 0 {
		t.Errorf("status %d\n%s", status, &r.stderr)
	}
}

// testRunUnread lets nobody read the app's output.
func (d docker) testRunUnread(t *testing.T, dir string) {
	all := append([]string{"run", dir, "--docker-host", d.host, "--builder-dir", shared, "--network", "host"}, here.Options()...)
	cmd := program.Command(t.Context(), all...)
	read, written, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = written
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = read.Close(), written.Close()
	_ = cmd.Wait()
	if !cmd.ProcessState.Exited() {
		t.Errorf("it ended by %s", cmd.ProcessState)
	}
}

func (d docker) testRunTaken(t *testing.T, dir, network string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := d.start(t, dir, "--network", network, "--publish", l.Addr().String()+":3000")
	if status := r.status(); status == 0 || r.url != "" || !strings.Contains(r.stderr.String(), "error: starting a container with the engine at ") {
		t.Errorf("status %d\n%s", status, &r.stderr)
	}
}

// fetchSoon gets a URL of a program that has just been started.
func fetchSoon(t *testing.T, url string) (status int, body string, err error) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); <-tick.C {
		if status, body, err = fetch(t.Context(), url); err == nil {
			return status, body, nil
		}
	}
	return status, body, err
}

// awaitLog waits until the one container of the engine has written something.
func (d docker) awaitLog(t *testing.T, text string) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); <-tick.C {
		id := strings.TrimSpace(d.run(t, "ps", "--quiet", "--filter", "label=npx-action.run"))
		if r, err := world.Finish(d.command(t, "logs", id)); err == nil && strings.Contains(r.Stdout, text) {
			return
		}
	}
	t.Errorf("the app does not write %q", text)
}
