package builder

import (
	"context"
	"testing"

	"github.com/moby/buildkit/session/auth"
)

// asked notes what credentials were asked for.
type asked []string

func (a *asked) Credentials(_ context.Context, repository string) (username, secret string, err error) {
	*a = append(*a, repository)
	return "me", "for " + repository, nil
}

func TestTheDaemonGetsCredentialsForTheHostThatItAsksFor(t *testing.T) {
	keys := &asked{}
	server := newAuth(Request{
		Credentials:  keys,
		Exports:      []Export{{Kind: Push, Refs: []string{"acme/shop:1", "ghcr.io/acme/shop:1"}}, {Kind: OCI, Refs: []string{"quay.io/acme/shop:1"}}},
		CacheImports: []Cache{{Ref: "ghcr.io/acme/shop/cache:x"}, {Ref: "registry-1.docker.io/other/app:x"}},
	})
	for host, want := range map[string]string{
		"registry-1.docker.io": "docker.io/acme/shop", "ghcr.io": "ghcr.io/acme/shop", "quay.io": "quay.io", "ghcr.io.example": "ghcr.io.example", "evil.example": "evil.example",
	} {
		answer, err := server.Credentials(t.Context(), &auth.CredentialsRequest{Host: host})
		if err != nil || answer.Secret != "for "+want {
			t.Errorf("%s: %q, %v; want that of %s", host, answer.GetSecret(), err, want)
		}
	}
}
