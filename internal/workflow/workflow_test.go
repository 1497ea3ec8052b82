package workflow

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// FuzzText puts any value and branch into each file: it is refused, or comes back as it was and as nothing else.
func FuzzText(f *testing.F) {
	for _, text := range []string{"services/api", "a: b # c", "- x", "'", `"`, "a\nb", "${{ github.token }}", "$HOME", "[x], y", "true", "\x1b", "*&!", "\u2028", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := Settings{Branch: "main", Inputs: []Input{{Name: "context", Value: text}, {Name: "start-cmd", Value: "last"}}}
		if out, err := Text(GitHub, s); err == nil {
			var w struct {
				Jobs map[string]struct {
					Steps []struct{ With map[string]string }
				}
			}
			decode(t, out, &w)
			with := w.Jobs["image"].Steps[1].With
			if len(with) != 2 || with["context"] != text || strings.Contains(text, "${{") {
				t.Errorf("%q became %q", text, with)
			}
		}
		if out, err := Text(GitLab, s); err == nil {
			var p struct {
				Include []struct{ Inputs map[string]string }
			}
			decode(t, out, &p)
			inputs := p.Include[0].Inputs
			if len(inputs) != 3 || inputs["context"] != strings.ReplaceAll(text, "$", "$$") {
				t.Errorf("%q became %q", text, inputs)
			}
		}
		for _, several := range []bool{false, true} {
			out, err := Text(GitHub, Settings{Branch: text, Monorepo: several})
			if err != nil {
				continue
			}
			var w struct {
				On struct{ Push struct{ Branches []string } }
			}
			decode(t, out, &w)
			if list := w.On.Push.Branches; len(list) != 1 || strings.ReplaceAll(list[0], `\`, "") != strings.ReplaceAll(text, `\`, "") {
				t.Errorf("the branch %q became %q", text, list)
			}
		}
	})
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

func TestAnUnknownForge(t *testing.T) {
	if _, err := Text("sourcehut", Settings{}); err == nil {
		t.Error("there is a workflow for it")
	}
}

func TestTheComponentGetsLists(t *testing.T) {
	values := []string{"A=1, 2", "B=]", "C=$HOME", "plain"}
	out, err := Text(GitLab, Settings{Inputs: []Input{{Name: "env", Value: "unused", List: values}}})
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Include []struct{ Inputs struct{ Env []string } }
	}
	decode(t, out, &p)
	if diff := cmp.Diff([]string{"A=1, 2", "B=]", "C=$$HOME", "plain"}, p.Include[0].Inputs.Env); diff != "" {
		t.Error(diff)
	}
}

// TestOfTwoPushesTheOlderDoesNotEndLast reads what makes jobs of one branch wait for one another.
func TestOfTwoPushesTheOlderDoesNotEndLast(t *testing.T) {
	for several, group := range map[bool]string{false: "image-${{ github.ref }}", true: "image-${{ github.ref }}-${{ matrix.name }}"} {
		out, err := Text(GitHub, Settings{Branch: "main", Monorepo: several})
		if err != nil {
			t.Fatal(err)
		}
		var w struct {
			Concurrency any
			Jobs        map[string]struct {
				Concurrency string
			}
		}
		decode(t, out, &w)
		// A run of a monorepo must wait for no run of another app: the one that waits would be replaced, and its app never built.
		if got := w.Jobs["image"].Concurrency; w.Concurrency != nil || got != group {
			t.Errorf("several apps %t: %q, %v", several, got, w.Concurrency)
		}
	}
	text, err := os.ReadFile("../../gitlab/templates/npx.yml")
	if err != nil {
		t.Fatal(err)
	}
	_, jobs, _ := strings.Cut(string(text), "\n---\n")
	var component map[string]struct {
		Group string `yaml:"resource_group"`
	}
	decode(t, jobs, &component)
	if got := component["$[[ inputs.job ]]"].Group; got != "$[[ inputs.job ]]-$CI_COMMIT_REF_SLUG" {
		t.Errorf("the component's group is %q", got)
	}
}
