package builder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/api/types/registry"
	docker "github.com/moby/moby/client"
)

// containerdStore is the driver of an engine that keeps images in containerd: BuildKit then can do there what it does elsewhere.
const containerdStore = "io.containerd.snapshotter.v1"

// limitsWithoutStore names what an engine lacks without it.
const limitsWithoutStore = "the engine does not use the containerd image store: full images, one kind of output, no cache in a registry, no annotations, no attestations"

// inEngine is the kind of export that only an engine's own BuildKit has: the image is in the engine when it is done.
const inEngine = "moby"

// connectEngine uses the BuildKit in a Docker engine, to which the engine hands on two connections.
func connectEngine(ctx context.Context, o Options) (*Conn, error) {
	if err := o.foreign(); err != nil {
		return nil, err
	}
	engine, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	about, err := reply(engine.api.Info(ctx, docker.InfoOptions{}))
	if err != nil {
		return nil, &EngineError{Action: "asking for the version of", Host: engine.host, Err: err}
	}
	c, err := dial(ctx, o, engine.host, nil, engine.ownDialers()...)
	if err != nil {
		return nil, err
	}
	c.info.Version = cmp.Or(c.info.Version, "Docker "+about.Info.ServerVersion)
	if !slices.ContainsFunc(about.Info.DriverStatus, func(s [2]string) bool { return s[0] == "driver-type" && s[1] == containerdStore }) {
		c.engine, c.info.Limits, c.info.NoMerges = &engineBuilder{engine, o.Network == OwnNetwork}, limitsWithoutStore, true
	}
	// An engine gives each step a network like the network of its containers, unless the step asks for the host's.
	if c.info.Network = SharedNetwork; c.engine == nil || c.engine.apart {
		c.info.Network = OwnNetwork
	}
	return c, nil
}

// ownDialers connect to the engine's BuildKit: sessions have an endpoint of their own.
func (c *engineClient) ownDialers() []client.ClientOpt {
	return []client.ClientOpt{
		client.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return reply(c.api.DialHijack(ctx, "/grpc", "h2c", nil))
		}),
		client.WithSessionDialer(func(ctx context.Context, protocol string, meta map[string][]string) (net.Conn, error) {
			return reply(c.api.DialHijack(ctx, "/session", protocol, meta))
		}),
	}
}

// An engineBuilder adapts requests to an engine without the containerd image store.
type engineBuilder struct {
	engine *engineClient
	apart  bool // steps have networks of their own
}

// adapt turns pushes and loads into one export to the engine; push does afterwards what the engine's BuildKit cannot. The result
// says that a cache was not written.
func (e *engineBuilder) adapt(req Request) (adapted Request, push func(context.Context, *Result) error, err error) {
	push = func(context.Context, *Result) error { return nil }
	if e == nil {
		return req, push, nil
	}
	if slices.ContainsFunc(req.Definition.Def, needsMerge) {
		return req, nil, &SetupError{Status: 1, Problem: "the BuildKit of the Docker engine at " + e.engine.host + " cannot merge the layers of this plan",
			Hint: "use the containerd image store in the engine, or --route container, or " + elsewhere}
	}
	image := Export{Kind: inEngine}
	var pushed, others []Export
	for _, x := range req.Exports {
		switch {
		case x.Kind == Push:
			pushed = append(pushed, x)
		case x.Kind == Load && e.isSame(x.Engine):
		case x.Kind == Tar, x.Kind == Local:
			others = append(others, x)
			continue
		default:
			return req, nil, e.cannot("write the output " + x.Kind)
		}
		image.Refs = append(image.Refs, x.Refs...)
	}
	if len(image.Refs) > 0 {
		slices.Sort(image.Refs)
		image.Refs = slices.Compact(image.Refs)
		others = append(others, image)
	}
	if len(others) > 1 {
		return req, nil, e.cannot("write more than one output")
	}
	if !e.apart {
		if req.Definition, err = onHostNetwork(req.Definition); err != nil {
			return req, nil, err
		}
	}
	req.Exports, req.Byproducts = others, nil
	caches := len(req.CacheExports)
	req.CacheExports = slices.DeleteFunc(slices.Clone(req.CacheExports), func(c Cache) bool { return c.Type != Inline })
	return req, func(ctx context.Context, r *Result) error {
		if caches > len(req.CacheExports) {
			r.CacheWarning = "the Docker engine's own BuildKit cannot export one to a registry"
		}
		return e.push(ctx, pushed, req.Credentials, r)
	}, nil
}

// entitlements are what a build must be allowed.
func (e *engineBuilder) entitlements() []string {
	if e == nil || e.apart {
		return nil
	}
	return []string{hostNetwork}
}

func (e *engineBuilder) cannot(what string) error {
	return &SetupError{Status: 2, Problem: "the BuildKit of the Docker engine at " + e.engine.host + " cannot " + what,
		Hint: "use the containerd image store in the engine, or another --route"}
}

func (e *engineBuilder) isSame(other Engine) bool {
	return cmp.Or(other.Host, defaultEngine) == e.engine.host
}

// needsMerge reports whether a step merges or compares layers, which images kept outside of containerd do not allow.
func needsMerge(def []byte) bool {
	var op pb.Op
	return op.UnmarshalVT(def) == nil && (op.GetMerge() != nil || op.GetDiff() != nil)
}

// push makes the engine push each name.
func (e *engineBuilder) push(ctx context.Context, exports []Export, credentials Credentials, r *Result) error {
	for _, x := range exports {
		for _, ref := range x.Refs {
			digest, err := e.pushRef(ctx, ref, credentials)
			if err != nil {
				return registryError("pushing", ref, err.Error())
			}
			r.Digest = digest
		}
	}
	return nil
}

func (e *engineBuilder) pushRef(ctx context.Context, ref string, credentials Credentials) (digest string, err error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", err
	}
	tagged, ok := reference.TagNameOnly(named).(reference.Tagged)
	if !ok {
		return "", errors.New("it has a digest and no tag")
	}
	login := registry.AuthConfig{ServerAddress: reference.Domain(named)}
	if credentials != nil {
		user, secret, err := credentials.Credentials(ctx, named.Name())
		if err != nil {
			return "", fmt.Errorf("finding credentials: %w", err)
		}
		if user == "" && secret != "" {
			login.IdentityToken = secret
		} else if user != "" {
			login.Username, login.Password = user, secret
		}
	}
	auth, err := authconfig.Encode(login)
	if err != nil {
		return "", err
	}
	answer, err := reply(e.engine.api.ImagePush(ctx, named.Name()+":"+tagged.Tag(), docker.ImagePushOptions{RegistryAuth: auth}))
	if err != nil {
		return "", err
	}
	defer answer.Close()
	digest, err = messages(answer)
	if err == nil && !strings.HasPrefix(digest, "sha256:") {
		err = errors.New("the engine does not tell the digest")
	}
	return digest, err
}
