package cli

import (
	"context"
	"strings"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/registry"
)

// fit makes the build one for the BuildKit of a Docker engine that keeps images in its own way. That cannot merge layers, so that the image is full. What
// the user asks for and cannot have there is an error; what a default asks for gives way, with a warning. It returns the graph once more.
func (im *image) fit(ctx context.Context) (*graph.Graph, map[string]registry.Image, error) {
	const hint = "use the containerd image store in the engine, or another builder, which doctor tells of"
	slim := im.plan.Plan.Slim()
	for _, wish := range []struct {
		asked bool
		what  string
	}{
		{slim && im.plan.Full == nil, "make slim images, as it cannot merge layers"},
		{len(im.secrets) > 0, "be trusted with secrets, as nothing can be searched for them before the push"},
		{im.reproducible, "make reproducible images, as it does not date files"},
		{im.push && im.attest.provenance == "max", "attest all of an image's provenance"},
		{im.byDigest && im.push, "push an image for one of several platforms"},
		{im.compression != "" && im.compression != gzipped, "compress layers with " + im.compression},
	} {
		if wish.asked {
			return nil, nil, usage(hint, "the BuildKit of the Docker engine cannot %s", wish.what)
		}
	}
	var lost []string
	if slim {
		lost = append(lost, "full and not slim")
		im.plan.Plan, im.plan.Full = *im.plan.Full, nil
	}
	if im.push && im.attest != (attest{}) {
		lost = append(lost, "without attestations")
	}
	im.attest = attest{}
	if lost != nil {
		im.say("warning", "the image is "+strings.Join(lost, " and ")+", as the BuildKit of the Docker engine can make no other; "+hint)
	}
	im.graph.Sequential = true
	g, err := im.newGraph()
	if err != nil {
		return nil, nil, err
	}
	return im.pin(ctx, g)
}
