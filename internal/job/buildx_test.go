package job

import (
	"testing"

	"github.com/org/npx-action/internal/apptest"
)

// On a shared machine the user's list holds builders of other jobs.
func TestAJobTakesABuilderOfBuildxUnaskedOnlyOnAMachineOfItsOwn(t *testing.T) {
	home := t.TempDir()
	apptest.Write(t, home, ".docker/buildx/instances/theirs", "{}")
	for _, hosted := range []bool{true, false} {
		environ := []string{"HOME=" + home}
		if hosted {
			environ = append(environ, "RUNNER_ENVIRONMENT=github-hosted")
		}
		im := jobFor(t, "trusted", "acme/shop", environ...)
		if im.Builder.AnyBuildx != hosted || len(im.Builder.Buildx) > 0 {
			t.Errorf("hosted %t: any %t, list %q", hosted, im.Builder.AnyBuildx, im.Builder.Buildx)
		}
	}
}
