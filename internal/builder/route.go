package builder

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	docker "github.com/moby/moby/client"
)

// A route is a way to a BuildKit when no address is given.
type route struct {
	name    string
	place   func(Info) string // where a build then is, in words
	connect func(context.Context, Options) (*Conn, error)
}

// routes are tried in this order:
//   - a builder of buildx was set up by the user for this, and has caches;
//   - a daemon of ours in this machine or container asks nobody for anything;
//   - a daemon of ours in a container needs the engine to allow privileges, and perhaps a pull;
//   - the engine's own BuildKit is always there, but can do less;
//   - a rootless daemon needs no rights, but a kernel and programs that allow that.
var routes = []route{
	{"buildx", func(i Info) string { return "on the buildx builder at " + i.Address }, connectBuildx},
	{"embedded", func(Info) string { return "on a BuildKit started for it" }, connectEmbedded},
	{"container", func(i Info) string {
		if i.Sibling {
			return "in a container beside this one"
		}
		return "in a container of its own, " + strings.TrimPrefix(i.Address, "docker-container://")
	}, connectOwnContainer},
	{"engine", func(i Info) string {
		return "on the BuildKit of the Docker engine at " + i.Address + suffix(", with ", i.Limits)
	}, connectEngine},
	{"rootless", func(Info) string { return "on a rootless BuildKit started for it" }, connectRootless},
}

func suffix(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// auto is any route.
const auto = "auto"

// Routes are the names of the routes in the order in which they are tried.
func Routes() []string {
	var names []string
	for _, r := range routes {
		names = append(names, r.name)
	}
	return names
}

func checkRoute(name string) error {
	if name == "" || name == auto || slices.Contains(Routes(), name) {
		return nil
	}
	return &SetupError{Status: 2, Problem: fmt.Sprintf("there is no route %q to a builder", name),
		Hint: "give " + auto + ", " + strings.Join(Routes(), ", ")}
}

// connectRoute takes the first route that works, among the routes that the options allow.
func connectRoute(ctx context.Context, o Options) (*Conn, error) {
	if err := checkRoute(o.Route); err != nil {
		return nil, err
	}
	none := &NoRouteError{}
	for _, r := range routes {
		if o.Route != "" && o.Route != auto && o.Route != r.name {
			continue
		}
		c, err := r.connect(ctx, o)
		if err == nil && ctx.Err() == nil {
			err = o.accept(c)
		}
		if ctx.Err() != nil {
			if c != nil {
				_ = c.Close()
			}
			return nil, context.Cause(ctx)
		}
		if err == nil {
			c.info.Route = r.name
			o.Notice("building " + r.place(c.info) + suffix("; ", none.reasons()))
			return c, nil
		}
		if setup, ok := errors.AsType[*SetupError](err); ok && setup.Status == 2 {
			return nil, err
		}
		if o.Reason != nil {
			o.Reason(r.name, err.Error())
		}
		none.failures = append(none.failures, failure{r.name, err})
	}
	if len(none.failures) == 1 {
		return nil, none.failures[0].err
	}
	if o.Reason == nil {
		none.tell(o.Notice)
	}
	return nil, none
}

// A NoRouteError says why each of the routes that were tried does not work.
type NoRouteError struct{ failures []failure }

type failure struct {
	route string
	err   error
}

// Error says that there is none. The reasons are said before, a line each.
func (e *NoRouteError) Error() string { return "no builder works here" }

// Advice is what to do.
func (e *NoRouteError) Advice() string {
	return "run npx-action doctor, which says what each way to a builder lacks"
}

// Shared reports whether a builder works, and was not taken because its steps would share a network.
func (e *NoRouteError) Shared() bool {
	return slices.ContainsFunc(e.failures, func(f failure) bool { _, ok := errors.AsType[*SharedError](f.err); return ok })
}

// ExitStatus is 75: the repository is not at fault.
func (e *NoRouteError) ExitStatus() int { return 75 }

// tell says why each route does not work, and what a daemon that stopped wrote last.
func (e *NoRouteError) tell(say func(string)) {
	for _, why := range e.byReason() {
		say("no builder by " + why)
	}
	for _, f := range e.failures {
		if setup, ok := errors.AsType[*SetupError](f.err); ok && len(setup.Log) > 0 {
			say("the builder by " + f.route + " wrote last:" + withLog(setup.Log))
			return
		}
	}
}

// reasons are the reasons of all routes, on one line.
func (e *NoRouteError) reasons() string { return strings.Join(e.byReason(), "; ") }

// byReason are the reasons in the order of the routes; routes that share one are named together.
func (e *NoRouteError) byReason() []string {
	var order []string
	names := map[string][]string{}
	for _, f := range e.failures {
		why := shortly(f.err)
		if names[why] == nil {
			order = append(order, why)
		}
		names[why] = append(names[why], f.route)
	}
	for i, why := range order {
		order[i] = strings.Join(names[why], ", ") + ": " + why
	}
	return order
}

// shortly is an error in one line, without a hint.
func shortly(err error) string {
	text := err.Error()
	if setup, ok := errors.AsType[*SetupError](err); ok {
		text = setup.Problem
	}
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// probeTime is how long an engine that may not be there is waited for.
const probeTime = 5 * time.Second

// reach returns the client of the engine, if that answers.
func (o Options) reach(ctx context.Context) (*engineClient, error) {
	c, err := newEngineClient(o.Engine)
	if err != nil {
		return nil, &SetupError{Problem: err.Error(), Hint: "see --docker-host"}
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	if _, err := reply(c.api.Ping(ctx, docker.PingOptions{NegotiateAPIVersion: true})); err != nil {
		return nil, &SetupError{Problem: fmt.Sprintf("no Docker engine answers at %s: %v", c.host, err),
			Hint: "start it, give its address with --docker-host or DOCKER_HOST, or mount its socket"}
	}
	return c, nil
}

// connectEmbedded starts a daemon as a child.
func connectEmbedded(ctx context.Context, o Options) (*Conn, error) {
	d, err := startDaemon(ctx, o)
	if err != nil {
		return nil, err
	}
	return dialOwn(ctx, o, d)
}
