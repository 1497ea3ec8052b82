package test

import (
	"os"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

func TestReadmeListsTheProvidersInOrder(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	for _, p := range providers.All() {
		_, after, found := strings.Cut(rest, "\n| `"+p.Name+"` |")
		if !found {
			t.Errorf("README.md has no row for %s after those before it", p.Name)
			continue
		}
		rest = after
	}
}

func TestReadmeListsTheRules(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range rules.Names() {
		if !strings.Contains(string(text), "\n| `"+name+"` |") {
			t.Errorf("README.md has no row for the rule %s", name)
		}
	}
}
