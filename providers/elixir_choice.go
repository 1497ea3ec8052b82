package providers

import (
	"fmt"
	"strings"
)

// chosenElixir takes Elixir by the catalogue, and, where an Erlang is asked for, the Elixir that is built with it: nixpkgs has one for each.
func chosenElixir(app App) (elixirVersion, error) {
	c, err := choose(app, "elixir")
	if err != nil {
		return elixirVersion{}, err
	}
	v := elixirVersion{pkg: c.pkg, why: c.why, archive: c.archive, chosen: []string{c.pkg}, more: c.warnings}
	asked, err := app.asks("erlang")
	if err != nil || len(asked.Asks) == 0 {
		return v, err
	}
	erlang, err := choose(app, "erlang")
	if err != nil {
		return elixirVersion{}, err
	}
	v.more = append(v.more, erlang.warnings...)
	attribute, version, err := erlangOf(app, erlang.version, c.archive)
	switch {
	case err != nil:
		return elixirVersion{}, err
	case attribute == "":
		v.more = append(v.more, fmt.Sprintf("%s asks for Erlang %s, which is not in the archive that has Elixir %s; the Erlang that comes with it is used",
			asked.Asks[0].Place(), asked.Asks[0].Text, c.version))
	default:
		v.pkg = fmt.Sprintf("(beam.packages.%s.%s)", attribute, c.pkg)
		v.why.why += fmt.Sprintf(", on Erlang %s, as %s asks for", version, asked.Asks[0].Place())
		v.chosen = append(v.chosen, attribute)
	}
	return v, nil
}

// erlangOf is the Erlang of a version's line in an archive; "" if that has none.
func erlangOf(app App, version, archive string) (attribute, found string, err error) {
	all, err := app.Versions()
	if err != nil {
		return "", "", err
	}
	known, err := all.Tool("erlang")
	if err != nil {
		return "", "", err
	}
	commit, _, _ := strings.Cut(archive, "#")
	line := known.Line(version).Name
	for _, v := range known.Versions(platforms[app.Arch]) {
		if known.Line(v).Name != line {
			continue
		}
		for _, p := range known.Packages(v) {
			if p.Commit == commit && p.Attribute != "erlang" {
				return p.Attribute, v, nil
			}
		}
	}
	return "", "", nil
}
