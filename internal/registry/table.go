package registry

import (
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What is known of registries by their hosts, for logins and for caches alike.

// hub is how people, and BuildKit, call Docker Hub.
const hub = "docker.io"

// aliases are further hosts of a registry: of its API, and those that logins are written for.
var aliases = map[string]string{
	name.DefaultRegistry:      hub, // index.docker.io
	"registry-1.docker.io":    hub,
	"registry.hub.docker.com": hub,
}

// flat are hosts where a repository is not made by a push, or has no other repository below it. Amazon's registries have a host for each account
// and region, with further ones for FIPS, for IPv6 (dual-stack) and for each partition (amazon-ecr-credential-helper, api/client.go; Amazon ECR
// user guide, "Making requests to Amazon ECR registries").
var flat = lazyregexp.New(`^(?:docker\.io|public\.ecr\.aws|ecr-public\.aws\.com` +
	`|[0-9]+\.dkr[.-]ecr(?:-fips)?\.[a-z0-9][a-z0-9_-]*\.` +
	`(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws|on\.amazonwebservices\.com\.cn|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov))$`)

// CacheRepository returns where the cache of an image lives unless the user says otherwise: the nested
// repository "cache", or the image's own where registries allow no nesting or want repositories made by hand.
func CacheRepository(image string) (string, error) {
	ref, err := name.ParseReference(image)
	if err != nil {
		return "", fmt.Errorf("reading image %q: %w", image, err)
	}
	repo := ref.Context()
	if flat.MatchString(canonicalHost(repo.RegistryStr())) {
		return repo.Name(), nil
	}
	return repo.Name() + "/cache", nil
}
