package providers

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/org/npx-action/internal/ranges"
)

// opensslSince is the first Node with OpenSSL 3, which refuses the hash MD4 unless it is told otherwise.
const opensslSince = "17"

// opensslLegacy tells it, in a build phase.
const opensslLegacy = `export NODE_OPTIONS="--openssl-legacy-provider $NODE_OPTIONS" && `

// oldHashers are packages whose builds hash by MD4, with the versions that do so. Next.js has a webpack of its own in it.
var oldHashers = []struct{ name, versions, better string }{
	{"webpack", "<4.47.0 || >=5.0.0 <5.54.0", "4.47 or 5.54"},
	{"next", "<12.0.0", "12"},
}

// webpackBuilders are packages whose programs build by webpack, which other packages may bring for themselves.
var webpackBuilders = []string{
	"@angular-devkit/build-angular", "@craco/craco", "@quasar/app", "@rails/webpacker", "@symfony/webpack-encore", "@vue/cli-service", "@wordpress/scripts",
	"gatsby", "laravel-mix", "next", "nuxt", "preact-cli", "razzle", "react-app-rewired", "react-scripts", "umi", "webpack", "webpack-cli",
}

// allowOldHashes lets a build run for which the Node that is given has a too new OpenSSL.
func (n *nodeApp) allowOldHashes(c *nodeCommands) {
	if n.chosen == nil || n.chosen.tool != "node" || ranges.Compare(n.chosen.version, opensslSince) < 0 || c.build == "" {
		return
	}
	if !slices.ContainsFunc(webpackBuilders, n.root().lists) && len(stringListOf(n.pkg.Workspaces)) == 0 {
		return
	}
	lockfile := n.lockfile()
	text, err := n.Tree.Read(lockfile)
	if lockfile == "" || err != nil {
		return // without a lockfile the newest are installed
	}
	for _, p := range oldHashers {
		r, err := ranges.NPM(p.versions)
		if err != nil {
			continue
		}
		for _, version := range lockedVersions(text, p.name) {
			if r.Allows(version) {
				c.build = opensslLegacy + c.build
				n.warn("%s has %s %s, whose build needs what Node %s refuses by itself, so that OpenSSL is told to allow it; take %[2]s %[5]s",
					lockfile, p.name, version, n.chosen.version, p.better)
				return
			}
		}
	}
}

// lockedVersions are the versions of a package in the text of a lockfile of npm, Yarn or pnpm.
func lockedVersions(text, name string) []string {
	if installed := npmInstalledIn(text); installed != nil {
		if p, ok := installed(name); ok {
			return []string{p.Version}
		}
		return nil
	}
	name = regexp.QuoteMeta(name)
	entry := regexp.MustCompile(fmt.Sprintf(`(?m)^"?%[1]s@[^\n]*:\n  version:? "?([0-9][^"\n]*)|^  '?/?%[1]s[@/]([0-9][0-9A-Za-z.-]*)`, name))
	var versions []string
	for _, m := range entry.FindAllStringSubmatch(text, -1) {
		versions = append(versions, m[1]+m[2])
	}
	return versions
}
