package nix

import (
	"fmt"
	"slices"
	"strings"
)

const github = "https://github.com"

// expression writes the group's Nix code. All names that it binds but pkgs begin with "npx-", so that they hide
// no package of nixpkgs.
//
// Each address is what from makes of it.
func (g group) expression(from func(string) string) string {
	name := g.archive + "-env"
	var b strings.Builder
	fmt.Fprintf(&b, "{ }:\n\nlet\n  pkgs = import (fetchTarball %s) {\n",
		tarball(from(github+"/NixOS/nixpkgs/archive/"+g.archive+".tar.gz"), g.hash))
	list(&b, "    ", "overlays =", overlays(g.overlays, from))
	fmt.Fprint(&b, "  };\nin\nwith pkgs;\n\n")

	paths := sortedSet(g.pkgs)
	if len(g.libs) > 0 {
		g.profile(&b, name)
		paths = slices.Insert(paths, 0, "npx-profile")
	}
	fmt.Fprintf(&b, "buildEnv {\n  name = \"%s\";\n", name)
	list(&b, "  ", "paths =", paths)
	b.WriteString("}\n")
	return b.String()
}

// tarball is what fetchTarball takes: an address, and a hash if one is known.
func tarball(url, hash string) string {
	if hash == "" {
		return `"` + url + `"`
	}
	return fmt.Sprintf(`{ url = "%s"; sha256 = "%s"; }`, url, hash)
}

// profile writes the script that lets programs find the libraries. Login shells source it.
//
// LD_LIBRARY_PATH never gets an empty element: the loader takes one for the current directory.
func (g group) profile(b *strings.Builder, name string) {
	fmt.Fprint(b, "let\n")
	list(b, "  ", "npx-libraries = lib.makeLibraryPath", sortedSet(g.libs))
	fmt.Fprintf(b, "  npx-script = writeText \"%s.sh\" ''\n", name)
	fmt.Fprint(b, "    export LD_LIBRARY_PATH=\"${npx-libraries}''${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\"\n")
	i := slices.IndexFunc(g.libs, func(s string) bool { return strings.Contains(s, "openssl") })
	if i >= 0 {
		fmt.Fprintf(b, "    export OPENSSL_DIR=\"${(%s).dev}\"\n", g.libs[i])
		fmt.Fprintf(b, "    export OPENSSL_LIB_DIR=\"${(%s).out}/lib\"\n", g.libs[i])
	}
	fmt.Fprintf(b, "  '';\n  npx-profile = runCommand \"%s\" { } ''\n", name)
	fmt.Fprintf(b, "    mkdir -p $out/etc/profile.d\n    cp ${npx-script} $out/etc/profile.d/%s.sh\n  '';\nin\n", name)
}

// overlays returns one expression for each overlay, in order and without repetitions.
func overlays(urls []string, from func(string) string) []string {
	var out []string
	for i, u := range urls {
		if !slices.Contains(urls[:i], u) {
			hash := hashOf(u)
			address := strings.TrimSuffix(u, "#"+hash)
			out = append(out, "(import (fetchTarball "+tarball(from(address), hash)+"))")
		}
	}
	return out
}

// list writes a Nix list, one element a line.
func list(b *strings.Builder, indent, before string, elements []string) {
	fmt.Fprintf(b, "%s%s [", indent, before)
	for _, e := range elements {
		fmt.Fprintf(b, "\n%s  %s", indent, e)
	}
	if len(elements) > 0 {
		fmt.Fprint(b, "\n", indent)
	}
	fmt.Fprint(b, "];\n")
}
