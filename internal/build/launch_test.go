package build_test

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
)

func TestWrongLaunchesAreRefusedWithoutAnEngine(t *testing.T) {
	for name, tt := range map[string]struct {
		network string
		publish []string
		want    string
	}{
		"none":               {},
		"published":          {publish: []string{"8080:3000", "127.0.0.1::3001", "9000-9002:9000-9002/udp"}},
		"no port":            {publish: []string{"web:3000"}, want: "reading --publish: "},
		"too high":           {publish: []string{"3000:65536"}, want: "reading --publish: "},
		"host network":       {network: "host"},
		"host and published": {network: "host", publish: []string{"3000"}, want: "the network host publishes no ports"},
		"joined":             {network: "container:db", publish: []string{"3000"}, want: "the network container:db publishes no ports"},
	} {
		err := build.Launch{Network: tt.network, Publish: tt.publish}.Check()
		if tt.want == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want) || fault.Status(err) != fault.Misuse) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
