package planner

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// nixCommand is a command of a phase that needs Nix.
var nixCommand = lazyregexp.New(`(^|[\s;&|("'])nix(-[a-z]+)?(\s|$)`)

// compilers are the packages of Nix whose programs [plan.CompilersImage] has too.
var compilers = []string{"binutils", "gcc", "gnumake", "pkg-config"}

// withOneBase builds an app that takes nothing from Nix, or compilers alone, on the base of its image, with the build tools on top. Then a
// builder reads one base, and the layers of the build are those of the image.
func withOneBase(p plan.Plan, user *userConfig, known origins) plan.Plan {
	if user.compat139 || !p.Slim() || user.merged.BuildImage != nil || user.merged.BuildTools != nil || p.Start.RunImage != nil || *p.BuildImage != plan.UbuntuImage {
		return p
	}
	tools, why := plan.ToolsImage, "nothing comes from Nix, so the phases run on the base of the image"
	without := p
	without.Phases = maps.Clone(p.Phases)
	for name, phase := range p.Phases {
		if len(phase.NixLibs) > 0 || len(phase.NixOverlays) > 0 || slices.ContainsFunc(phase.Cmds, nixCommand.MatchString) || !onlyCompilers(phase, p.Start.WithoutPkgs, user.merged.Phases[name]) {
			return p
		}
		if len(phase.NixPkgs) > 0 {
			tools, why = plan.CompilersImage, "the plan needs nothing of Nix but compilers, which the build tools have too"
			phase.NixPkgs, phase.NixOverlays, phase.NixpkgsArchive = nil, nil, nil
			without.Phases[name] = phase
		}
	}
	before := plan.Facts(p)
	start := *p.Start
	start.WithoutPkgs = slices.DeleteFunc(slices.Clone(start.WithoutPkgs), func(pkg string) bool { return slices.Contains(compilers, pkg) })
	if len(start.WithoutPkgs) == 0 {
		start.WithoutPkgs = nil
	}
	without.Start = &start
	without.BuildImage, without.BuildTools = new(plan.SlimImage), &tools
	known.noteAdded(before, without, why)
	return without
}

// onlyCompilers reports whether all that a phase takes from Nix are compilers, which the image has not and the user has not named.
func onlyCompilers(phase plan.Phase, without []string, said plan.Phase) bool {
	return !slices.ContainsFunc(phase.NixPkgs, func(pkg string) bool {
		return !slices.Contains(compilers, pkg) || !slices.Contains(without, pkg) || slices.Contains(said.NixPkgs, pkg)
	})
}
