package cli

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

func TestAWrongImageIsAnInputErrorBeforeAnythingElse(t *testing.T) {
	for name, environ := range map[string][]string{
		"an address":     {"INPUT_IMAGES=https://ghcr.io/acme/shop"},
		"one of several": {"INPUT_IMAGES=ghcr.io/acme/shop\nghcr.io/acme/shop-"},
	} {
		for _, mode := range []string{"plan", "build", "discover"} {
			status, out, _ := planJobIn(t, shallowCheckout(t), append(environ, "INPUT_MODE="+mode)...)
			if status != fault.Misuse || !strings.Contains(out, "reading image ") || !strings.Contains(out, "images") {
				t.Errorf("%s, mode %s: status %d\n%s", name, mode, status, out)
			}
			if strings.Contains(out, "one of this content") || strings.Contains(out, "asking the registry") {
				t.Errorf("%s, mode %s: a registry was asked\n%s", name, mode, out)
			}
		}
	}
}
