package planner

import (
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// nixCommand is a command of a phase that needs Nix.
var nixCommand = lazyregexp.New(`(^|[\s;&|("'])nix(-[a-z]+)?(\s|$)`)

// withOneBase builds an app that takes nothing from Nix on the base of its image, with the build tools on top. Then a builder reads one
// base, and the layers of the build are those of the image.
func withOneBase(p plan.Plan, user *userConfig, known origins) plan.Plan {
	if user.compat139 || !p.Slim() || user.merged.BuildImage != nil || user.merged.BuildTools != nil || p.Start.RunImage != nil || *p.BuildImage != plan.UbuntuImage {
		return p
	}
	for _, phase := range p.Phases {
		if phase.NixpkgsArchive != nil || len(phase.NixPkgs)+len(phase.NixLibs)+len(phase.NixOverlays) > 0 || slices.ContainsFunc(phase.Cmds, nixCommand.MatchString) {
			return p
		}
	}
	before := plan.Facts(p)
	p.BuildImage, p.BuildTools = new(plan.SlimImage), new(plan.ToolsImage)
	known.noteAdded(before, p, "nothing comes from Nix, so the phases run on the base of the image")
	return p
}
