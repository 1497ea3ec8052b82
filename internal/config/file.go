package config

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// An Explicit is a configuration file that the user named on the command line, which may lie outside the tree.
type Explicit struct {
	Name string // as typed
	Data []byte
}

// File is the layer of the configuration file (nixpacks-1.39.md 1.7): the explicit one, else the one that
// NIXPACKS_CONFIG_FILE names, else nixpacks.toml, else nixpacks.json. All but the first are in the tree.
// A tree that has the explicit file's name too, as a sub-directory may, is asked first.
func File(tree *source.Tree, explicit *Explicit, vars plan.Vars) (Layer, error) {
	if explicit != nil {
		name := path.Clean(explicit.Name)
		if tree.HasFile(name) {
			return readFile(tree, name)
		}
		return decode(explicit.Name, explicit.Data)
	}
	if name, ok := vars.Config("CONFIG_FILE"); ok {
		if !tree.HasFile(name) {
			return Layer{}, &Error{
				File: "NIXPACKS_CONFIG_FILE",
				Err:  fmt.Errorf("config file %s does not exist", name),
				Hint: "name a file inside the app's directory, relative to it",
			}
		}
		return readFile(tree, name)
	}
	for _, name := range []string{"nixpacks.toml", "nixpacks.json"} {
		if tree.HasFile(name) {
			return readFile(tree, name)
		}
	}
	return Layer{}, nil
}

// JSON is the layer of --json-plan. An empty text is an empty layer.
func JSON(text string) (Layer, error) {
	if text == "" {
		return Layer{}, nil
	}
	return parse("--json-plan", "json", []byte(text))
}

func readFile(tree *source.Tree, name string) (Layer, error) {
	data, err := tree.Bytes(name)
	if err != nil {
		return Layer{}, &Error{File: name, Err: err, Hint: "a configuration file is small and stands in the app's directory"}
	}
	return decode(name, data)
}

func decode(name string, data []byte) (Layer, error) {
	extension := strings.TrimPrefix(path.Ext(name), ".")
	if extension != "toml" && extension != "json" {
		return Layer{}, &Error{
			File: name,
			Err:  errors.New("unknown file type"),
			Hint: "a configuration file ends in .toml or .json",
		}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return parse(name, extension, data)
}
