package attributes

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
)

// A Table is what the miniature nixpkgs has beside what is written there in Nix.
type Table struct {
	Attributes    map[string]Row `json:"attributes"`
	PHPExtensions map[string]Row `json:"phpExtensions"`
}

// A Row is how an attribute is made. One of Debian, Is, Tool and Absent is set.
type Row struct {
	Debian   []string // packages
	Programs []string // of those in /usr/bin
	Is       string   // another attribute
	Tool     string   // of tools.json
	Absent   string   // why there is none
}

// ReadTable reads the table of a checkout.
func ReadTable(checkout string) (Table, error) {
	data, err := os.ReadFile(filepath.Join(checkout, "test/world/nix/nixpkgs/attributes.json"))
	if err != nil {
		return Table{}, err
	}
	var t Table
	return t, json.Unmarshal(data, &t)
}

// Lacks says why the miniature nixpkgs lacks something of an expression; "" if it does not.
func (t Table) Lacks(expression string) string {
	for _, name := range Names(expression) {
		if why := t.Attributes[name].Absent; why != "" {
			return why
		}
	}
	if m := extension.FindStringSubmatch(expression); m != nil {
		return t.PHPExtensions[m[1]].Absent
	}
	return ""
}

// extension is one of PHP.
var extension = regexp.MustCompile(`Extensions\.(\w+)$`)
