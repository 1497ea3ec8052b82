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

// addAttestations hands the documents to the exporters. They read them from a state, which is solved for that.
func (p *resultPlan) addAttestations(ctx context.Context, gw gateway.Client, to *gateway.Result) error {
	if len(p.attest) == 0 {
		return nil
	}
	var files *llb.FileAction
	for _, a := range p.attest {
		if files == nil {
			files = llb.Mkfile("/"+a.Name, 0o644, a.Content)
		} else {
			files = files.Mkfile("/"+a.Name, 0o644, a.Content)
		}
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
	for _, a := range p.attest {
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
