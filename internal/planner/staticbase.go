package planner

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
	"github.com/org/npx-action/providers"
)

// A staticKind is a language whose programs may be linked without libraries.
type staticKind struct {
	provider string
	linked   func(in Input, p plan.Plan) bool // reports whether the plan links them so
	sources  string                           // a pattern
	starts   *lazyregexp.Regexp               // finds in a source that its program starts others, which a static image has not
	why      string
}

var staticKinds = []staticKind{
	{"go", withoutC, "**/*.go", lazyregexp.New(`"os/exec"`), "the program is one of Go without C, and starts no other"},
	{"rust", withMusl, "**/*.rs", lazyregexp.New(`\bprocess::(?:Command\b|\*|\{[^}]*\bCommand\b)`), "the program is one of Rust with the C library musl in it, and starts no other"},
}

func withoutC(_ Input, p plan.Plan) bool { return p.Variables["CGO_ENABLED"] == "0" }

// withMusl reports whether each build by Cargo is for musl, which Rust puts into the program unless it is told not to.
func withMusl(in Input, p plan.Plan) bool {
	built := false
	for _, phase := range p.Phases {
		for _, cmd := range phase.Cmds {
			if strings.Contains(cmd, "cargo ") {
				if built = strings.Contains(cmd, "-unknown-linux-musl"); !built {
					return false
				}
			}
		}
	}
	for name, value := range p.Variables {
		built = built && (!strings.HasSuffix(name, "FLAGS") || !strings.Contains(value, "crt-static"))
	}
	return built && !in.Tree.Contains(".cargo/config.toml", "crt-static") && !in.Tree.Contains(".cargo/config", "crt-static")
}

// withStaticBase puts a program without libraries on a base without a distribution, where its start needs no shell and its sources start no other program.
func withStaticBase(p plan.Plan, in Input, user *userConfig, detected []Detection, known origins) (plan.Plan, error) {
	if !startsSlim(p, user) || p.Start.Base != nil || len(detected) != 1 || !isStatic(p, in) || needsShell(p.Start.Healthcheck) {
		return p, nil
	}
	// A process of the base is a link to its program, so no init is before it.
	at := slices.IndexFunc(staticKinds, func(k staticKind) bool { return k.provider == detected[0].Provider })
	if at < 0 {
		return p, nil
	}
	kind := staticKinds[at]
	if !kind.linked(in, p) || len(p.Start.Processes) > 0 && !providers.EndsOnSignal(kind.provider) {
		return p, nil
	}
	sources, err := in.Tree.Files(kind.sources)
	if err != nil {
		return p, err
	}
	for _, file := range sources {
		if notInProgram.MatchString(file) {
			continue
		}
		name, sub, err := in.Tree.Match(kind.starts, file)
		if err != nil || name != "" && sub != nil {
			return p, err
		}
	}
	before := plan.Facts(p)
	start := *p.Start
	start.Base = new(plan.StaticBase)
	p.Start = &start
	known.noteAdded(before, p, kind.why)
	return p, nil
}

// notInProgram are sources that are no part of the program: what others wrote, and what tests or builds it.
var notInProgram = lazyregexp.New(`^vendor/|_test\.go$|(?:^|/)(?:tests|benches|examples)/.*\.rs$|(?:^|/)build\.rs$`)

// needsShell reports whether a health check is no program of the app.
func needsShell(healthcheck *string) bool {
	if healthcheck == nil {
		return false
	}
	words, simple := shell.Words(*healthcheck)
	return !simple || !strings.Contains(words[0], "/") || words[0] == "GET"
}

// isStatic reports whether a plan starts one program that the build makes, and the image holds no package beside it.
func isStatic(p plan.Plan, in Input) bool {
	words, simple := shell.Words(*p.Start.Cmd)
	if !simple || len(words) == 0 || !strings.Contains(words[0], "/") || in.Tree.HasFile(path.Clean(words[0])) {
		return false
	}
	for _, phase := range p.Phases {
		if len(phase.NixLibs) > 0 {
			return false
		}
	}
	return len(p.StaticAssets) == 0 && len(p.AtRunTime()) == 0
}
