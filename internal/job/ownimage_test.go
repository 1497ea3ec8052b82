package job

import (
	"testing"
)

func TestAnImageThatGoesNowhereNeedsNoName(t *testing.T) {
	im, err := jobImageOf(t, "GITHUB_REPOSITORY=acme/.github", "INPUT_PUSH=false")
	if err != nil {
		t.Fatal(err)
	}
	if len(im.Image.Names) > 0 || im.Cache.Scope.Repository != "" {
		t.Errorf("names %q, cache %q", im.Image.Names, im.Cache.Scope.Repository)
	}
}
