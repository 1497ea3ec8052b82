package build_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
)

func TestANameThatIsNoneIsRefused(t *testing.T) {
	for _, bad := range []string{"Shop", "a b", "shop@sha256:0", "shop:", "ghcr.io/", "shop:" + strings.Repeat("a", 129), "me:pw@r.example/shop", "\xff"} {
		if got, err := build.ParseNames([]string{"ok", bad}); err == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
	got, err := build.ParseNames([]string{"shop", "ghcr.io/me/shop:a"})
	if err != nil || !slices.Equal(got, []string{"index.docker.io/library/shop:latest", "ghcr.io/me/shop:a"}) {
		t.Errorf("%q, %v", got, err)
	}
}
