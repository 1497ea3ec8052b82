package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// phpAlways are extensions that are in every PHP of nixpkgs and have no package there.
var phpAlways = []string{"core", "date", "hash", "libxml", "pcre", "random", "reflection", "spl", "standard"}

// phpOpcache is the extension that is a part of PHP from 8.5 on, and has no package since.
const phpOpcache = "opcache"

// phpPackaged are the extensions that packages of Composer need, that nixpkgs has, and that its PHP has not by itself.
var phpPackaged = strings.Fields(`
	amqp apcu bz2 ds event ffi gnupg grpc igbinary imagick mailparse maxminddb memcached mongodb msgpack openswoole opentelemetry pcov pdo_dblib
	pdo_sqlsrv protobuf rdkafka redis relay shmop snmp sqlsrv ssh2 swoole sysvmsg sysvshm tidy uuid uv xsl yaml zstd`)

// findExtensions adds the extensions that the locked packages need, and leaves out extensions that need no package. Their names are names of
// nixpkgs, which has them in small letters.
func (p *phpApp) findExtensions() {
	p.locked = map[string]string{}
	var names []string
	add := func(name string, sure bool) bool {
		name = strings.TrimPrefix(strings.ToLower(name), "zend-")
		known := slices.Contains(phpPackaged, name)
		if slices.Contains(phpAlways, name) || name == phpOpcache && p.release.version >= "8.5" || !known && !sure {
			return false
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
			return true
		}
		return false
	}
	for _, name := range p.extensions {
		add(name, true)
	}
	var lock struct {
		Packages []struct {
			Name    string `json:"name"`
			Require any    `json:"require"`
		} `json:"packages"`
	}
	if !p.Tree.HasFile("composer.lock") || p.Tree.JSON("composer.lock", &lock) != nil {
		p.extensions = names
		return
	}
	for _, pkg := range lock.Packages {
		require, _ := pkg.Require.(map[string]any)
		for key := range plan.Sorted(require) {
			name, ok := strings.CutPrefix(key, phpExtension)
			if ok && add(name, false) {
				p.locked[strings.ToLower(name)] = pkg.Name
			}
		}
	}
	slices.Sort(names)
	p.extensions = names
}

// extensionWhy is what asks for an extension.
func (p *phpApp) extensionWhy(name string) cause {
	if pkg, ok := p.locked[name]; ok {
		return byLine(p.App, "composer.lock", `"`+phpExtension+name+`"`, fmt.Sprintf("%.80s needs it", pkg))
	}
	for key, text := range plan.Sorted(p.manifest.Require) {
		if strings.TrimPrefix(strings.ToLower(strings.TrimPrefix(key, phpExtension)), "zend-") == name && strings.HasPrefix(key, phpExtension) {
			return byKey(p.App, "composer.json", text, "require", key)
		}
	}
	key := phpExtension + name
	return byKey(p.App, "composer.json", p.manifest.Require[key], "require", key)
}
