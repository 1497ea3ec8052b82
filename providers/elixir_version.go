package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// elixirArchive has all of elixirMinors.
const elixirArchive = "c5702bd28cbde41a191a9c2a00501f18941efbd0"

// elixirMinors are the releases 1.x that have a package of their own; for every other there is the archive's default.
var elixirMinors = []string{"9", "10", "11", "12", "13", "14", "15", "16", "17"}

const (
	elixirDefault     = "elixir"
	elixirVariable    = "ELIXIR_VERSION"
	elixirVersionFile = ".elixir-version"
)

var (
	// mixVersion takes the digits after the last blank or ">" of a line: of several bounds the last.
	mixVersion = lazyregexp.New(`(elixir:\s.*[> ])([0-9|.]*)`)
	// mixRequirement finds what Nixpacks does not: a version without a blank before it.
	mixRequirement = lazyregexp.New(`elixir:\s*"([^"\n]*)"`)
	// mixDependency is the beginning of an entry of deps.
	mixDependency = lazyregexp.New(`\{\s*:\w+\s*,\s*["~\[a-z]`)
)

// An elixirVersion is the package that an app gets.
type elixirVersion struct {
	pkg     string
	why     cause
	warning string // "" if it is what the app asks for

	// In editions after 1.39:
	archive string
	chosen  []string // as in [Output]
	more    []string // warnings
}

// chooseElixir looks where Nixpacks looks, in its order.
func chooseElixir(app App, mix string) (elixirVersion, error) {
	if app.choosesVersions() {
		return chosenElixir(app)
	}
	if text, ok := app.Vars.Config(elixirVariable); ok {
		return elixirOf(text, "NIXPACKS_"+elixirVariable, byVariable(app, elixirVariable)), nil
	}
	if app.Tree.HasFile(elixirVersionFile) {
		text, err := app.Tree.Read(elixirVersionFile)
		if err != nil {
			return elixirVersion{}, err
		}
		text = strings.TrimSpace(text)
		return elixirOf(text, elixirVersionFile, byFile(elixirVersionFile, fmt.Sprintf("the file says %.60q", text))), nil
	}
	return elixirOfMix(app, mix), nil
}

// elixirOfMix reads the requirement in mix.exs as Nixpacks does, and says where that is not what it means.
func elixirOfMix(app App, mix string) elixirVersion {
	requirement := ""
	if m := mixRequirement.FindStringSubmatch(mix); m != nil {
		requirement = m[1]
	}
	m := mixVersion.FindStringSubmatch(mix)
	if m == nil || m[2] == "" {
		version := elixirVersion{pkg: elixirDefault, why: byDefault("no version is asked for")}
		if requirement != "" {
			version.why = byLine(app, mixFile, requirement, fmt.Sprintf("elixir is %.60q, which is not understood in this form", requirement))
			version.warning = fmt.Sprintf("%s asks for Elixir %.60q, which is not understood in this form; the default version is used", mixFile, requirement)
		}
		return version
	}
	version := elixirOf(m[2], mixFile, byLine(app, mixFile, m[0], fmt.Sprintf("elixir is %.60q", cmp.Or(requirement, m[2]))))
	if bound := strings.TrimSpace(m[1]); version.warning == "" && strings.HasSuffix(bound, "<") {
		version.warning = fmt.Sprintf("%s asks for an Elixir below %s, but %s is used", mixFile, m[2], version.pkg)
	}
	return version
}

// elixirOf returns the package for the text of a version.
func elixirOf(text, who string, why cause) elixirVersion {
	major, minor, _ := majorMinor(text)
	if major == "1" && slices.Contains(elixirMinors, minor) {
		return elixirVersion{pkg: "elixir_1_" + minor, why: why}
	}
	return elixirVersion{pkg: elixirDefault, why: why, warning: fmt.Sprintf(
		"%s asks for Elixir %.60q, which is none of the known releases (1.%s to 1.%s); the default version is used",
		who, strings.TrimSpace(text), elixirMinors[0], elixirMinors[len(elixirMinors)-1])}
}
