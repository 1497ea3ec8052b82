package cache

import (
	"regexp"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func content() Content {
	return Content{
		Plan: plan.Plan{BuildImage: new("base")}, Platform: "linux/amd64", Definition: [][]byte{[]byte("ab"), []byte("c")},
		Config: []byte("{}"), App: "app", Generated: "generated", Export: []string{"zstd"},
	}
}

func TestContentKeyChangesWithEachPart(t *testing.T) {
	seen := map[string]string{content().Key(): "nothing"}
	for title, change := range map[string]func(*Content){
		"plan":                 func(c *Content) { c.Plan.BuildImage = new("other") },
		"platform":             func(c *Content) { c.Platform = "linux/arm64" },
		"definition":           func(c *Content) { c.Definition[1] = []byte("d") },
		"definition, cut":      func(c *Content) { c.Definition = [][]byte{[]byte("a"), []byte("bc")} },
		"configuration":        func(c *Content) { c.Config = []byte("{ }") },
		"app":                  func(c *Content) { c.App = "ap" },
		"app and generated":    func(c *Content) { c.App, c.Generated = "ap", "pgenerated" },
		"generated":            func(c *Content) { c.Generated = "" },
		"export":               func(c *Content) { c.Export = nil },
		"trial":                func(c *Content) { c.Trial = "always" },
		"definition or export": func(c *Content) { c.Definition, c.Export = c.Definition[:1], []string{"c", "zstd"} },
	} {
		c := content()
		change(&c)
		key := c.Key()
		if other, ok := seen[key]; ok {
			t.Errorf("%s has the key of %s", title, other)
		}
		seen[key] = title
	}
}

func TestContentRefIsBesideTheImage(t *testing.T) {
	got, err := ContentRef("ghcr.io/acme/shop:v1", "linux/arm64/v8", content().Key(), ByTrusted)
	if err != nil || !regexp.MustCompile(`^ghcr\.io/acme/shop:npx1-c-linux-arm64-v8-[0-9a-f]{32}$`).MatchString(got) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := ContentRef("UPPER", "linux/amd64", "k", ByTrusted); err == nil {
		t.Error("an image that is none has a reference")
	}
}
