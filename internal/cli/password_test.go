package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

// jobInputs are those that take addresses or names of images.
var jobInputs = []string{"buildkit-host", "builder", "nix-mirror", "mirror", "registry-mirror", "registry", "images", "cache-ref", "cache-from", "add-hosts"}

func TestAnAddressWithAPasswordIsNotPrinted(t *testing.T) {
	for _, input := range jobInputs {
		for _, value := range []string{"u:hunter2@host.example", "https://u:hunter2@host.example/x", "ghcr.io=u:hunter2@host.example", "linux/arm64=tcp://u:hunter2@host.example:1",
			"ssh://u:hunter2@host.example", "u:hun@ter2:hunter2@host.example/app:1", "hunter2@host.example"} {
			status, out, _ := planJobIn(t, shallowCheckout(t), "INPUT_"+strings.ToUpper(input)+"="+value)
			if status != fault.Misuse || strings.Contains(out, "hunter2") || !strings.Contains(out, "input "+input) {
				t.Errorf("%s: %s: status %d\n%s", input, value, status, out)
			}
		}
	}
	for _, flag := range []string{"buildkit-host", "nix-mirror", "mirror", "nix-substituter", "registry-mirror", "insecure-registry", "cache-ref", "cache-from", "add-host", "docker-host"} {
		var said bytes.Buffer
		status := Main(t.Context(), Process{Args: []string{"build", ".", "--" + flag, "x=u:hunter2@host.example"}, Dir: shallowCheckout(t), Stdout: &said, Stderr: &said})
		out := said.String()
		if status != fault.Misuse || strings.Contains(out, "hunter2") || !strings.Contains(out, "--"+flag) {
			t.Errorf("--%s: status %d\n%s", flag, status, out)
		}
	}
}
