package world

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/test/attributes"
)

// A real Nix evaluates all that plans can name, and finds what the table says is absent to be so, and nothing else. It fetches nothing for that:
// a package's name does not depend on what it is made of.
func TestARealNixEvaluatesWhatPlansName(t *testing.T) {
	table, err := attributes.ReadTable("../..")
	if err != nil {
		t.Fatal(err)
	}
	expressions, err := attributes.Expressions("../..")
	if err != nil {
		t.Fatal(err)
	}
	archive := func(name string) string {
		return fmt.Sprintf("(import (fetchTarball %s/%s.tar.gz))", shared.NixMirror, name)
	}
	list := slices.Sorted(maps.Keys(expressions))
	var text strings.Builder
	fmt.Fprintf(&text, "with %s { overlays = [ %s %s ]; };\n[\n", archive("NixOS/nixpkgs/archive/any"),
		archive("railwayapp/nix-npm-overlay/archive/main"), archive("oxalica/rust-overlay/archive/any"))
	for _, expression := range list {
		fmt.Fprintf(&text, "(builtins.tryEval (%s).name).success\n", expression)
	}
	text.WriteString("]\n")
	file := filepath.Join(t.TempDir(), "named.nix")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	var found []bool
	if err := json.Unmarshal([]byte(nix(t, "nix-instantiate", "--eval", "--strict", "--json", file)), &found); err != nil || len(found) != len(list) {
		t.Fatalf("%d of %d expressions: %v", len(found), len(list), err)
	}
	for i, expression := range list {
		why := table.Lacks(expression)
		if strings.Contains(expression, "wasm") || strings.Contains(expression, "aarch64") {
			why = "Debian's Rust knows two targets"
		}
		if found[i] == (why != "") {
			t.Errorf("%s (%s): Nix has it: %v, and the table says %q", expression, expressions[expression], found[i], why)
		}
	}
}

// The packages of the table, and those that go by names of Ubuntu, are in this machine's Debian.
func TestDebianHasThePackagesOfTheTable(t *testing.T) {
	table, err := attributes.ReadTable("../..")
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Collect(maps.Values(ubuntuNames))
	for _, rows := range []map[string]attributes.Row{table.Attributes, table.PHPExtensions} {
		for _, row := range rows {
			all = append(all, row.Debian...)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if err := update(t.Context(), shared.log); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "apt-cache", append([]string{"policy"}, all...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		_, after, _ := strings.Cut("\n"+string(out), "\n"+name+":\n")
		candidate, _, _ := strings.Cut(after, "\n  Version table")
		if !strings.Contains(candidate, "Candidate: ") || strings.Contains(candidate, "Candidate: (none)") {
			t.Errorf("Debian has no package %s", name)
		}
	}
}
