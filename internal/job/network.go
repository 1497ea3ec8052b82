package job

import (
	"slices"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
)

// The values of the input step-network.
const (
	networkAuto   = "auto"
	networkShared = "shared"
)

// stranger reports whether the author of code of a standing may have no rights in the repository.
func stranger(standing string) bool {
	return !slices.Contains([]string{trustedStanding, "branch", "queue", "request"}, standing)
}

// stepNetwork decides which network the steps of a job get. Code of strangers runs on the machine's only if that is thrown away after the job, or if
// the workflow says so. Others get it too where a step may have to reach a loopback address.
func stepNetwork(job ci.Job) build.Network {
	if job.Inputs.StepNetwork == networkShared {
		return build.Network{}
	}
	return build.Network{Own: true, RefuseShared: stranger(job.Event.Standing()) && !job.Hosted}
}
