package builder

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// A resultPlan says what the exporters are told about the result. It is given in the gateway's callback and not as attributes
// of the exporters, so that all of them write the same image.
type resultPlan struct {
	config    []byte
	base      []byte
	platforms []byte
	imports   []gateway.CacheOptionsEntry
	attest    []Attestation
	inventory *Inventory
	id        string // of the platform
}

func newResultPlan(req Request, imports []client.CacheOptionsEntry, info Info) (*resultPlan, error) {
	name := req.Platform
	if name == "" && len(info.Platforms) > 0 {
		name = info.Platforms[0]
	}
	p, err := platforms.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("building: platform %q: %w", name, err)
	}
	p = platforms.Normalize(p)
	plan := &resultPlan{config: req.ImageConfig, base: req.BaseConfig, attest: req.Attestations, inventory: req.inventory(), id: platforms.Format(p)}
	for _, i := range imports {
		plan.imports = append(plan.imports, gateway.CacheOptionsEntry(i))
	}
	plan.platforms, err = json.Marshal(exptypes.Platforms{Platforms: []exptypes.Platform{{ID: plan.id, Platform: p}}})
	if err != nil {
		return nil, fmt.Errorf("building: platform %q: %w", name, err)
	}
	return plan, nil
}

func (p *resultPlan) solve(ctx context.Context, gw gateway.Client, def *llb.Definition) (*gateway.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inventory := p.take(ctx, gw)
	ref, err := p.evaluate(ctx, gw, def)
	if err != nil {
		return nil, err
	}
	result := gateway.NewResult()
	result.SetRef(ref)
	result.AddMeta(exptypes.ExporterPlatformsKey, p.platforms)
	if len(p.config) > 0 {
		result.AddMeta(exptypes.ExporterImageConfigKey, p.config)
	}
	if len(p.base) > 0 {
		result.AddMeta(exptypes.ExporterImageBaseConfigKey, p.base)
	}
	return result, p.addAttestations(ctx, gw, result, <-inventory)
}

// evaluate makes a definition's file system.
func (p *resultPlan) evaluate(ctx context.Context, gw gateway.Client, def *llb.Definition) (gateway.Reference, error) {
	solved, err := gw.Solve(ctx, gateway.SolveRequest{Definition: def.ToPB(), CacheImports: p.imports, Evaluate: true})
	if err != nil {
		return nil, err
	}
	return solved.SingleRef()
}

// read evaluates a definition beside the result and reads files of it, in the order of their names.
func (p *resultPlan) read(ctx context.Context, gw gateway.Client, def *llb.Definition, files []string) ([][]byte, error) {
	ref, err := p.evaluate(ctx, gw, def)
	if err != nil {
		return nil, err
	}
	contents := make([][]byte, len(files))
	for i, name := range files {
		if contents[i], err = ref.ReadFile(ctx, gateway.ReadRequest{Filename: name}); err != nil {
			return nil, err
		}
	}
	return contents, nil
}
