package e2e

import (
	"strings"
	"testing"
)

func TestAppsAreBuiltPushedStartedAndAnswer(t *testing.T) {
	for _, name := range []string{"node", "python", "go"} {
		t.Run(name, func(t *testing.T) {
			image := here.Registry + "/e2e/" + name + ":main"
			m := build(t, app(t, name), "--tag", image, "--push")
			if !strings.HasPrefix(m.Digest, "sha256:") {
				t.Errorf("digest %q", m.Digest)
			}
			if body := get(t, image); !strings.Contains(strings.ReplaceAll(body, " ", ""), `"app":"`+name+`"`) {
				t.Errorf("the app answers:\n%s", body)
			}
		})
	}
}
