package test

import (
	"bytes"
	"encoding/json"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/cli"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

// schemaOf compiles what the schema command prints.
func schemaOf(t *testing.T, args ...string) *jsonschema.Schema {
	t.Helper()
	var stdout, stderr bytes.Buffer
	process := cli.Process{Args: append([]string{"schema"}, args...), Dir: t.TempDir(), Stdout: &stdout, Stderr: &stderr}
	if status := cli.Main(t.Context(), process); status != 0 {
		t.Fatalf("the command ends with %d: %s", status, &stderr)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", decode(t, stdout.Bytes(), json.Unmarshal)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t *testing.T, data []byte, unmarshal func([]byte, any) error) any {
	t.Helper()
	var v any
	if err := unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConfigSchemaFitsTheFilesThatAreRead(t *testing.T) {
	s := schemaOf(t)
	names, err := filepath.Glob("script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range append(names, archives(t)...) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			read, unmarshal := plan.ParseTOML, func(data []byte, v any) error { return toml.Unmarshal(data, v) }
			switch path.Base(f.Name) {
			case "nixpacks.json":
				read, unmarshal = plan.ParseJSON, json.Unmarshal
			case "nixpacks.toml":
			default:
				continue
			}
			p, warnings, err := read(f.Data)
			if err != nil || len(warnings) > 0 || !known(p) {
				continue // the archive is about the mistake
			}
			seen++
			if err := s.Validate(decode(t, f.Data, unmarshal)); err != nil {
				t.Errorf("%s: %s: %v", name, f.Name, err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d files are right", seen)
	}
	for _, text := range []string{
		"[phases.install]\ncmd = ['npm ci']", "[stat]\ncmd = 'node .'", "provider = ['node']", "providers = ['nodejs']", "edition = '1.38'",
		"[phases.setup]\nnixpkgs = ['ffmpeg']", "[start]\ncommand = 'node .'",
	} {
		if s.Validate(decode(t, []byte(text), func(data []byte, v any) error { return toml.Unmarshal(data, v) })) == nil {
			t.Errorf("the schema allows\n%s", text)
		}
	}
}

// known reports whether the plan names providers and an edition that there are.
func known(p plan.Plan) bool {
	for _, name := range p.Providers {
		has := func(provider providers.Provider) bool { return provider.Name == name }
		if name != "..." && name != "@auto" && !slices.ContainsFunc(providers.All(), has) {
			return false
		}
	}
	return p.Edition == nil || slices.Contains(rules.Editions(), rules.Edition(*p.Edition))
}

func TestPlanSchemaFitsThePlansOfArchives(t *testing.T) {
	s := schemaOf(t, "plan")
	for _, name := range archives(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := planArchive(t, archive)
		if err != nil {
			continue // the archive is about the mistake
		}
		if err := s.Validate(decode(t, result.Plan.JSON(), json.Unmarshal)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
