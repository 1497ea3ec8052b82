package plan

import "strings"

// Config returns the value of NIXPACKS_name without its newlines (nixpacks-1.39.md 1.5).
func (v Vars) Config(name string) (string, bool) {
	s, ok := v["NIXPACKS_"+name]
	return strings.ReplaceAll(s, "\n", ""), ok
}

// Truthy reports whether NIXPACKS_name is exactly "1" or "true".
func (v Vars) Truthy(name string) bool {
	s, _ := v.Config(name)
	return s == "1" || s == "true"
}
