package builder

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Trial is one start of an image's program on the builder, as an engine starts it: the program is the first process of a container.
// It reaches no network but its own loopback.
type Trial struct {
	Root     *llb.Definition // the image's file system
	Config   ocispecs.ImageConfig
	Platform ocispecs.Platform
	Writable []string // directories that are empty, and that everybody writes

	// Tools is a file system with Debian's setpriv, bash and find, nil for none. With it the program can be restricted, and its ports are seen.
	Tools *llb.Definition

	// Restricted takes every capability and every way to new privileges from a program whose user is a number, as the restricted
	// profile of Kubernetes does. It needs Tools.
	Restricted bool

	Patience time.Duration // how long the program may take until it listens
	Grace    time.Duration // how long the program may take to end after SIGTERM
}

// A TrialReport is how a program started, and how it ended.
type TrialReport struct {
	Ports   []Port        // on which the program listens, sorted
	Exited  bool          // on its own
	Status  int           // if it exited
	Bare    bool          // the program was neither restricted nor watched, as the programs of Tools are missing
	Ended   time.Duration // from SIGTERM to the end of the program
	Ignored bool          // the program had not ended when the grace was over
	Log     string        // the end of its output
}

// A Starter makes a [Trial]. An error says that the trial could not be made.
type Starter func(context.Context, Trial) (TrialReport, error)

// toolsDir is where a container of a trial has [Trial.Tools].
const toolsDir = "/run/npx-action/tools"

// starter makes trials beside the result.
func (p *resultPlan) starter(gw gateway.Client) Starter {
	return func(ctx context.Context, t Trial) (TrialReport, error) {
		c, err := p.container(ctx, gw, &t)
		if err != nil {
			return TrialReport{}, err
		}
		defer c.Release(context.WithoutCancel(ctx)) //nolint:errcheck // it tells once more how the program ended
		return try(ctx, c, t)
	}
}

// container makes the container of a trial. The trial loses tools that lack a program.
func (p *resultPlan) container(ctx context.Context, gw gateway.Client, t *Trial) (gateway.Container, error) {
	root, err := p.evaluate(ctx, gw, t.Root)
	if err != nil {
		return nil, err
	}
	mounts := []gateway.Mount{{Dest: pb.RootMount, Ref: root, MountType: pb.MountType_BIND}}
	if t.Tools != nil {
		tools, err := p.evaluate(ctx, gw, t.Tools)
		if err != nil {
			return nil, err
		}
		if t.hasPrograms(ctx, tools) {
			mounts = append(mounts, gateway.Mount{Dest: toolsDir, Ref: tools, MountType: pb.MountType_BIND, Readonly: true})
		} else {
			t.Tools = nil
		}
	}
	if len(t.Writable) > 0 {
		empty, err := p.emptyDirs(ctx, gw, len(t.Writable))
		if err != nil {
			return nil, err
		}
		for i, dir := range t.Writable {
			mounts = append(mounts, gateway.Mount{Dest: dir, Ref: empty, Selector: emptyDir(i), MountType: pb.MountType_BIND})
		}
	}
	platform := pb.PlatformFromSpec(t.Platform)
	return gw.NewContainer(ctx, gateway.NewContainerRequest{Mounts: mounts, NetMode: pb.NetMode_NONE, Platform: platform})
}

// hasPrograms reports whether a file system has what [Trial.Tools] says.
func (t *Trial) hasPrograms(ctx context.Context, tools gateway.Reference) bool {
	for _, program := range []string{"usr/bin/setpriv", "usr/bin/find", "bin/bash"} {
		for _, file := range []string{program, strings.TrimPrefix(t.tool(program)[0], toolsDir+"/")} {
			if _, err := tools.StatFile(ctx, gateway.StatRequest{Path: file}); err != nil {
				return false
			}
		}
	}
	return true
}

// emptyDirs is a file system with empty directories that everybody writes, as an emptyDir of Kubernetes is. A tmpfs would take its
// owner from the builder and its mode from the image.
func (p *resultPlan) emptyDirs(ctx context.Context, gw gateway.Client, n int) (gateway.Reference, error) {
	st := llb.Scratch()
	for i := range n {
		st = st.File(llb.Mkdir(emptyDir(i), 0o1777), llb.WithCustomName("[start] make a directory to write"))
	}
	def, err := st.Marshal(ctx)
	if err != nil {
		return nil, err
	}
	return p.evaluate(ctx, gw, def)
}

func emptyDir(i int) string { return "/" + strconv.Itoa(i) }

// try starts the program, watches it and ends it.
func try(ctx context.Context, c gateway.Container, t Trial) (TrialReport, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := newTailBuffer()
	p, err := startProgram(ctx, c, t, out)
	if err != nil {
		return TrialReport{}, fmt.Errorf("starting the program: %w", err)
	}
	report := TrialReport{Bare: t.Tools == nil}
	watcher := watchPorts(ctx, c, t)
	select {
	case <-ctx.Done():
		return TrialReport{}, context.Cause(ctx)
	case report.Ports = <-watcher.found:
	case <-p.ended:
	case <-time.After(t.Patience):
	}
	watcher.end(ctx)
	if err := p.stop(ctx, t.Grace, &report); err != nil {
		return TrialReport{}, err
	}
	report.Log = strings.Join(out.lines(logLines), "\n")
	return report, nil
}

// logLines is how much of a program's output a report has.
const logLines = 200

// stop ends a program as an engine does, unless it has ended.
func (p *program) stop(ctx context.Context, grace time.Duration, report *TrialReport) error {
	if p.hasEnded() {
		report.Exited, report.Status = true, p.status
		return p.err
	}
	begin := time.Now()
	if err := p.Signal(ctx, syscall.SIGTERM); err != nil && !p.hasEnded() {
		return fmt.Errorf("ending the program: %w", err)
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.ended:
		report.Ended = time.Since(begin)
	case <-time.After(grace):
		report.Ignored = true
	}
	return nil
}

// A program is the first process of a container.
type program struct {
	gateway.ContainerProcess
	ended  chan struct{}
	status int   // once it has ended
	err    error // why nobody knows the status
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// startProgram starts the image's program as the first process.
func startProgram(ctx context.Context, c gateway.Container, t Trial, out io.Writer) (*program, error) {
	args := slices.Concat(t.Config.Entrypoint, t.Config.Cmd)
	env := slices.Clone(t.Config.Env)
	if !slices.ContainsFunc(env, func(kv string) bool { return strings.HasPrefix(kv, "PORT=") }) {
		// Two trials that share a network want different ports.
		env = append(env, "PORT="+anyPort())
	}
	user := t.Config.User
	if t.Restricted && t.Tools != nil {
		args, user = append(t.tool("usr/bin/setpriv", restrictions(user)...), args...), ""
	}
	w := nopCloser{out}
	started, err := c.Start(ctx, gateway.StartRequest{Args: args, Env: env, User: user, Cwd: t.Config.WorkingDir, Stdout: w, Stderr: w})
	if err != nil {
		return nil, err
	}
	p := &program{ContainerProcess: started, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		err := started.Wait()
		if exit, ok := errors.AsType[*gatewaypb.ExitError](err); ok {
			p.status = int(exit.ExitCode)
		} else {
			p.err = err
		}
	}()
	return p, nil
}

// anyPort is one of ten thousand ports that few programs ask for.
func anyPort() string {
	var b [2]byte
	rand.Read(b[:]) // it never fails
	return strconv.Itoa(20000 + int(binary.BigEndian.Uint16(b[:]))%10000)
}

// restrictions are the options of setpriv that take from a program what the restricted profile takes. The user is UID or UID:GID.
func restrictions(user string) []string {
	uid, gid, ok := strings.Cut(user, ":")
	if !ok {
		gid = uid
	}
	return []string{"--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"}
}

// tool is the command line of a program of [Trial.Tools], by the tools' own loader: the image may have another C library, or none.
func (t Trial) tool(program string, args ...string) []string {
	lib := toolsDir + "/usr/lib/" + map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[t.Platform.Architecture]
	loader := map[string]string{"amd64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}[t.Platform.Architecture]
	return append([]string{lib + "/" + loader, "--library-path", lib, toolsDir + "/" + program}, args...)
}

// HasTools reports for which platforms [Trial.Tools] are found.
func HasTools(p ocispecs.Platform) bool {
	return p.OS == "linux" && (p.Architecture == "amd64" || p.Architecture == "arm64")
}

// A nopCloser is a writer that is closed in vain, as a process closes its output.
type nopCloser struct{ io.Writer }

// Close does nothing.
func (nopCloser) Close() error { return nil }

// ParseImageConfig reads the part of an OCI image configuration that a container starts by.
func ParseImageConfig(text []byte) (ocispecs.ImageConfig, error) {
	var image ocispecs.Image
	if err := json.Unmarshal(text, &image); err != nil {
		return ocispecs.ImageConfig{}, fmt.Errorf("reading the image's configuration: %w", err)
	}
	return image.Config, nil
}
