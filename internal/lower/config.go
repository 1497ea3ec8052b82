package lower

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
)

// defaultPath is the PATH that BuildKit gives to an image without one.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// errNotPinned says that the caller forgot graph.Graph.Pin.
var errNotPinned = errors.New("the image is not pinned")

func parseConfig(op graph.Image) (dockerspec.DockerOCIImage, error) {
	var image dockerspec.DockerOCIImage
	if op.Pinned == "" || op.Config == nil {
		return image, errNotPinned
	}
	if err := json.Unmarshal(op.Config, &image); err != nil {
		return image, fmt.Errorf("reading the configuration of %s: %w", op.Pinned, err)
	}
	return image, nil
}

// baseConfig reads an image's configuration, for the platform and with a PATH. The description of its layers and its birth
// is left out: the new image's takes its place.
func baseConfig(op graph.Image, platform ocispecs.Platform) (dockerspec.DockerOCIImage, error) {
	image, err := parseConfig(op)
	if err != nil {
		return image, err
	}
	image.Platform = platform
	image.Created, image.Author, image.History = nil, "", nil
	image.RootFS = ocispecs.RootFS{Type: "layers"}
	image.Config.OnBuild = nil
	for _, kv := range image.Config.Env {
		if strings.HasPrefix(kv, "PATH=") {
			return image, nil
		}
	}
	image.Config.Env = setEnv(image.Config.Env, "PATH", defaultPath)
	return image, nil
}

// imageConfig returns the configuration of the graph's image: the configuration of its last stage's image, then the variables of the
// output's chain and the graph's own.
func imageConfig(g *graph.Graph, platform ocispecs.Platform, created *time.Time) ([]byte, error) {
	base, ok := g.Nodes[g.StageOf(g.Image)].Op.(graph.Image)
	if !ok {
		return nil, errNotPinned
	}
	image, err := baseConfig(base, platform)
	if err != nil {
		return nil, err
	}
	var chain []graph.Env
	for i := g.Image; i >= 0; i = g.On(i) {
		if env, ok := g.Nodes[i].Op.(graph.Env); ok {
			chain = append(chain, env)
		}
	}
	c := &image.Config
	for i := len(chain) - 1; i >= 0; i-- {
		for _, v := range chain[i].Vars {
			c.Env = setEnv(c.Env, v.Name, v.Value)
		}
		if dirs := chain[i].Path; len(dirs) > 0 {
			c.Env = setEnv(c.Env, "PATH", strings.Join(append(slices.Clone(dirs), valueOf(c.Env, "PATH")), ":"))
		}
	}
	born, err := parseConfig(base)
	if err != nil {
		return nil, err
	}
	image.Created, image.History = created, history(g, born, created)
	c.Entrypoint, c.Cmd = g.Config.Entrypoint, g.Config.Command()
	c.WorkingDir, c.Shell = g.Config.WorkDir, graph.Shell()
	if g.Config.User != "" {
		c.User = g.Config.User
	}
	for _, port := range g.Config.Ports {
		if c.ExposedPorts == nil {
			c.ExposedPorts = map[string]struct{}{}
		}
		c.ExposedPorts[port] = struct{}{}
	}
	if g.Config.StopSignal != "" {
		c.StopSignal = g.Config.StopSignal
	}
	if g.Config.Health != nil {
		c.Healthcheck = &dockerspec.HealthcheckConfig{Test: append([]string{"CMD"}, g.Config.Health...)}
	}
	for _, l := range g.Config.Labels {
		if c.Labels == nil {
			c.Labels = map[string]string{}
		}
		c.Labels[l.Name] = l.Value
	}
	out, err := json.Marshal(image)
	if err != nil {
		return nil, fmt.Errorf("writing the image's configuration: %w", err)
	}
	return out, nil
}

// valueOf returns the value of a variable, "" if it is not set.
func valueOf(env []string, name string) string {
	for _, kv := range env {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// setEnv replaces a variable in its place, or appends it.
func setEnv(env []string, name, value string) []string {
	for i, kv := range env {
		if strings.HasPrefix(kv, name+"=") {
			env[i] = name + "=" + value
			return env
		}
	}
	return append(env, name+"="+value)
}
