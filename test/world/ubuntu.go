package world

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// ubuntuNames are the libraries that plans install by the names that Ubuntu 24.04 gives them, and the packages of Debian that have them.
var ubuntuNames = map[string]string{
	"libasound2t64":            "libasound2",
	"libatk-bridge2.0-0t64":    "libatk-bridge2.0-0",
	"libatk1.0-0t64":           "libatk1.0-0",
	"libatspi2.0-0t64":         "libatspi2.0-0",
	"libcups2t64":              "libcups2",
	"libcurl4t64":              "libcurl4",
	"libgdal34t64":             "libgdal32",
	"libglib2.0-0t64":          "libglib2.0-0",
	"libicu74":                 "libicu72",
	"libldap2":                 "libldap-2.5-0",
	"libmagic1t64":             "libmagic1",
	"libmagickwand-6.q16-7t64": "libmagickwand-6.q16-6",
	"libmysqlclient21":         "libmariadb3",
	"libssl3t64":               "libssl3",
	"libvips42t64":             "libvips42",
	"libxmlsec1t64-openssl":    "libxmlsec1-openssl",
	"libzbar0t64":              "libzbar0",
}

// ubuntuHook gives an image an archive of packages with those names, each of which depends on the package of Debian.
func ubuntuHook() string {
	var b strings.Builder
	b.WriteString(`set -e
dir=$1/usr/share/ubuntu-names
mkdir -p "$dir" "$1/etc/apt/sources.list.d"
echo 'deb [trusted=yes] file:/usr/share/ubuntu-names ./' >"$1/etc/apt/sources.list.d/ubuntu-names.list"
name() {
  mkdir -p "$dir/$1/DEBIAN"
  printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: npx-action\nDepends: %s\nDescription: %s by its name in Ubuntu\n' "$1" "$2" "$2" >"$dir/$1/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$dir/$1" "$dir/$1.deb" >/dev/null
  cat "$dir/$1/DEBIAN/control" >>"$dir/Packages"
  printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' "$1" "$(stat -c %s "$dir/$1.deb")" "$(sha256sum <"$dir/$1.deb" | cut -d' ' -f1)" >>"$dir/Packages"
  rm -r "$dir/$1"
}
`)
	for ubuntu, debian := range plan.Sorted(ubuntuNames) {
		fmt.Fprintf(&b, "name %s %s\n", ubuntu, debian)
	}
	return b.String()
}
