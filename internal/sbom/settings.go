package sbom

import (
	"path"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// settings are the files that tell package managers, and the scripts that fetch one, where to download from. The addresses in them are for that.
var settings = []struct{ name, ecosystem string }{
	{".npmrc", packageurl.TypeNPM},
	{".yarnrc", packageurl.TypeNPM},
	{".yarnrc.yml", packageurl.TypeNPM},
	{"bunfig.toml", packageurl.TypeNPM},
	{"pip.conf", packageurl.TypePyPi},
	{"uv.toml", packageurl.TypePyPi},
	{".cargo/config.toml", packageurl.TypeCargo},
	{".cargo/config", packageurl.TypeCargo},
	{".bundle/config", packageurl.TypeGem},
	{"Gemfile", packageurl.TypeGem},
	{"NuGet.Config", packageurl.TypeNuget},
	{"NuGet.config", packageurl.TypeNuget},
	{"nuget.config", packageurl.TypeNuget},
	{"gradle/wrapper/gradle-wrapper.properties", packageurl.TypeMaven},
	{".mvn/wrapper/maven-wrapper.properties", packageurl.TypeMaven},
}

var (
	// written is an address in a text; files of properties escape the colon.
	written = lazyregexp.New(`(?i)[a-z][a-z0-9+.-]*\\?:[/\\]{1,}[^\s"'<>,;)\]]+`)
	// remark is a line that says nothing.
	remark = lazyregexp.New(`^\s*(?:[#;]|//\s|<!--)`)
)

// set are the places that the settings of a tree name: in its root, and beside the lockfiles that are named. A file that cannot be read has its
// error where it is needed.
func set(t *source.Tree, locks []string) (list []Package) {
	if t == nil {
		return nil
	}
	dirs := []string{"."}
	for _, lock := range locks {
		dirs = append(dirs, path.Dir(lock))
	}
	for _, dir := range sortedOnce(dirs) {
		for _, s := range settings {
			name := path.Join(dir, s.name)
			if !t.HasFile(name) {
				continue
			}
			text, err := t.Read(name)
			if err != nil {
				continue
			}
			var addresses []string
			for line := range strings.Lines(text) {
				if !remark.MatchString(line) {
					addresses = append(addresses, written.FindAllString(strings.ReplaceAll(line, `\:`, ":"), -1)...)
				}
			}
			p := at(s.ecosystem, slices.Compact(addresses)...)
			p.from = name
			list = append(list, p)
		}
	}
	return list
}
