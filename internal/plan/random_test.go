package plan_test

import (
	"math/rand/v2"

	"github.com/org/npx-action/internal/plan"
)

// words are the strings of random plans: few, so that they meet, and awkward, so that printing is put to the test.
var words = []string{
	"", "a", "b", "setup", "install", "build", "start", "...", "@auto", "nodejs_18", "nodejs_20", "npm-9_x",
	"it's", "'''", "a'", "two\nlines", "\n", "tab\there", "bell\a", "\x7f", "\x00", "\r\n", `back\slash`, `"quoted"`, `""" "`,
	"é\u2028<&>", "a.b", "a=b", " ", "key: x", "\u202eevil", "\ufeff", "\U0010ffff",
}

// randomPlan makes a plan from a seed. No list holds more tokens than can be read back.
func randomPlan(seed uint64) plan.Plan {
	r := rand.New(rand.NewPCG(seed, 1))
	word := func() string { return words[r.IntN(len(words))] }
	text := func() *string {
		if r.IntN(3) > 0 {
			return nil
		}
		return new(word())
	}
	list := func() []string {
		if r.IntN(2) > 0 {
			return nil
		}
		out := make([]string, r.IntN(4))
		for i := range out {
			out[i] = word()
		}
		return out
	}
	dict := func() map[string]string {
		if r.IntN(2) > 0 {
			return nil
		}
		out := map[string]string{}
		for range r.IntN(4) {
			out[word()] = word()
		}
		return out
	}
	p := plan.Plan{Edition: text(), Providers: list(), BuildImage: text(), Variables: dict(), StaticAssets: dict()}
	if r.IntN(4) > 0 {
		p.Phases = map[string]plan.Phase{}
		for range r.IntN(4) {
			p.Phases[word()] = plan.Phase{
				DependsOn: list(), NixPkgs: list(), NixLibs: list(), NixOverlays: list(), NixpkgsArchive: text(),
				AptPkgs: list(), Cmds: list(), OnlyIncludeFiles: list(), CacheDirectories: list(), Paths: list(), Secrets: list(),
			}
		}
	}
	if r.IntN(2) > 0 {
		p.Start = &plan.Start{Cmd: text(), RunImage: text(), OnlyIncludeFiles: list(), User: text(), Processes: dict()}
	}
	return p
}

// scribble overwrites everything that a plan refers to.
func scribble(p plan.Plan) {
	overwrite := func(lists ...[]string) {
		for _, list := range lists {
			for i := range list {
				list[i] = "scribbled"
			}
			_ = append(list, "scribbled")
		}
	}
	texts := func(texts ...*string) {
		for _, s := range texts {
			if s != nil {
				*s = "scribbled"
			}
		}
	}
	texts(p.Edition, p.BuildImage)
	overwrite(p.Providers)
	for _, m := range []map[string]string{p.Variables, p.StaticAssets} {
		for name := range m {
			m[name] = "scribbled"
		}
	}
	for name, ph := range p.Phases {
		texts(ph.NixpkgsArchive)
		overwrite(ph.DependsOn, ph.NixPkgs, ph.NixLibs, ph.NixOverlays, ph.AptPkgs, ph.Cmds, ph.OnlyIncludeFiles,
			ph.CacheDirectories, ph.Paths, ph.Secrets)
		delete(p.Phases, name)
	}
	if s := p.Start; s != nil {
		texts(s.Cmd, s.RunImage, s.User)
		overwrite(s.OnlyIncludeFiles)
		for name := range s.Processes {
			s.Processes[name] = "scribbled"
		}
		*s = plan.Start{}
	}
}
