package cli

import (
	"os"
	"strings"
	"testing"
)

func TestVersionIsTheLinkedOne(t *testing.T) {
	defer func(old string) { linked = old }(linked)
	linked = "v1.2.3"
	if got := version(); !strings.HasPrefix(got, "v1.2.3 (edition ") {
		t.Errorf("got %q", got)
	}
	for _, name := range []string{"../../Makefile", "../../Dockerfile"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "-X github.com/org/npx-action/internal/cli.linked=") {
			t.Errorf("%s links no version", name)
		}
	}
}
