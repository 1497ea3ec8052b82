package planner

import (
	"maps"
	"path"
	"slices"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
	"github.com/org/npx-action/providers"
)

// servers are programs that end at SIGTERM, or at the signal that their image names, as the first process too.
var servers = []string{"caddy", "daphne", "dotnet", "granian", "gunicorn", "hypercorn", "java", "nginx", "npx-static", "php-fpm", "puma", "rackup", "ruby", "uvicorn", "uwsgi"}

// initPhase has the release of the init, which no other phase needs.
const initPhase = "init"

// withInit gives a slim image an init as its first process. The kernel sends no signal to a first process that has no handler, so most programs
// would be killed when their time is over; and what a shell starts would get none.
func withInit(p plan.Plan, in Input, user *userConfig, detected []Detection, known origins) (plan.Plan, error) {
	if !startsSlim(p, user) || p.Start.Init != nil {
		return p, nil
	}
	before := plan.Facts(p)
	start, alone := *p.Start, allEndThemselves(*p.Start, detected)
	if start.Base != nil { // its processes are links to programs, which no init is before
		alone = endsItself(*start.Cmd, detected)
	}
	p.Start = &start
	if alone { // the plan says so, as a plan that is read again knows no provider
		start.Init = new(plan.NoInit)
		known.noteAdded(before, p, "the program ends at the signal by itself")
		return p, nil
	}
	release, id, err := providers.Init(app(in, user, user.vars))
	if err != nil || release == "" {
		return p, err
	}
	start.Init = &id
	p.Phases = maps.Clone(p.Phases)
	if p.Phases == nil {
		p.Phases = map[string]plan.Phase{}
	}
	phase := p.Phases[initPhase]
	phase.Releases = append(slices.Clone(phase.Releases), release)
	p.Phases[initPhase] = phase
	known.noteAdded(before, p, "the first process hands signals to the program, and clears away what has ended")
	return p, nil
}

// startsSlim reports whether a plan is of a slim image with a start command.
func startsSlim(p plan.Plan, user *userConfig) bool {
	return !user.compat139 && p.Slim() && p.Start.Cmd != nil
}

// allEndThemselves reports whether no command of an image needs an init.
func allEndThemselves(start plan.Start, detected []Detection) bool {
	for _, cmd := range start.Processes {
		if !endsItself(cmd, detected) {
			return false
		}
	}
	return endsItself(*start.Cmd, detected)
}

// endsItself reports whether the program of a start command may be the first process.
func endsItself(cmd string, detected []Detection) bool {
	program := shell.Program(cmd)
	return slices.Contains(servers, path.Base(program)) || program != "" && len(detected) == 1 && providers.EndsOnSignal(detected[0].Provider)
}
