package forges

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// operations are the paths that the client uses, with the methods.
var operations = map[string][]string{
	"/repos/{owner}/{repo}/issues/{issue_number}/comments": {"get", "post"},
	"/repos/{owner}/{repo}/issues/comments/{comment_id}":   {"get", "patch", "delete"},
	"/repos/{owner}/{repo}/pulls/{pull_number}":            {"get"},
	"/repos/{owner}/{repo}/tarball/{ref}":                  {"get"},
	"/repos/{owner}/{repo}/compare/{basehead}":             {"get"},
	"/repos/{owner}/{repo}/branches":                       {"get"},
}

// prose are keys that only people read.
var prose = map[string]bool{"description": true, "summary": true, "example": true, "examples": true, "externalDocs": true, "tags": true,
	"title": true, "x-github": true, "x-octokit": true}

// named are keys whose keys are names.
var named = map[string]bool{"properties": true, "responses": true, "headers": true, "content": true, "paths": true}

// Extract cuts out of GitHub's OpenAPI description what the client uses, without its prose. Equal descriptions give equal bytes.
func Extract(published io.Reader) ([]byte, error) {
	var all map[string]any
	if err := json.NewDecoder(published).Decode(&all); err != nil {
		return nil, fmt.Errorf("reading the description: %w", err)
	}
	info, _ := all["info"].(map[string]any)
	paths, _ := all["paths"].(map[string]any)
	kept := map[string]any{}
	for path, methods := range operations {
		item, _ := paths[path].(map[string]any)
		some := map[string]any{}
		for _, method := range append(methods, "parameters") {
			if v, ok := item[method]; ok {
				some[method] = trim(v, false)
			}
		}
		kept[path] = some
	}
	e := extract{all: all, components: map[string]any{}}
	if err := e.follow(kept); err != nil {
		return nil, err
	}
	out := map[string]any{
		"openapi":    all["openapi"],
		"info":       map[string]any{"title": info["title"], "version": info["version"], "license": info["license"]},
		"paths":      kept,
		"components": e.components,
	}
	text, err := json.MarshalIndent(out, "", " ")
	return append(text, '\n'), err
}

// trim leaves out prose.
func trim(v any, names bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if names || !prose[key] {
				out[key] = trim(value, named[key] && !names)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = trim(value, false)
		}
		return out
	}
	return v
}

// An extract gathers the components that what was kept refers to.
type extract struct {
	all        map[string]any
	components map[string]any
}

func (e *extract) follow(v any) error {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			if err := e.add(ref); err != nil {
				return err
			}
		}
		for _, value := range v {
			if err := e.follow(value); err != nil {
				return err
			}
		}
	case []any:
		for _, value := range v {
			if err := e.follow(value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *extract) add(ref string) error {
	parts := strings.Split(ref, "/")
	if len(parts) != 4 || parts[1] != "components" {
		return fmt.Errorf("following %s: it is no component", ref)
	}
	kind, _ := e.components[parts[2]].(map[string]any)
	if kind == nil {
		kind = map[string]any{}
		e.components[parts[2]] = kind
	}
	if kind[parts[3]] != nil {
		return nil
	}
	from, _ := e.all["components"].(map[string]any)[parts[2]].(map[string]any)
	component, ok := from[parts[3]]
	if !ok {
		return fmt.Errorf("following %s: it is not there", ref)
	}
	kind[parts[3]] = trim(component, false)
	return e.follow(kind[parts[3]])
}
