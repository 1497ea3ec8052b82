package world

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/graph"
)

// engineScript is the first process of the engine's own process and mount namespaces. When it ends, so do all
// containers, and their mounts are gone. An engine that the machine already has is hidden from this one.
const engineScript = `set -e
mount --make-rprivate /
mount -t proc proc /proc
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
dockerd "$@" &
trap 'kill -TERM $!' TERM
wait $! || true
wait $!`

// An engine is a dockerd on a socket of its own.
type engine struct {
	host   string // unix:// URL
	config string // directory of the client's configuration, with the credentials of the world's registries
}

// Engine starts the Docker engine, if no one has yet, and returns the URL of its socket. It has no bridge: containers run
// on the host's network.
func (w *World) Engine(ctx context.Context) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.engine != nil {
		return w.engine.host, nil
	}
	if err := install(ctx, w.cache, w.log, "dockerd"); err != nil {
		return "", err
	}
	dir, err := w.run.mkdir("docker")
	if err != nil {
		return "", err
	}
	runtime, err := runtimeOptions(dir)
	if err != nil {
		return "", err
	}
	e := &engine{host: "unix://" + filepath.Join(dir, "sock"), config: dir}
	args := append([]string{"-c", engineScript, "dockerd",
		"--host", e.host, "--data-root", filepath.Join(dir, "data"), "--exec-root", filepath.Join(dir, "exec"),
		"--pidfile", filepath.Join(dir, "pid"), "--log-level", "warn", "--bridge", "none", "--iptables=false", "--ip6tables=false"}, runtime...)
	cmd := exec.Command("bash", args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
	p, err := startProcess(w.log, cmd)
	if err != nil {
		return "", err
	}
	w.stops = append(w.stops, p.stop)
	err = p.ready(ctx, func() error {
		conn, err := net.Dial("unix", strings.TrimPrefix(e.host, "unix://"))
		if err != nil {
			return err
		}
		return conn.Close()
	})
	if err != nil {
		return "", err
	}
	w.engine = e
	return e.host, nil
}

// login writes the credentials of the registries for the engine's client.
func (w *World) login() error {
	type auth struct {
		Auth string `json:"auth"`
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	auths := map[string]auth{}
	for _, r := range w.registries {
		if r.User != "" {
			auths[r.Host] = auth{base64.StdEncoding.EncodeToString([]byte(r.User + ":" + r.Password))}
		}
	}
	data, err := json.Marshal(map[string]any{"auths": auths})
	if err != nil {
		return err
	}
	// A client that runs beside reads the old file or the new one.
	file := filepath.Join(w.engine.config, "config.json")
	if err := os.WriteFile(file+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (e *engine) docker(ctx context.Context, w *World, args ...string) (string, error) {
	return runCommand(w.log, exec.CommandContext(ctx, "docker", append([]string{"--config", e.config, "--host", e.host}, args...)...))
}

// RunOptions are how a container is run. The zero value is the image as it is.
type RunOptions struct {
	Env  []string // NAME=value
	Args []string // the command in place of the image's own
	Port int      // that the program listens on; 0 means a free one, which it is told by PORT

	AsItIs bool // without the restrictions of a cluster
}

// A Container is a running image.
type Container struct {
	URL  string        // of its port, on loopback
	Took time.Duration // from docker run to the first connection

	id   string
	w    *World
	stop func() error
}

// Restrictions are the options of docker run by which the engine gives the program of a pulled image no more than the restricted profile of
// Kubernetes does, with a read-only root. There are none for an image that does not say what its program writes.
func (w *World) Restrictions(ctx context.Context, image string) ([]string, error) {
	const format = `{{index .Config.Labels "` + graph.WritableLabel + `"}} {{.Config.User}}`
	out, err := w.engine.docker(ctx, w, "image", "inspect", "--format", format, image)
	dirs, user, found := strings.Cut(out, " ")
	if err != nil || !found || dirs == "" {
		return nil, err
	}
	uid, gid, found := strings.Cut(user, ":")
	if !found {
		gid = uid
	}
	flags := []string{"--cap-drop", "ALL", "--security-opt", "no-new-privileges"}
	list := strings.Split(dirs, ",")
	if slices.Contains(list, graph.Dir) {
		return flags, nil // a volume there would hide the app
	}
	flags = append(flags, "--read-only")
	for _, dir := range list {
		flags = append(flags, "--tmpfs", dir+":uid="+uid+",gid="+gid)
	}
	return flags, nil
}

// Run pulls an image and starts it, and returns when its port answers. A program that ends before that, or does not
// answer within a minute, is an error with its output.
func (w *World) Run(ctx context.Context, image string, o RunOptions) (*Container, error) {
	if _, err := w.Engine(ctx); err != nil {
		return nil, err
	}
	if err := w.login(); err != nil {
		return nil, fmt.Errorf("writing the engine's credentials: %w", err)
	}
	if o.Port == 0 {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		o.Port = port
		o.Env = append([]string{fmt.Sprintf("PORT=%d", port)}, o.Env...)
	}
	args := []string{"run", "--detach", "--network", "host"}
	for _, e := range o.Env {
		args = append(args, "--env", e)
	}
	_, err := w.engine.docker(ctx, w, "pull", "--quiet", image)
	if err != nil {
		return nil, err
	}
	var restrictions []string
	if !o.AsItIs {
		if restrictions, err = w.Restrictions(ctx, image); err != nil {
			return nil, err
		}
	}
	began := time.Now()
	id, err := w.engine.docker(ctx, w, slices.Concat(args, restrictions, []string{image}, o.Args)...)
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", o.Port)
	c := &Container{URL: "http://" + address, id: id, w: w}
	c.stop = sync.OnceValue(c.remove)
	w.onClose(c.stop)
	if err := c.wait(ctx, address); err != nil {
		err = fmt.Errorf("running %s: %w; its output:\n%s", image, err, c.Logs())
		_ = c.Stop()
		return nil, err
	}
	c.Took = time.Since(began)
	return c, nil
}

// Resident is how much memory the container's processes have, in bytes. Memory that two of them share counts once for each.
func (c *Container) Resident(ctx context.Context) (int64, error) {
	out, err := c.w.engine.docker(ctx, c.w, "top", c.id, "-eo", "pid,rss")
	if err != nil {
		return 0, err
	}
	var sum int64
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) == 2 {
			kilobytes, _ := strconv.ParseInt(fields[1], 10, 64) // the head of the table has words
			sum += kilobytes << 10
		}
	}
	return sum, nil
}

// Forget removes an image from the engine, to make room.
func (w *World) Forget(ctx context.Context, image string) error {
	_, err := w.engine.docker(ctx, w, "image", "rm", image)
	return err
}

// ForgetRepository removes the repository of an image, and those below it, from its registry. Nothing may be pushed
// meanwhile.
func (w *World) ForgetRepository(ctx context.Context, image string) error {
	ref, err := name.ParseReference(image)
	if err != nil {
		return err
	}
	for _, r := range w.registries {
		if r.Host == ref.Context().RegistryStr() {
			return r.remove(ctx, w, ref.Context().RepositoryStr())
		}
	}
	return fmt.Errorf("%s is in no registry of this world", image)
}

func (c *Container) wait(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ctx, exited := context.WithCancelCause(ctx)
	defer exited(nil)
	go func() {
		if status, err := c.w.engine.docker(ctx, c.w, "wait", c.id); err == nil {
			exited(fmt.Errorf("the program ended with status %s", status))
		}
	}()
	return poll(ctx, 50*time.Millisecond, func() error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// Logs returns what the program has written so far, or why that cannot be told.
func (c *Container) Logs() string {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "docker", "--host", c.w.engine.host, "logs", c.id)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%sreading the log: %v", out, err)
	}
	return string(out)
}

// End asks the program to end, as `docker stop` does, and returns its exit status: 137 if it had to be killed after ten seconds.
func (c *Container) End(ctx context.Context) (status int, err error) {
	if _, err := c.w.engine.docker(ctx, c.w, "stop", c.id); err != nil {
		return 0, err
	}
	out, err := c.w.engine.docker(ctx, c.w, "inspect", "--format", "{{.State.ExitCode}}", c.id)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out)
}

// Stop ends the program and removes the container. It can be called again, and the world's end does it too.
func (c *Container) Stop() error { return c.stop() }

// Terminate asks the program to end, as an orchestrator does, and returns its exit status. It has 20 seconds, and is killed then.
func (c *Container) Terminate(ctx context.Context) (status int, err error) {
	if _, err := c.w.engine.docker(ctx, c.w, "stop", "--time", "20", c.id); err != nil {
		return 0, err
	}
	out, err := c.w.engine.docker(ctx, c.w, "wait", c.id)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out)
}

func (c *Container) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	_, err := c.w.engine.docker(ctx, c.w, "rm", "--force", c.id)
	return err
}
