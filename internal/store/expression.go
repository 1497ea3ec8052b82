package store

import (
	"maps"
	"slices"
	"strings"
)

// Nix returns the expression that gives the derivation, in the language of Nix. It needs no nixpkgs.
func (d *Derivation) Nix() string {
	var b strings.Builder
	d.write(&b, "")
	b.WriteString("\n")
	return b.String()
}

func (d *Derivation) write(b *strings.Builder, indent string) {
	b.WriteString("derivation {\n")
	set := func(name string, value func()) {
		b.WriteString(indent + "  " + name + " = ")
		value()
		b.WriteString(";\n")
	}
	texts := d.env("")
	delete(texts, "out")
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		set(name, func() {
			if in := d.Inputs[name]; in != nil {
				in.write(b, indent+"  ")
				return
			}
			b.WriteString(literal(texts[name]))
		})
	}
	if len(d.Args) > 0 {
		set("args", func() {
			b.WriteString("[")
			for _, arg := range d.Args {
				b.WriteString(" " + literal(arg))
			}
			b.WriteString(" ]")
		})
	}
	b.WriteString(indent + "}")
}

var literals = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", `\${`)

// literal writes a string as Nix does.
func literal(s string) string { return `"` + literals.Replace(s) + `"` }
