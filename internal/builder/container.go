package builder

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/distribution/reference"
	"github.com/moby/moby/api/types/container"
	docker "github.com/moby/moby/client"
)

// DefaultImage is what a builder in a container is made of, as docker buildx has it.
const DefaultImage = "moby/buildkit:buildx-stable-1"

// pullTime is how long an engine may take to pull that.
const pullTime = 5 * time.Minute

// errNoSibling says that no container can be started beside ours.
var errNoSibling = &SetupError{Problem: "this process is in no container of the Docker engine"}

// connectOwnContainer starts a daemon in a container: beside ours, of the same image, if we are in one of the engine's, else of
// BuildKit's image.
func connectOwnContainer(ctx context.Context, o Options) (*Conn, error) {
	engine, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	d, err := startBeside(ctx, o, ownIdentity(), errNoSibling)
	if err == nil {
		return dialOwn(ctx, o, d)
	}
	if !errors.Is(err, errNoSibling) {
		return nil, err
	}
	c, err := startOwnContainer(ctx, o, engine)
	if err == nil || o.Network != OwnNetwork || o.RefuseShared || ctx.Err() != nil {
		return c, err
	}
	why := shortly(err)
	o.Network = SharedNetwork
	if c, err = startOwnContainer(ctx, o, engine); err == nil {
		c.info.NetworkWhy = why
	}
	return c, err
}

// An ownContainer is a buildkitd in a privileged container of BuildKit's image. The engine closes its standard input when our
// connection to it ends, and with that it ends: so it outlives us in no case, and the engine removes it with its state.
type ownContainer struct{ sibling }

// guarded is run with the arguments of buildkitd. A program in the background has no standard input of its own accord.
const guarded = `exec 3<&0
buildkitd "$@" & daemon=$!
trap 'kill $daemon' TERM
(cat <&3 >/dev/null; kill $daemon) &
wait $daemon`

const (
	ownConfig = "/etc/buildkit/buildkitd.toml"
	ownCA     = "/etc/buildkit/certs"
	ownSocket = "/run/buildkit/buildkitd.sock"
	ownState  = "/var/lib/buildkit"
)

func startOwnContainer(ctx context.Context, o Options, engine *engineClient) (*Conn, error) {
	image := cmp.Or(o.Image, DefaultImage)
	if err := engine.ensureImage(ctx, image, o); err != nil {
		return nil, err
	}
	run := rand.Text()
	c := &ownContainer{sibling: sibling{engine: engine, name: "npx-action-" + strings.ToLower(run)}}
	d := &daemon{root: ownState, address: "docker-container://" + c.name, log: newTailBuffer(), process: c, grace: cmp.Or(o.Embedded.Grace, 10*time.Second)}
	if err := c.start(ctx, image, run, d.log, o); err != nil {
		d.kill()
		return nil, err
	}
	conn, err := dial(ctx, o, d.address, d, engine.execDialer(c.name)...)
	if err != nil {
		d.kill()
		return nil, err
	}
	if o.Network == OwnNetwork {
		conn.info.Network = OwnNetwork
	}
	return conn, nil
}

func (c *ownContainer) start(ctx context.Context, image, run string, log io.Writer, o Options) error {
	if o.Log != nil {
		log = io.MultiWriter(log, o.Log)
	}
	// The answer of the engine is waited for, or the container could come into being after its removal.
	asked, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineTimeout)
	defer cancel()
	// Steps reach what the engine's machine reaches, as they do with a daemon of ours beside the job; or what the container does, which is of
	// this job alone, and in which they find nothing but a daemon that listens on no port.
	network, script := container.NetworkMode("host"), guarded
	if o.Network == OwnNetwork {
		network, script = "default", containerScript(o)+guarded
	}
	env := proxies(o.Environ)
	if len(o.CustomCA) > 0 {
		env = trust(env, ownCA)
	}
	_, err := reply(c.engine.api.ContainerCreate(asked, docker.ContainerCreateOptions{
		Name: c.name,
		Config: &container.Config{
			Image:        image,
			Entrypoint:   []string{"/bin/sh", "-c", script, "sh"},
			Cmd:          []string{"--config", ownConfig},
			Env:          env,
			User:         "0:0",
			Labels:       o.labels(run),
			Volumes:      map[string]struct{}{ownState: {}},
			OpenStdin:    true,
			StdinOnce:    true,
			AttachStdin:  true,
			AttachStdout: true,
			AttachStderr: true,
		},
		HostConfig: &container.HostConfig{
			Privileged: true, AutoRemove: true, UsernsMode: "host",
			NetworkMode: network,
			LogConfig:   noLog,
		},
	}))
	if err != nil {
		return c.refused(err)
	}
	if err := c.engine.upload(asked, c.name, o); err != nil {
		return c.refused(err)
	}
	if err := c.follow(asked, log, docker.ContainerAttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true}); err != nil {
		return c.refused(err)
	}
	return c.refused(c.engine.start(asked, c.name))
}

func (c *ownContainer) refused(err error) error {
	if answer, ok := errors.AsType[*statusError](err); ok {
		return &SetupError{Problem: "starting a builder in a container: " + answer.message, Hint: "allow privileged containers, or " + elsewhere}
	}
	if err != nil {
		return &EngineError{Action: "starting a builder with", Host: c.engine.host, Err: err}
	}
	return nil
}

// proxies are what a daemon in another container needs of our environment. Its paths are not ours.
func proxies(env []string) []string {
	var out []string
	for _, v := range env {
		if name, _, _ := strings.Cut(v, "="); strings.HasSuffix(strings.ToLower(name), "_proxy") {
			out = append(out, v)
		}
	}
	return environmentOf(out)
}

// environmentOf keeps what [environment] does, without a PATH: that is the image's.
func environmentOf(env []string) []string {
	all := environment(env)
	return all[:len(all)-1]
}

// upload puts the daemon's configuration into a container that was made.
func (c *engineClient) upload(ctx context.Context, name string, o Options) error {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(path string, content []byte) {
		// Writing to memory fails for a malformed header only.
		_ = w.WriteHeader(&tar.Header{Name: strings.TrimPrefix(path, "/"), Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg})
		_, _ = w.Write(content)
	}
	add(ownConfig, configuration(ownState, ownSocket, false, o.Insecure, nil))
	if len(o.CustomCA) > 0 {
		add(ownCA+"/custom.pem", o.CustomCA)
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err := reply(c.api.CopyToContainer(ctx, name, docker.CopyToContainerOptions{DestinationPath: "/", Content: &b}))
	return err
}

// has reports whether the engine has an image.
func (c *engineClient) has(ctx context.Context, image string) bool {
	_, err := c.api.ImageInspect(ctx, image)
	return err == nil
}

// ensureImage pulls an image that the engine has not.
func (c *engineClient) ensureImage(ctx context.Context, image string, o Options) error {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return &SetupError{Status: 2, Problem: fmt.Sprintf("the builder's image %q is not an image reference", image), Hint: "give one such as " + DefaultImage}
	}
	full := reference.TagNameOnly(named).String()
	ctx, cancel := context.WithTimeout(ctx, pullTime)
	defer cancel()
	if c.has(ctx, full) {
		return nil
	}
	if o.survey {
		return &SetupError{Problem: "not tried, as the engine has no image " + image, Hint: "a build pulls it"}
	}
	o.Notice("pulling " + image + " for the builder")
	err = c.pull(ctx, full)
	if err != nil {
		return &SetupError{Problem: fmt.Sprintf("pulling %s, of which the builder's container is made: %v", image, err),
			Hint: "name an image that the engine can pull with --builder-image"}
	}
	return nil
}

func (c *engineClient) pull(ctx context.Context, ref string) error {
	answer, err := reply(c.api.ImagePull(ctx, ref, docker.ImagePullOptions{}))
	if err != nil {
		return err
	}
	defer answer.Close()
	_, err = messages(answer)
	return err
}
