package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/option"
)

// component are the inputs of the component npx. A secret is none, as GitLab masks no input.
func component(all []option.Option) []option.Option {
	return slices.DeleteFunc(slices.Clone(all), func(o option.Option) bool { return !o.Of(option.GitLab) || o.Secret })
}

// discovering are the inputs of the component discover.
func discovering(all []option.Option) []option.Option {
	return slices.DeleteFunc(component(all), func(o option.Option) bool { return o.Input.Discover == "" })
}

func npxInputs(all []option.Option) (string, error) {
	return inputs(component(all), func(o option.Option) string { return o.Description(option.GitLab) })
}

func discoverInputs(all []option.Option) (string, error) {
	return inputs(discovering(all), option.Option.DiscoverDescription)
}

func npxVariables(all []option.Option) (string, error) { return variables(component(all)), nil }

func discoverVariables(all []option.Option) (string, error) { return variables(discovering(all)), nil }

// inputs are the declarations of a component's inputs.
func inputs(all []option.Option, describe func(option.Option) string) (string, error) {
	e := entries{indent: "    "}
	for _, o := range all {
		e.key(o.Name)
		e.put("description", describe(o))
		switch {
		case o.Kind == option.KindBool:
			e.set("type", "boolean")
			e.set("default", o.Default)
		case o.Kind.List():
			e.set("type", "array")
			e.set("default", "[]")
		default:
			e.set("type", "string")
			e.put("default", o.Default)
		}
		if o.Values != nil {
			var words []string
			for _, v := range o.Values {
				word, err := scalar(v)
				if err != nil {
					return "", err
				}
				words = append(words, word)
			}
			e.set("options", "["+strings.Join(words, ", ")+"]")
		}
	}
	return e.text.String(), e.err
}

// variables hand the inputs on to the program. GitLab puts a value into the file as text: between quotes another quote would end it, and
// only values that have none stand there.
func variables(all []option.Option) string {
	var b strings.Builder
	for _, o := range all {
		variable, value := option.Variable(o.Name), "$[[ inputs."+o.Name+" ]]"
		switch {
		case o.Kind == option.KindBool || o.Values != nil:
			fmt.Fprintf(&b, "    %s: %q\n", variable, value)
		case o.Kind.List():
			fmt.Fprintf(&b, "    %s: |\n      %s\n", variable, value)
		default:
			fmt.Fprintf(&b, "    %s: |-\n      %s\n", variable, value)
		}
	}
	return b.String()
}
