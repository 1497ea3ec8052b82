package store

import (
	"maps"
	"slices"
	"strings"
)

// A Derivation says how one store path is made. It has one output, out, and depends on other derivations alone.
//
// Its paths and its file are the same as Nix's ("Derivations" and "Store derivation and deriving path" in its manual); Nix 2.8 is what the
// tests compare with.
type Derivation struct {
	Name    string // of the path, after the hash
	System  string // as in x86_64-linux, or builtin
	Builder string // a program, or a function of Nix such as builtin:fetchurl
	Args    []string
	Env     map[string]string      // of the builder, less what Nix adds itself
	Inputs  map[string]*Derivation // variables of the builder whose values are the outputs of others

	Hash string // of the output if it is a file that is known before, as in sha256:HEX; else ""
}

// Out returns the store path of the output.
func (d *Derivation) Out() string {
	if d.Hash != "" {
		return path("output:out", digest("fixed:out:"+d.Hash+":"), d.Name)
	}
	return path("output:out", digest(d.term("", (*Derivation).modulo)), d.Name)
}

// Path returns the store path of the derivation's own file.
func (d *Derivation) Path() string {
	kind := "text"
	for _, in := range d.inputs((*Derivation).Path) {
		kind += ":" + in
	}
	return path(kind, digest(d.Text()), d.Name+".drv")
}

// Text returns the content of the derivation's own file, in ATerm format.
func (d *Derivation) Text() string { return d.term(d.Out(), (*Derivation).Path) }

// modulo is what the derivation is to the output path of another: only what it gives counts if that is known, and not where it is
// from.
func (d *Derivation) modulo() string {
	if d.Hash != "" {
		return digest("fixed:out:" + d.Hash + ":" + d.Out())
	}
	return digest(d.term(d.Out(), (*Derivation).modulo))
}

// inputs names the derivations that this one depends on, sorted, each once.
func (d *Derivation) inputs(name func(*Derivation) string) []string {
	var names []string
	for _, in := range d.Inputs {
		names = append(names, name(in))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// env returns the whole environment of the builder.
func (d *Derivation) env(out string) map[string]string {
	env := map[string]string{"name": d.Name, "system": d.System, "builder": d.Builder, "out": out}
	maps.Copy(env, d.Env)
	for name, in := range d.Inputs {
		env[name] = in.Out()
	}
	if algorithm, digits, fixed := strings.Cut(d.Hash, ":"); fixed {
		env["outputHashMode"], env["outputHashAlgo"], env["outputHash"] = "flat", algorithm, digits
	}
	return env
}

// term writes the derivation. The path of the output is out, and the path of each input is what name gives.
func (d *Derivation) term(out string, name func(*Derivation) string) string {
	var b strings.Builder
	algorithm, digits, _ := strings.Cut(d.Hash, ":")
	b.WriteString(`Derive([("out",` + quote(out) + "," + quote(algorithm) + "," + quote(digits) + ")],[")
	for i, in := range d.inputs(name) {
		b.WriteString(comma(i) + "(" + quote(in) + `,["out"])`)
	}
	b.WriteString("],[]," + quote(d.System) + "," + quote(d.Builder) + ",[")
	for i, arg := range d.Args {
		b.WriteString(comma(i) + quote(arg))
	}
	b.WriteString("],[")
	env := d.env(out)
	for i, key := range slices.Sorted(maps.Keys(env)) {
		b.WriteString(comma(i) + "(" + quote(key) + "," + quote(env[key]) + ")")
	}
	b.WriteString("])")
	return b.String()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func quote(s string) string { return `"` + quoted.Replace(s) + `"` }
