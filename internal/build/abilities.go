package build

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
)

// withoutMerges makes the build one for the BuildKit of a Docker engine that keeps images in its own way. That cannot merge layers, so that the image is full. What
// the user asks for and cannot have there is an error; what a default asks for gives way, with a warning. It returns what is built instead.
func withoutMerges(ctx context.Context, t target, r recipe) (target, recipe, error) {
	const hint = "use the containerd image store in the engine, or another builder, which doctor tells of"
	slim := t.Plan.Plan.Slim()
	for _, wish := range []struct {
		asked bool
		what  string
	}{
		{slim && t.Plan.Full == nil, "make slim images, as it cannot merge layers"},
		{len(r.asked) > 0, "be trusted with secrets, as nothing can be searched for them before the push"},
		{t.Image.Reproducible, "make reproducible images, as it does not date files"},
		{t.pushes() && t.Attest.Provenance == "max", "attest all of an image's provenance"},
		{t.byDigest && t.pushes(), "push an image for one of several platforms"},
		{t.Image.Compression != "" && t.Image.Compression != Gzip, "compress layers with " + t.Image.Compression},
	} {
		if wish.asked {
			return t, r, fault.Usage(hint, "the BuildKit of the Docker engine cannot %s", wish.what)
		}
	}
	var lost []string
	if slim {
		lost = append(lost, "full and not slim")
	}
	if t.pushes() && t.Attest != (Attest{}) {
		lost = append(lost, "without attestations")
	}
	if lost != nil {
		t.Say("warning", "the image is "+strings.Join(lost, " and ")+", as the BuildKit of the Docker engine can make no other; "+hint)
	}
	t = t.plain()
	var err error
	if r.graph, err = newGraph(t.App, t.Spec, r, true); err != nil {
		return t, r, err
	}
	r, err = pinBases(ctx, t, r)
	return t, r, err
}

// plain is the target as a full image without attestations.
func (t target) plain() target {
	if t.Plan.Plan.Slim() {
		t.Plan.Plan, t.Plan.Full = *t.Plan.Full, nil
	}
	t.Attest = Attest{}
	return t
}

// checkPlatform refuses a builder on which steps for the target's platform cannot run: neither is it one of that platform, nor does it
// emulate it. One that does is told of.
func checkPlatform(t target, on builder.Info) error {
	var names []string
	for _, p := range on.Platforms {
		names = append(names, withoutVariant(p))
	}
	want := withoutVariant(t.Platform)
	switch {
	case len(names) == 0 || names[0] == want: // some tell nothing
		return nil
	case slices.Contains(names, want):
		t.Say("note", fmt.Sprintf("the builder at %s emulates %s, which is slow; a native one is given by --buildkit-host %s=ADDRESS", on.Address, want, want))
		return nil
	}
	slices.Sort(names)
	return fault.Usage("give one by --buildkit-host "+want+"=ADDRESS, or emulate it there with QEMU, as docker run --privileged --rm tonistiigi/binfmt --install "+
		want[strings.LastIndexByte(want, '/')+1:]+" does",
		"there is no builder for %s: that at %s builds %s", t.Platform, on.Address, strings.Join(slices.Compact(names), ", "))
}

// connect reaches the builder of a target.
func connect(ctx context.Context, t target) (Builder, error) {
	o := t.builderOptions()
	conn, err := t.Connect(ctx, o)
	if !o.RefuseShared || err == nil {
		return conn, err
	}
	_, shared := errors.AsType[*builder.SharedError](err)
	if none, ok := errors.AsType[*builder.NoRouteError](err); ok {
		shared = none.Shared()
	}
	if !shared {
		return nil, err
	}
	return nil, fault.New(fault.App, fmt.Errorf("building code of strangers: %w", err),
		"take a builder that gives steps a network of their own, or set step-network: shared if strangers may reach what this machine reaches")
}

// connections are builders by their addresses.
type connections map[string]Builder

// connectAll reaches the builders of the drafts that are not promoted, each once. They are to be closed after an error too.
func connectAll(ctx context.Context, drafts []*draft) (connections, error) {
	conns := connections{}
	for _, d := range drafts {
		if d.out.Promoted != "" {
			continue
		}
		at := d.builderOptions().Host
		if conns[at] == nil {
			conn, err := connect(ctx, d.target)
			if err != nil {
				return conns, d.of(err)
			}
			conns[at] = conn
		}
		if err := checkPlatform(d.target, conns[at].Info()); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

func (c connections) close() {
	for _, conn := range c { // in any order
		_ = conn.Close()
	}
}
