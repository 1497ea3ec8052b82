package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/cli"
)

// The tables of keys stand on the page between these lines.
const (
	keysBegin = "<!-- go test ./test -run TestThePageOfConfigurationFollowsFromTheSchema -update -->\n"
	keysEnd   = "<!-- End of the generated part. -->\n"
)

// A key is what the schema says of one.
type key struct {
	Description string
	Type        string
	Items       *key
	AnyOf       []key
	Enum        []string
	Properties  map[string]key
	Additional  json.RawMessage `json:"additionalProperties"`
	Defs        map[string]key  `json:"$defs"`
}

// TestThePageOfConfigurationFollowsFromTheSchema compares the tables of the page with what the command schema prints.
func TestThePageOfConfigurationFollowsFromTheSchema(t *testing.T) {
	const page = ".github/docs/configuration.md"
	var stdout bytes.Buffer
	if status := cli.Main(t.Context(), cli.Process{Args: []string{"schema"}, Dir: t.TempDir(), Stdout: &stdout, Stderr: &stdout}); status != 0 {
		t.Fatalf("status %d: %s", status, &stdout)
	}
	var root key
	if err := json.Unmarshal(stdout.Bytes(), &root); err != nil {
		t.Fatal(err)
	}
	tables := keys(root.Properties) + "\n### A phase\n\nThe table `[phases.NAME]` has these keys:\n\n" + keys(root.Defs["phase"].Properties) +
		"\n### The start\n\nThe table `[start]` has these keys:\n\n" + keys(root.Properties["start"].Properties) + "\n"
	text := thePage(t, page)
	before, rest, begins := strings.Cut(text, keysBegin)
	_, after, ends := strings.Cut(rest, keysEnd)
	if !begins || !ends {
		t.Fatalf("%s has no marks", page)
	}
	want := before + keysBegin + tables + keysEnd + after
	if *update {
		if err := os.WriteFile("../"+page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("%s does not follow from the schema; run: go test ./test -run %s -update\n(-schema +page):\n%s", page, t.Name(), diff)
	}
}

// keys is a table of keys, in the order of their names.
func keys(all map[string]key) string {
	var b strings.Builder
	b.WriteString("| key | value | meaning |\n| --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		k := all[name]
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, k.value(), strings.TrimSuffix(strings.ReplaceAll(k.Description, "|", `\|`), "."))
	}
	return b.String()
}

// value is what a key takes, in words.
func (k key) value() string {
	const most = 5 // values that fit into a cell
	switch {
	case len(k.AnyOf) > 0:
		var list []string
		for _, one := range k.AnyOf {
			list = append(list, one.value())
		}
		return strings.Join(list, " or ")
	case len(k.Enum) > 0 && len(k.Enum) <= most:
		return "`" + strings.Join(k.Enum, "`, `") + "`"
	case k.Type == "array":
		return "list"
	case k.Type == "object":
		return "table"
	case k.Type == "string":
		return "text"
	}
	return k.Type
}
