package builder

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/result"
)

// An Attestation is a document about the image, that is stored beside it as an in-toto statement.
type Attestation struct {
	Name          string // of a file, such as sbom.spdx.json
	PredicateType string // such as https://spdx.dev/Document
	Content       []byte // the predicate, JSON
}

// An Inventory is an attestation for which files are read from the builder. They are made side by side with the image.
type Inventory struct {
	Definition *llb.Definition // of the files: its steps but the last are steps of the request; nil if none are read
	Files      []string

	// Attest is given the files, or the reason why there are none, which fails no build of itself.
	Attest func(files [][]byte, err error) (Attestation, error)
}

// A stocktaking is what became of an inventory's files.
type stocktaking struct {
	state llb.State // of the files
	files [][]byte
	err   error
}

// inventory is the inventory of the request. Its steps are steps of the definition also where they are run again.
func (r Request) inventory() *Inventory {
	if r.Inventory == nil || r.Inventory.Definition == nil || !r.NoCache {
		return r.Inventory
	}
	i := *r.Inventory
	i.Definition = withoutCache(i.Definition)
	return &i
}

// take starts to read the inventory's files. The channel gives one answer.
func (p *resultPlan) take(ctx context.Context, gw gateway.Client) <-chan stocktaking {
	taken := make(chan stocktaking, 1)
	if p.inventory == nil || p.inventory.Definition == nil {
		taken <- stocktaking{}
		return taken
	}
	go func() {
		var s stocktaking
		s.files, s.err = p.read(ctx, gw, p.inventory.Definition, p.inventory.Files)
		if op, err := llb.NewDefinitionOp(p.inventory.Definition.ToPB()); err == nil {
			s.state = llb.NewState(op)
		} else if s.err == nil {
			s.err = err
		}
		taken <- s
	}()
	return taken
}

// inlineAttestations is the exporters' attribute by which they write the attestations that others leave out.
const inlineAttestations = "attestation-inline"

// frontendAttrs is never nil, since the library writes to it. The provenance is for the exports that ask for it alone: an archive
// for a Docker engine cannot hold it.
func (r Request) frontendAttrs() map[string]string {
	out := map[string]string{}
	maps.Copy(out, r.FrontendAttrs)
	if r.Provenance != "" {
		out["attest:provenance"] = "mode=" + r.Provenance + ",inline-only=true"
		if r.BuilderID != "" {
			out["attest:provenance"] += `,"builder-id=` + strings.ReplaceAll(r.BuilderID, `"`, `""`) + `"`
		}
	}
	return out
}

// addAttestations hands the documents to the exporters. They read them from a state, which is solved for that. The files of the
// inventory are in it too: so its steps are part of the result, and of the caches that are exported.
func (p *resultPlan) addAttestations(ctx context.Context, gw gateway.Client, to *gateway.Result, taken stocktaking) error {
	attest := p.attest
	if p.inventory != nil {
		a, err := p.inventory.Attest(taken.files, taken.err)
		if err != nil {
			return err
		}
		attest = append(attest[:len(attest):len(attest)], a)
	}
	if len(attest) == 0 {
		return nil
	}
	files := llb.Mkdir("/inventory", 0o755)
	if taken.files != nil {
		for _, name := range p.inventory.Files {
			files = files.Copy(taken.state, "/"+name, "/inventory/"+name)
		}
	}
	for _, a := range attest {
		files = files.Mkfile("/"+a.Name, 0o644, a.Content)
	}
	def, err := llb.Scratch().File(files, llb.WithCustomName("[attest] write the documents")).Marshal(ctx)
	if err != nil {
		return fmt.Errorf("writing the attestations: %w", err)
	}
	solved, err := gw.Solve(ctx, gateway.SolveRequest{Definition: def.ToPB(), Evaluate: true})
	if err != nil {
		return err
	}
	ref, err := solved.SingleRef()
	if err != nil {
		return err
	}
	for _, a := range attest {
		to.AddAttestation(p.id, gateway.Attestation{
			Kind:     gatewaypb.AttestationKind_InToto,
			Metadata: map[string][]byte{result.AttestationInlineOnlyKey: []byte(strconv.FormatBool(true))},
			Ref:      ref,
			Path:     "/" + a.Name,
			InToto:   result.InTotoAttestation{PredicateType: a.PredicateType},
		})
	}
	return nil
}
