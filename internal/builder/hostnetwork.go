package builder

import (
	"fmt"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	"google.golang.org/protobuf/proto"
)

// hostNetwork is the entitlement of a build whose steps use the host's network.
const hostNetwork = "network.host"

// onHostNetwork makes the steps of a definition use the host's network, as a daemon of ours has it in its configuration, but for steps that have
// none. A step's name is the digest of its bytes, which hold the digests of its inputs; they come before it.
func onHostNetwork(def *llb.Definition) (*llb.Definition, error) {
	out := &llb.Definition{Metadata: map[digest.Digest]llb.OpMetadata{}, Constraints: def.Constraints}
	renamed := map[string]string{}
	for _, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return nil, fmt.Errorf("reading the definition: %w", err)
		}
		for _, in := range op.Inputs {
			if to := renamed[in.Digest]; to != "" {
				in.Digest = to
			}
		}
		if exec := op.GetExec(); exec != nil && exec.Network == pb.NetMode_UNSET {
			exec.Network = pb.NetMode_HOST
		}
		// As the library does it: equal steps have equal bytes.
		changed, err := proto.MarshalOptions{Deterministic: true}.Marshal(&op)
		if err != nil {
			return nil, fmt.Errorf("writing the definition: %w", err)
		}
		from, to := digest.FromBytes(dt), digest.FromBytes(changed)
		renamed[from.String()] = to.String()
		out.Def = append(out.Def, changed)
		if m, ok := def.Metadata[from]; ok {
			out.Metadata[to] = m
		}
	}
	return out, nil
}
