package builder

import (
	"context"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	docker "github.com/moby/moby/client"
)

// buildxPrefix begins the names of the containers of docker buildx; the builder's name and the number of its node follow.
const buildxPrefix = "buildx_buildkit_"

// BuildxAddress is the address of the first node of a builder of docker buildx.
func BuildxAddress(name string) string { return "docker-container://" + buildxPrefix + name + "0" }

// connectBuildx connects to a running builder of docker buildx with the driver docker-container, such as docker/setup-buildx-action
// makes. It is the one that BUILDX_BUILDER names, else the first by name of those that may be taken: on an engine that others use,
// a builder that somebody else made would get the build's secrets.
func connectBuildx(ctx context.Context, o Options) (*Conn, error) {
	if err := o.foreign(); err != nil {
		return nil, err
	}
	engine, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	filters := make(docker.Filters).Add("name", buildxPrefix).Add("status", string(container.StateRunning))
	found, err := reply(engine.api.ContainerList(ctx, docker.ContainerListOptions{Filters: filters}))
	if err != nil {
		return nil, &EngineError{Action: "looking for containers in", Host: engine.host, Err: err}
	}
	var names []string
	for _, c := range found.Items {
		for _, n := range c.Names {
			names = append(names, strings.TrimPrefix(n, "/"))
		}
	}
	wanted := variable(o.Environ, "BUILDX_BUILDER")
	name := chooseBuildx(names, o.mayTake(wanted))
	if name == "" && wanted == "" && chooseBuildx(names, []string{""}) != "" {
		return nil, &SetupError{Problem: "the builders of buildx that run may be somebody else's",
			Hint: "name one: by BUILDX_BUILDER, or in CI by the input builder"}
	}
	if name == "" {
		return nil, &SetupError{Problem: "no builder of buildx" + suffix(" with the name ", wanted) + " runs",
			Hint: "docker buildx create --use --bootstrap, or docker/setup-buildx-action before this step"}
	}
	return connectContainer(ctx, o, name)
}

// foreign says why a daemon that has its own configuration is not taken unless it is asked for.
func (o Options) foreign() error {
	if (len(o.CustomCA) == 0 && len(o.Insecure) == 0) || (o.Route != "" && o.Route != auto) {
		return nil
	}
	return &SetupError{Problem: "it may not know the certificates or insecure registries that are given",
		Hint: "take it by --route if its own configuration has them"}
}

// mayTake are the names of builders, of which "" is any. Who asks for this route by its name takes any.
func (o Options) mayTake(wanted string) []string {
	switch {
	case wanted != "":
		return []string{wanted}
	case o.AnyBuildx, o.Route == "buildx":
		return []string{""}
	}
	return slices.DeleteFunc(slices.Clone(o.Buildx), func(name string) bool { return name == "" })
}

// chooseBuildx returns the container to use among the builders' containers, "" for none.
func chooseBuildx(names, builders []string) string {
	slices.Sort(names)
	for _, n := range names {
		if !containerName.MatchString(n) {
			continue
		}
		for _, b := range builders {
			node, ok := strings.CutPrefix(n, buildxPrefix+b)
			if ok && (b == "" || strings.Trim(node, "0123456789") == "") {
				return n
			}
		}
	}
	return ""
}

// variable reads one of the environment; the last of duplicates counts.
func variable(env []string, name string) (value string) {
	for _, v := range env {
		if n, text, _ := strings.Cut(v, "="); n == name {
			value = text
		}
	}
	return value
}
