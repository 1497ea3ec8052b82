package plan_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/org/npx-action/internal/plan"
)

func compile(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json") // which checks it against its draft
	if err != nil {
		t.Fatal(err)
	}
	if s.DraftVersion != 2020 {
		t.Errorf("the draft is %d", s.DraftVersion)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s.Validate(doc)
}

func configSchema() []byte {
	return plan.ConfigSchema(plan.Words{Providers: []string{"go", "node"}, Editions: []string{"1.39", "2026.12"}})
}

// object finds a map's schema: at is "", "phase" or "start".
func object(t *testing.T, text []byte, at string) map[string]any {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	switch at {
	case "phase":
		root = root["$defs"].(map[string]any)["phase"].(map[string]any)
	case "start":
		root = root["properties"].(map[string]any)["start"].(map[string]any)
	}
	return root
}

func TestSchemasHaveTheFieldsOfTheTypes(t *testing.T) {
	types := map[string]reflect.Type{
		"": reflect.TypeFor[plan.Plan](), "phase": reflect.TypeFor[plan.Phase](), "start": reflect.TypeFor[plan.Start](),
	}
	aliases := []string{"nixPackages", "nixLibraries", "aptPackages", "commands", "envPaths"}
	for name, text := range map[string][]byte{"config": configSchema(), "plan": plan.Schema()} {
		for at, typ := range types {
			s := object(t, text, at)
			properties := s["properties"].(map[string]any)
			for key, property := range properties {
				if about, _ := property.(map[string]any)["description"].(string); about == "" {
					t.Errorf("%s %s: %s has no description", name, at, key)
				}
			}
			if s["additionalProperties"] != false {
				t.Errorf("%s %s: other keys are allowed", name, at)
			}
			for i := range typ.NumField() {
				key := strings.ToLower(typ.Field(i).Name[:1]) + typ.Field(i).Name[1:]
				if properties[key] == nil && (name != "plan" || key != "edition") {
					t.Errorf("%s %s: %s is missing", name, at, key)
				}
				delete(properties, key)
			}
			for _, alias := range aliases {
				if (properties[alias] != nil) != (name == "config" && at == "phase") {
					t.Errorf("%s %s: %s is there: %t", name, at, alias, properties[alias] != nil)
				}
				delete(properties, alias)
			}
			delete(properties, map[string]string{"": "$schema", "phase": "name"}[at])
			for _, key := range []string{"apps", "catalogue", "catalogue-date", "strict-versions"} {
				if name+at == "config" {
					delete(properties, key)
				}
			}
			if len(properties) > 0 {
				t.Errorf("%s %s: nothing reads %v", name, at, properties)
			}
		}
	}
}

// TestTheConfigSchemaSaysWhatTheParserSays compares both on every key, in its places, with values of each type.
func TestTheConfigSchemaSaysWhatTheParserSays(t *testing.T) {
	s := compile(t, configSchema())
	var documents []string
	for _, key := range []string{
		"$schema", "edition", "providers", "buildImage", "variables", "staticAssets", "phases", "start", "name", "dependsOn",
		"nixPkgs", "nixPackages", "nixLibs", "nixLibraries", "nixOverlays", "nixpkgsArchive", "aptPkgs", "aptPackages", "cmds", "commands",
		"onlyIncludeFiles", "cacheDirectories", "paths", "envPaths", "secrets", "cmd", "runImage", "user", "unknown", "Cmds", "provider", "",
		"catalogue", "catalogue-date", "strict-versions",
	} {
		for _, value := range []string{
			`{"registries": {"npm": "x"}, "release": [{"tool": "node"}]}`, `{"registries": [{}]}`,
			`"go"`, `"1.39"`, `["go"]`, `["..."]`, `[]`, `{}`, `{"a": "b"}`, `{"a": {}}`, `{"a": []}`, `1`, `true`, `[1]`, `{"a": 1}`, `[["go"]]`,
		} {
			pair := `{"` + key + `": ` + value + `}`
			documents = append(documents, pair, `{"start": `+pair+`}`, `{"phases": {"build": `+pair+`}}`)
		}
	}
	documents = append(documents,
		`{"phases": {"build": {"cmds": ["a"], "commands": ["b"]}}}`, `{"phases": {"build": {"nixPackages": ["a"], "nixPkgs": []}}}`,
		`{"phases": {"build": {"paths": [], "envPaths": []}}}`, `{"phases": {"build": {"aptPackages": ["a"], "nixPackages": []}}}`,
		`{"phases": {"build": null}}`, `[]`, `"text"`, `{}`,
	)
	valid := 0
	for _, text := range documents {
		// Which words there are is not for the parser to know.
		if strings.HasPrefix(text, `{"edition": "go"`) {
			continue
		}
		_, warnings, err := plan.ParseJSON([]byte(text))
		if err == nil {
			_, err = plan.SettingsJSON([]byte(text))
		}
		wrong := validate(t, s, []byte(text))
		if reads := err == nil && len(warnings) == 0; reads != (wrong == nil) {
			t.Errorf("%s: the parser says %v %v, the schema %v", text, err, warnings, wrong)
		} else if reads {
			valid++
		}
	}
	if valid < 50 {
		t.Errorf("only %d documents are right", valid)
	}
	for _, text := range []string{`{"edition": "1.38"}`, `{"providers": ["nodejs"]}`, `{"providers": ["Node"]}`} {
		if validate(t, s, []byte(text)) == nil {
			t.Errorf("%s: the word is allowed", text)
		}
	}
	for _, text := range []string{`{"edition": "2026.12"}`, `{"providers": ["@auto", "node", "...", "go"]}`} {
		if err := validate(t, s, []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestThePlanSchemaFitsEveryFinishedPlan(t *testing.T) {
	s := compile(t, plan.Schema())
	for seed := range uint64(200) {
		text := plan.Pin(plan.Merge(plan.Plan{}, randomPlan(seed)), false).JSON()
		if err := validate(t, s, text); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
	}
	for _, text := range []string{
		`{}`, `{"providers": [], "buildImage": "a"}`, `{"providers": ["go"], "buildImage": "a", "phases": {}}`,
		`{"providers": [], "buildImage": "a", "phases": {"a": {"cmds": ["..."]}}}`, `{"providers": [], "buildImage": "a", "phases": {"a": {"commands": ["b"]}}}`,
		`{"providers": [], "buildImage": "a", "phases": {}, "start": {"onlyIncludeFiles": ["@auto"]}}`,
		`{"providers": [], "buildImage": "a", "phases": {}, "edition": "1.39"}`,
	} {
		if validate(t, s, []byte(text)) == nil {
			t.Errorf("%s is allowed", text)
		}
	}
}

func TestAFileMayNameItsSchema(t *testing.T) {
	p, warnings, err := plan.ParseJSON([]byte(`{"$schema": "nixpacks.schema.json", "buildImage": "a"}`))
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if text := string(p.JSON()); strings.Contains(text, "schema") {
		t.Errorf("the plan keeps it: %s", text)
	}
}
