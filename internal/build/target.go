package build

import (
	"maps"
	"slices"
	"strings"
	"sync"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
)

// A target is the image for one platform.
type target struct {
	Spec
	App
	World
	byDigest bool // it is one of several, and gets no name of its own
}

// newTargets are the images of a spec, one for each platform. Several are pushed by their digests, and each tells of itself.
func newTargets(spec Spec, world World) []target {
	if len(spec.Apps) == 1 {
		return []target{{Spec: spec, App: spec.Apps[0], World: world}}
	}
	each := worlds{world, new(sync.Mutex)}
	attributes := maps.Clone(spec.Image.Attributes)
	maps.DeleteFunc(attributes, func(name, _ string) bool { return strings.HasPrefix(name, IndexAnnotation) })
	var list []target
	for _, app := range spec.Apps {
		t := target{Spec: spec, App: app, World: each.of(app.Platform), byDigest: true}
		t.Image.Attributes, t.Cache.Scope.Platform = attributes, app.Platform
		list = append(list, t)
	}
	return list
}

// claimed are the names that are the job's to give, none if the image is not pushed.
func (t target) claimed() []string {
	if !t.Output.Push {
		return nil
	}
	if t.byDigest {
		return t.Image.Names
	}
	left, _ := t.Claim.left(t.Image.Names)
	return left
}

// pushes reports whether the image is pushed, as far as it is known.
func (t target) pushes() bool {
	if t.byDigest {
		return t.Output.Push
	}
	_, lost := t.Claim.left(t.Image.Names)
	return t.Output.Push && lost == ""
}

// repositories are the repositories of names, sorted.
func repositories(names []string) []string {
	var repos []string
	for _, ref := range names {
		repos = append(repos, ref[:strings.LastIndexByte(ref, ':')])
	}
	slices.Sort(repos)
	return slices.Compact(repos)
}

// pushExport is the export to the registries under names.
func (t target) pushExport() builder.Export {
	e := builder.Export{Kind: builder.Push, Refs: t.claimed(), Attrs: t.Image.Attributes}
	if t.byDigest {
		e.Refs, e.Attrs = repositories(t.Image.Names), map[string]string{builder.ByDigest: "true"}
		maps.Copy(e.Attrs, t.Image.Attributes)
	}
	return e
}

// pushedAs are the references under which a digest is pushed.
func (t target) pushedAs(digest string) []string {
	if !t.byDigest {
		return t.claimed()
	}
	refs := repositories(t.Image.Names)
	for i := range refs {
		refs[i] += "@" + digest
	}
	return refs
}

// oci is the platform as the Open Container Initiative writes it.
func (t target) oci() ocispecs.Platform { return ociPlatform(t.Platform) }

func ociPlatform(platform string) ocispecs.Platform {
	parts := append(strings.SplitN(platform, "/", 3), "", "")
	return ocispecs.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}
}
