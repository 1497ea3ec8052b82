package e2e

import (
	"testing"

	"github.com/org/npx-action/internal/registrytest"
)

// described is an image's label of a name, and the annotation of its manifest.
func described(t *testing.T, ref, key string) [2]string {
	t.Helper()
	img := registrytest.Image(t, ref)
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	return [2]string{config.Config.Labels[key], registrytest.Manifest(t, img).Annotations[key]}
}
