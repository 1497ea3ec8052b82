package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Words are the names that a configuration file may use and that this package does not know.
type Words struct {
	Providers []string
	Editions  []string
}

// ConfigSchema returns the JSON Schema of configuration files, of draft 2020-12: it allows what the parsers read without
// a warning, less null, which is the same as no key.
func ConfigSchema(words Words) []byte {
	root := newSchema("Changes to the plan that the app's files give: nixpacks.toml or nixpacks.json.", planFields)
	phase := newSchema("Packages and commands.", phaseFields)
	start := newSchema("How the container starts.", startFields)
	addAliases(root, planFields)
	addAliases(phase, phaseFields)
	addAliases(start, startFields)
	root.Draft, root.Title = draft, "npx-action configuration"
	root.Properties[keySchema] = &schema{About: "Where this schema is, for editors.", Type: "string"}
	root.Properties[keyApps] = appsSchema()
	root.Properties[keyCatalogue] = catalogueSchema()
	root.Properties[keyDate] = &schema{About: "The day of the catalogue that versions are chosen by, such as 2026-11-28: rows that were added later do not count.", Type: "string"}
	root.Properties[keyStrict] = &schema{About: "A version that cannot be had is an error, also where a newer patch of its line can.", Type: "boolean"}
	root.property("providers").Items.Enum = slices.Concat(words.Providers, tokens[:])
	root.property("edition").Enum = words.Editions
	phase.Properties[keyName] = &schema{About: "Of no effect: the name of a phase is its key.", Type: "string"}
	root.addParts(phase, start)
	return root.json()
}

// appsSchema describes what discovery reads, and plans do not.
func appsSchema() map[string]any {
	text := map[string]any{"type": "string"}
	list := map[string]any{"type": "array", "items": text}
	app := map[string]any{
		"type": "object", "additionalProperties": false,
		"properties": map[string]any{
			"directory": text, "context": text, "config": text, "buildCmd": text, "startCmd": text,
			"pkgs": list, "paths": list, "variables": map[string]any{"type": "object", "additionalProperties": text},
		},
	}
	return map[string]any{
		"description": "The apps of the repository, for the command discover: globs of their directories, or each by name.",
		"anyOf":       []any{list, map[string]any{"type": "object", "additionalProperties": app}},
	}
}

// catalogueSchema describes what package catalogue reads.
func catalogueSchema() map[string]any {
	row := map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}}
	return map[string]any{
		"description":          "Rows of versions that the program's own catalogue lacks, or that replace some of its rows.",
		"type":                 "object",
		"properties":           map[string]any{keyRegistries: row},
		"additionalProperties": map[string]any{"type": "array", "items": row},
	}
}

// Schema returns the JSON Schema of what [Pin] makes and [Plan.JSON] prints, of draft 2020-12.
func Schema() []byte {
	root := newSchema("What an image is made of.", planFields)
	phase := newSchema("Packages and commands.", phaseFields)
	start := newSchema("How the container starts.", startFields)
	root.Draft, root.Title = draft, "npx-action plan"
	delete(root.Properties, "edition")
	root.property("providers").MaxItems = new(0)
	root.Required = []string{"buildImage", keyPhases, "providers"}
	withoutTokens(phase)
	withoutTokens(start)
	root.addParts(phase, start)
	return root.json()
}

const draft = "https://json-schema.org/draft/2020-12/schema"

// A schema is the part of JSON Schema that plans need.
type schema struct {
	Draft      string             `json:"$schema,omitempty"`
	Title      string             `json:"title,omitempty"`
	About      string             `json:"description,omitempty"`
	Ref        string             `json:"$ref,omitempty"`
	Type       string             `json:"type,omitempty"`
	Enum       []string           `json:"enum,omitempty"`
	Not        *schema            `json:"not,omitempty"`
	MaxItems   *int               `json:"maxItems,omitempty"`
	Items      *schema            `json:"items,omitempty"`
	Required   []string           `json:"required,omitempty"`
	Properties map[string]any     `json:"properties,omitempty"`           // a *schema, or false
	Others     any                `json:"additionalProperties,omitempty"` // likewise
	With       map[string]*schema `json:"dependentSchemas,omitempty"`     // what holds if the key is given
	Defs       map[string]*schema `json:"$defs,omitempty"`
}

// newSchema describes a map that has the fields and no others.
func newSchema[T any](about string, fields []field[T]) *schema {
	s := &schema{About: about, Type: "object", Properties: map[string]any{}, Others: false}
	for _, f := range fields {
		s.Properties[f.key] = fieldSchema(f, f.about)
	}
	return s
}

func fieldSchema[T any](f field[T], about string) *schema {
	text := &schema{Type: "string"}
	switch {
	case f.list != nil:
		return &schema{About: about, Type: "array", Items: text}
	case f.dict != nil:
		return &schema{About: about, Type: "object", Others: text}
	}
	text.About = about
	return text
}

// addAliases allows each field one of its two names.
func addAliases[T any](s *schema, fields []field[T]) {
	for _, f := range fields {
		if f.alias == "" {
			continue
		}
		s.Properties[f.alias] = fieldSchema(f, "Another name of "+f.key+".")
		if s.With == nil {
			s.With = map[string]*schema{}
		}
		s.With[f.alias] = &schema{Properties: map[string]any{f.key: false}}
	}
}

// withoutTokens forbids in lists what stands for the lists of other layers.
func withoutTokens(s *schema) {
	for key := range s.Properties {
		if list := s.property(key); list.Items != nil {
			list.Items.Not = &schema{Enum: tokens[:]}
		}
	}
}

// addParts adds the phases and the start.
func (s *schema) addParts(phase, start *schema) {
	s.Defs = map[string]*schema{"phase": phase}
	s.Properties[keyPhases] = &schema{About: "The phases by name, such as setup, install and build.", Type: "object", Others: &schema{Ref: "#/$defs/phase"}}
	s.Properties[keyStart] = start
}

func (s *schema) property(key string) *schema { return s.Properties[key].(*schema) }

func (s *schema) json() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil { // it holds maps, lists, strings, numbers and false
		panic(fmt.Sprintf("encoding a schema: %v", err))
	}
	return b.Bytes()
}
