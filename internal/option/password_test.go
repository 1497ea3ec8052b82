package option

import (
	"strings"
	"testing"
)

func TestWhatHoldsAPassword(t *testing.T) {
	digest := "@sha256:" + strings.Repeat("0", 64)
	for value, want := range map[string]bool{
		"": false, "tcp://buildkit:1234": false, "ssh://me@builder": false, "linux/arm64=ssh://me@builder": false, "docker.io=mirror.example": false,
		"ghcr.io/acme/shop:1": false, "ghcr.io/acme/shop" + digest: false, "type=registry,ref=ghcr.io/acme/shop" + digest: false, "name=r.example/a,enable=true": false,
		"ssh://me:pw@builder": true, "u:pw@ghcr.io/acme" + digest: true, "token@ghcr.io/acme": true, "https://u:p/w@mirror": true,
	} {
		if got := HoldsPassword(value); got != want {
			t.Errorf("%q: %v", value, got)
		}
	}
}
