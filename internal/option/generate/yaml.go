package main

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/option"
)

// scalar is a text on one line of YAML, between double quotes if it needs any.
func scalar(text string) (string, error) {
	out, err := yaml.Marshal(text)
	if err == nil && strings.ContainsAny(string(out[:1]), `'"`) {
		out, err = yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Value: text, Style: yaml.DoubleQuotedStyle})
	}
	return strings.TrimSuffix(string(out), "\n"), err
}

// entries is a mapping of YAML, of keys to mappings.
type entries struct {
	indent string
	text   strings.Builder
	err    error
}

// key begins the mapping of a key.
func (e *entries) key(name string) { fmt.Fprintf(&e.text, "%s%s:\n", e.indent, name) }

// set adds a value that is YAML already to the last key.
func (e *entries) set(name, value string) {
	fmt.Fprintf(&e.text, "%s  %s: %s\n", e.indent, name, value)
}

// put adds a text to the last key.
func (e *entries) put(name, value string) {
	text, err := scalar(value)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.set(name, text)
}

// action are the inputs of action.yml.
func action(all []option.Option) (string, error) {
	e := entries{indent: "  "}
	for _, o := range all {
		if !o.Of(option.GitHub) {
			continue
		}
		e.key(o.Name)
		e.put("description", o.Description(option.GitHub))
		switch {
		case o.Input.GitHub != "":
			e.set("default", "${{ "+o.Input.GitHub+" }}")
		case o.Default != "":
			e.put("default", o.Default)
		}
		for _, a := range o.Aliases {
			e.key(a.Name)
			e.put("description", a.Description(o))
		}
	}
	return e.text.String(), e.err
}
