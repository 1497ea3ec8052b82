package config

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/org/npx-action/internal/plan"
)

func TestProcfile(t *testing.T) {
	tests := []struct {
		name, text string
		exact      string // the start command, or "release: COMMAND" if there is but that
		newest     string
	}{
		{"web first", "worker: w\nweb: a\nalpha: b\n", "a", "a"},
		{"worker next", "worker: w\nalpha: b\n", "w", "w"},
		{"then the least name", "zeta: z\nalpha: b\n", "b", "b"},
		{"release alone", "release: r\n", "release: r", "release: r"},
		{"last of duplicates", "web: a\nweb: b\n", "b", "b"},
		{"number", "web: 8080\n", "8080", "8080"},
		{"quotes", "web: \"a b\" # c\n", "a b", "a b"},
		{"block", "web: |\n  a\n  b\n", "a\nb\n", "a\nb\n"},
		{"line ends", "web: a\r\nworker: b\r\n", "a", "a"},
		{"comment line", "# c\n\nweb: a\n", "a", "a"},
		{"alias", "other: &x a\nweb: *x\n", "a", "a"},
		{"cut at a comment", "web: echo a #b\nrelease: c\n", "echo a", "echo a #b"},
		{"cut next to quotes", "web: \"a b\" # c\nrelease: x #y\n", "a b", "a b"},
		{"colon", "web: a: b\n", "error 1", "a: b"},
		{"shell", "web: [ -f x ] && y: z\nrelease: true\n", "error 1", "[ -f x ] && y: z"},
		{"colon further down", "web: a\n\nworker: b: c\n", "error 3", "a"},
		{"list", "- web\n", "error 1", "error 1"},
		{"nested", "web:\n  x: y\n", "error 1", "error 1"},
		{"no command", "web: a: b\nworker:\n", "error 1", "error 2"},
		{"no command in YAML", "web:\n", "", "error 1"},
		{"text", "just text\n", "error 1", "error 1"},
		{"empty", "", "error 0", "none"},
		{"two documents", "web: a\n---\nweb: b\n", "error 0", "error 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := tree(t, map[string]string{"Procfile": tt.text})
			for exact, want := range map[bool]string{true: tt.exact, false: tt.newest} {
				if got := procfileResult(t)(Procfile(files, exact)); got != want {
					t.Errorf("exact %t: got %q, want %q", exact, got, want)
				}
			}
		})
	}
}

func procfileResult(t *testing.T) func(Layer, error) string {
	t.Helper()
	return func(layer Layer, err error) string {
		var mistake *Error
		switch {
		case errors.As(err, &mistake):
			return fmt.Sprintf("error %d", mistake.Line)
		case err != nil:
			t.Fatal(err)
		case layer.Plan.Start != nil:
			return *layer.Plan.Start.Cmd
		case layer.Plan.Phases != nil:
			return "release: " + layer.Plan.Phases["release"].Cmds[1]
		}
		return "none"
	}
}

func TestProcfileRelease(t *testing.T) {
	got, err := Procfile(tree(t, map[string]string{"Procfile": "web: a\nrelease: b\n"}), true)
	if err != nil {
		t.Fatal(err)
	}
	want := Layer{Name: "Procfile", Plan: plan.Plan{
		Phases: map[string]plan.Phase{"release": {DependsOn: []string{"setup", "install", "build"}, Cmds: []string{"...", "b"}}},
		Start:  &plan.Start{Cmd: new("a")},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestProcfileOfEightProcesses has one that starts, one that is a phase, and one whose name no program can have.
func TestProcfileOfEightProcesses(t *testing.T) {
	const text = "web: a\nworker: b\nrelease: c\nbeat: d -x\nclock_2: e\n-f: g\nhigh-mail: h\n2nd: i\n"
	for exact, want := range map[bool]map[string]string{
		true: nil, false: {"worker": "b", "beat": "d -x", "clock_2": "e", "high-mail": "h", "2nd": "i"},
	} {
		got, err := Procfile(tree(t, map[string]string{"Procfile": text}), exact)
		if err != nil || *got.Plan.Start.Cmd != "a" || !cmp.Equal(got.Plan.Start.Processes, want) {
			t.Errorf("exact %t: %+v, %v", exact, got.Plan.Start, err)
		}
		if exact != (len(got.Warnings) == 0) {
			t.Errorf("exact %t: %q", exact, got.Warnings)
		}
	}
}

func TestNoProcfileIsNoLayer(t *testing.T) {
	got, err := Procfile(tree(t, nil), true)
	if err != nil || !cmp.Equal(got, Layer{}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestProcfileOfNothingIsWarnedAbout(t *testing.T) {
	got, err := Procfile(tree(t, map[string]string{"Procfile": "# later\n"}), false)
	if err != nil || len(got.Warnings) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}
