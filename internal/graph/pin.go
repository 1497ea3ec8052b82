package graph

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Pinned is what a registry says about an image.
type Pinned struct {
	Ref    string // repository@digest
	Config []byte // the OCI configuration for the platform of the build, as JSON
}

// Scratch is the reference of an image without files, which is in no registry.
const Scratch = "scratch"

// scratchConfig is the configuration of [Scratch].
const scratchConfig = `{"rootfs":{"type":"layers"}}`

// Images returns the references of the images that the graph starts from, in the order of their first use, each once.
func (g *Graph) Images() []string {
	var refs []string
	for _, n := range g.Nodes {
		if image, ok := n.Op.(Image); ok && image.Ref != Scratch && !slices.Contains(refs, image.Ref) {
			refs = append(refs, image.Ref)
		}
	}
	return refs
}

// Pin returns the graph with every image named by digest; images are by reference, for each of [Graph.Images].
//
// An image with ONBUILD triggers is an error: a Dockerfile would run them, and nothing else would.
func (g *Graph) Pin(images map[string]Pinned) (*Graph, error) {
	pinned := *g
	pinned.Nodes = slices.Clone(g.Nodes)
	for i, n := range g.Nodes {
		image, ok := n.Op.(Image)
		if !ok {
			continue
		}
		p, ok := images[image.Ref]
		if image.Ref == Scratch {
			p, ok = Pinned{Scratch, []byte(scratchConfig)}, true
		}
		if !ok || p.Ref == "" {
			return nil, fmt.Errorf("pinning image %s: its digest is not known", image.Ref)
		}
		var config struct {
			Config struct{ OnBuild []string }
		}
		if err := json.Unmarshal(p.Config, &config); err != nil {
			return nil, fmt.Errorf("pinning image %s: reading its configuration: %w", image.Ref, err)
		}
		if len(config.Config.OnBuild) > 0 {
			return nil, fmt.Errorf("pinning image %s: it has ONBUILD triggers; use an image without them", image.Ref)
		}
		image.Pinned, image.Config = p.Ref, p.Config
		pinned.Nodes[i].Op = image
	}
	return &pinned, nil
}
