package registry_test

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registry"
)

func TestTheCacheIsWhereTheRegistryTakesIt(t *testing.T) {
	for image, nested := range map[string]bool{
		"ghcr.io/acme/shop:1": true, "127.0.0.1:5000/acme/shop@sha256:" + strings.Repeat("a", 64): true, "containers.acme.ghe.com/acme/shop": true,
		"registry.gitlab.com/acme/shop": true, "dkr.ecr.example/acme/shop": true, "evil.dkr.ecr.eu-west-1.amazonaws.com.example/acme/shop": true,

		"docker.io/acme/shop": false, "index.docker.io/acme/shop": false, "registry-1.docker.io/acme/shop:1": false, "registry.hub.docker.com/acme/shop": false,
		"public.ecr.aws/acme/shop": false, "ecr-public.aws.com/acme/shop": false,
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/shop": false, "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/acme/shop": false,
		"123456789012.dkr-ecr.eu-west-1.on.aws/acme/shop": false, "123456789012.dkr-ecr-fips.us-east-1.on.aws/acme/shop": false,
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/acme/shop": false, "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/acme/shop": false,
		"123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/acme/shop": false, "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/acme/shop": false,
	} {
		got, err := registry.CacheRepository(image)
		if err != nil || strings.HasSuffix(got, "/acme/shop/cache") != nested || !nested && !strings.HasSuffix(got, "/acme/shop") {
			t.Errorf("%s: %s, %v", image, got, err)
		}
	}
	if got, err := registry.CacheRepository("acme/shop"); err != nil || got != "index.docker.io/acme/shop" {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := registry.CacheRepository("UPPER/case"); err == nil {
		t.Error("an invalid image is accepted")
	}
}

func TestALoginIsFoundHoweverItsHostIsWritten(t *testing.T) {
	for login, repositories := range map[string][]string{
		"ghcr.io/Acme": {"ghcr.io/acme/shop"}, "GHCR.io": {"ghcr.io/acme/shop"},
		"docker.io": {"index.docker.io/acme/shop", "registry-1.docker.io", "docker.io/acme/shop"}, "registry-1.docker.io": {"docker.io/acme/shop"},
		"https://index.docker.io/v1/": {"docker.io/acme/shop", "registry.hub.docker.com/acme/shop"}, "HTTPS://Index.docker.io/v1/": {"docker.io"},
		"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com": {"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/shop"},
	} {
		k := &registry.Keychain{Entries: []registry.Credential{{Prefix: login, Username: "me", Password: "hunter2"}}}
		for _, repository := range repositories {
			if user, _, err := k.Credentials(t.Context(), repository); err != nil || user != "me" {
				t.Errorf("the login for %s at %s: %q, %v", login, repository, user, err)
			}
		}
		for _, other := range []string{"ghcr.io.example/acme/shop", "docker.io.example/acme", "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop", "quay.io/acme"} {
			if user, secret, _ := k.Credentials(t.Context(), other); user != "" || secret != "" {
				t.Errorf("%s got the login for %s", other, login)
			}
		}
	}
}
