package nearest_test

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/nearest"
)

func TestName(t *testing.T) {
	names := []string{"--cache-ref", "--cache-from", "always", "auto", "NIXPACKS_NODE_VERSION"}
	for word, want := range map[string]string{
		"--cache-rf": "--cache-ref", "alwayz": "always", "AUTO": "auto", "atuo": "auto", "autoo": "auto", "uato": "auto", "atou": "", "nixpacks_node_verson": "NIXPACKS_NODE_VERSION",
		"": "", "x": "", "never": "", "plan": "", strings.Repeat("a", 1<<20): "",
	} {
		if got := nearest.Name(word, names); got != want {
			t.Errorf("%.40q: got %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]string{"alwayz": "did you mean always?", "never": "use auto"} {
		if got := nearest.Hint(word, names, "use auto"); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}
