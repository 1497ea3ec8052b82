package plan

import (
	"slices"
	"strings"
)

// Images and nixpkgs commits that a plan gets if it names none (nixpacks-1.39.md 1.4).
const (
	UbuntuImage = "ghcr.io/railwayapp/nixpacks:ubuntu-1745885067"
	DebianImage = "ghcr.io/railwayapp/nixpacks:debian-1745885067"
	SlimImage   = "ubuntu:noble" // the run image of providers that need nothing of the build image
	// CompilersImage is ToolsImage with compilers of C and C++ in one more layer.
	CompilersImage = ToolsImage + "-compilers"
	ToolsImage     = "ghcr.io/org/npx-action/build-tools:2026.12" // what phases find on top of SlimImage where nothing comes from Nix

	DefaultArchive = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"
	DebianArchive  = "a0b7e70db7a55088d3de0cc370a59f9fbcc906c3" // still has OpenSSL 1.1
)

// slimBases are what the build images of Nixpacks are made from (nixpacks-1.39.md 4.3), by the name without the date.
var slimBases = map[string]string{
	"ghcr.io/railwayapp/nixpacks:ubuntu": SlimImage,
	"ghcr.io/railwayapp/nixpacks:debian": "debian:bullseye-slim",
}

// SlimBase returns the image that a slim image of a pinned plan's app starts from: the build image where the tools are apart from it, else one
// with the same C library and packages. It is "" for a build image that is not known.
func (p Plan) SlimBase() string {
	if p.BuildTools != nil {
		return *p.BuildImage
	}
	name, _, _ := strings.Cut(*p.BuildImage, "@")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i]
	}
	return slimBases[name]
}

// Pin finishes a merged plan (nixpacks-1.39.md 1.4): no providers and no edition, a build image, a nixpkgs commit in
// every phase that uses Nix, and none of the tokens of [Fill]. A list of tokens alone becomes an empty list.
// debian chooses the older base image and commit.
func Pin(p Plan, debian bool) Plan {
	image, archive := UbuntuImage, DefaultArchive
	if debian {
		image, archive = DebianImage, DebianArchive
	}
	out := p.Clone()
	out.Edition = nil
	out.Providers = []string{}
	if out.BuildImage == nil {
		out.BuildImage = &image
	}
	for name, phase := range out.Phases {
		// Tokens count here, as they do in Nixpacks.
		if phase.NixpkgsArchive == nil && len(phase.NixPkgs)+len(phase.NixLibs) > 0 {
			phase.NixpkgsArchive = new(archive)
		}
		dropTokens(phaseFields, &phase)
		out.Phases[name] = phase
	}
	if out.Start != nil {
		dropTokens(startFields, out.Start)
	}
	return out
}

// dropTokens removes the tokens from the lists of v, in place.
func dropTokens[T any](fields []field[T], v *T) {
	for _, f := range fields {
		if f.list != nil {
			*f.list(v) = slices.DeleteFunc(*f.list(v), isToken)
		}
	}
}
