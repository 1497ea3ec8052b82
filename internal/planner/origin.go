package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// An Origin is one fact of a plan and where it came from.
type Origin struct {
	plan.Fact

	By   string // "provider go", "rule install-files", "nixpacks.toml", "--env", "--pkgs", "Procfile" or "default"
	File string // of the app, that decided; "" if none did
	Line int    // from 1; 0 for the whole file
	Why  string // without a full stop; may be ""
}

// Source says in one line where the fact came from: "package.json:5: engines.node is 20", "nixpacks.toml:3" or "--pkgs".
func (o Origin) Source() string {
	from := o.By
	if o.File != "" {
		if from = o.File; o.Line > 0 {
			from = fmt.Sprintf("%s:%d", o.File, o.Line)
		}
	}
	if o.Why != "" {
		from += ": " + o.Why
	}
	return from
}

// byDefault is who says what nobody else does.
const byDefault = "default"

// origins knows where the facts of the providers' plan came from, the first provider winning.
type origins map[plan.Fact]Origin

// add notes the facts of one provider's plan, whose phases will have the prefix, and the facts of the rules.
func (o origins) add(provider, prefix string, out providers.Output, notes []rules.Note) {
	for _, note := range notes {
		for _, f := range note.Added {
			origin := Origin{By: "rule " + note.Rule, Why: note.Text}
			if r := reason(out.Reasons, f); r != nil && r.Fact == f {
				origin.File, origin.Line, origin.Why = r.File, r.Line, r.Why
			}
			o.note(prefixedFact(f, prefix), origin)
		}
	}
	for _, f := range plan.Facts(out.Plan) {
		origin := Origin{By: "provider " + provider}
		if r := reason(out.Reasons, f); r != nil {
			origin.File, origin.Line, origin.Why = r.File, r.Line, r.Why
		}
		o.note(prefixedFact(f, prefix), origin)
	}
}

func (o origins) note(f plan.Fact, origin Origin) {
	if _, ok := o[f]; !ok {
		origin.Fact = f
		o[f] = origin
	}
}

// noteAdded notes the facts that a plan has by default and that were not there before.
func (o origins) noteAdded(before []plan.Fact, p plan.Plan, why string) {
	for _, f := range plan.Facts(p) {
		if !slices.Contains(before, f) {
			o.note(f, Origin{By: byDefault, Why: why})
		}
	}
}

// reason returns the first reason that is about the very fact, else the first about its field, else nil.
func reason(list []providers.Reason, f plan.Fact) *providers.Reason {
	var field *providers.Reason
	for i, r := range list {
		switch {
		case r.Fact == f:
			return &list[i]
		case r.Fact == plan.Fact{Phase: f.Phase, Field: f.Field} && field == nil:
			field = &list[i]
		}
	}
	return field
}

// prefixedFact is the fact after [plan.Prefix].
func prefixedFact(f plan.Fact, prefix string) plan.Fact {
	if prefix == "" || f.Phase == "" || f.Phase == "start" {
		return f
	}
	if f.Field == "after" {
		f.Value = prefix + ":" + f.Value
	}
	f.Phase = prefix + ":" + f.Phase
	return f
}

// explain says where each fact of the finished plan came from. What a layer of the user's says is the user's, also
// where a provider says the same. Granted are the origins of what the user's wishes gave.
func (o origins) explain(p plan.Plan, in Input, user *userConfig, granted origins) []Origin {
	facts := plan.Facts(p)
	said := user.origins(in)
	all := make([]Origin, 0, len(facts))
	for _, f := range facts {
		origin, ok := granted[f]
		if !ok {
			origin, ok = said[f]
		}
		if !ok {
			origin, ok = o[f]
		}
		if !ok {
			origin = Origin{By: byDefault, Why: defaults[f.Field]}
		}
		origin.Fact = f
		all = append(all, origin)
	}
	return all
}

// defaults are the reasons for what [plan.Pin] and [plan.Merge] fill in, by the field of the fact.
var defaults = map[string]string{
	"after":                      "the usual order of phases",
	"build image":                "no other is asked for",
	"nixpkgs":                    "no archive is asked for",
	"variable NIXPACKS_METADATA": "names the providers",
}

// origins are the origins of the user's layers.
func (l *userConfig) origins(in Input) origins {
	said := origins{}
	for _, layer := range []struct {
		plan   plan.Plan
		origin func(plan.Fact) Origin
	}{
		{l.flags, func(f plan.Fact) Origin { return Origin{By: cmp.Or(sources[key(f)].option, "options")} }},
		{l.json, func(plan.Fact) Origin { return Origin{By: "--json-plan"} }},
		{l.env, func(f plan.Fact) Origin { return Origin{By: cmp.Or(sources[key(f)].variable, "--env")} }},
		{l.file.Plan, func(f plan.Fact) Origin {
			return Origin{By: l.file.Name, File: l.file.Name, Line: l.file.Lines[f]}
		}},
		{l.procfile.Plan, func(f plan.Fact) Origin {
			return Origin{By: l.procfile.Name, File: l.procfile.Name, Line: in.Tree.Line(l.procfile.Name, firstLine(f.Value))}
		}},
		{plan.Plan{Variables: in.Env}, func(plan.Fact) Origin { return Origin{By: "--env"} }},
	} {
		for _, f := range plan.Facts(layer.plan) {
			said.note(f, layer.origin(f))
		}
	}
	return said
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// key is a fact's place.
func key(f plan.Fact) [2]string { return [2]string{f.Phase, f.Field} }

// sources names the variable and the option that fill a place (nixpacks-1.39.md 1.5 and 5).
var sources = map[[2]string]struct{ variable, option string }{
	{"setup", "nix"}:     {"NIXPACKS_PKGS", "--pkgs"},
	{"setup", "apt"}:     {"NIXPACKS_APT_PKGS", "--apt"},
	{"setup", "nix-lib"}: {"NIXPACKS_LIBS", "--libs"},
	{"install", "cmd"}:   {"NIXPACKS_INSTALL_CMD", "--install-cmd"},
	{"install", "after"}: {"NIXPACKS_INSTALL_CMD", "--install-cmd"},
	{"install", "cache"}: {"NIXPACKS_INSTALL_CACHE_DIRS", ""},
	{"build", "cmd"}:     {"NIXPACKS_BUILD_CMD", "--build-cmd"},
	{"build", "after"}:   {"NIXPACKS_BUILD_CMD", "--build-cmd"},
	{"build", "cache"}:   {"NIXPACKS_BUILD_CACHE_DIRS", ""},
	{"start", "cmd"}:     {"NIXPACKS_START_CMD", "--start-cmd"},

	{"start", "healthcheck"}: {"", "--healthcheck"},
}
