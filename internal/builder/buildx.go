package builder

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// buildxPrefix begins the names of the containers of docker buildx; the builder's name and the number of its node follow.
const buildxPrefix = "buildx_buildkit_"

// BuildxAddress is the address of the first node of a builder of docker buildx.
func BuildxAddress(name string) string { return "docker-container://" + buildxPrefix + name + "0" }

// connectBuildx connects to a running builder of docker buildx with the driver docker-container, such as docker/setup-buildx-action
// makes. Of several it is the one that BUILDX_BUILDER names, else the first by name.
func connectBuildx(ctx context.Context, o Options) (*Conn, error) {
	if err := o.foreign(); err != nil {
		return nil, err
	}
	engine, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	var found []struct{ Names []string }
	query := url.Values{"filters": {`{"name":["` + buildxPrefix + `"],"status":["running"]}`}}
	if err := engine.call(ctx, http.MethodGet, "/containers/json?"+query.Encode(), nil, &found); err != nil {
		return nil, &EngineError{Action: "looking for containers in", Host: engine.host, Err: err}
	}
	var names []string
	for _, c := range found {
		for _, n := range c.Names {
			names = append(names, strings.TrimPrefix(n, "/"))
		}
	}
	wanted := variable(o.Environ, "BUILDX_BUILDER")
	name := chooseBuildx(names, wanted)
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

// chooseBuildx returns the container to use, "" for none.
func chooseBuildx(names []string, wanted string) string {
	slices.Sort(names)
	for _, n := range names {
		node, ok := strings.CutPrefix(n, buildxPrefix+wanted)
		if ok && containerName.MatchString(n) && (wanted == "" || strings.Trim(node, "0123456789") == "") {
			return n
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
