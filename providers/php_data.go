package providers

import "embed"

// A phpRelease is a PHP that a nixpkgs archive has (nixpacks-1.39.md 3.15).
type phpRelease struct{ version, pkg, archive string }

const (
	phpArchive    = "e24b4c09e963677b1beea49d411cd315a024ad3a"
	phpOldArchive = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"
)

// phpReleases are in the order in which the required version is searched for them.
var phpReleases = []phpRelease{
	{"8.0", "php80", phpOldArchive},
	{"8.1", "php81", phpArchive},
	{"8.2", "php", phpArchive},
	phpDefault,
	{"8.4", "php84", phpArchive},
	{phpLastWithJSON, "php74", phpOldArchive},
}

// phpNodes are the majors of Node that an archive has.
var phpNodes = map[string][]uint64{
	phpArchive:    {18, 20, 22},
	phpOldArchive: {16, 18, 20},
}

// phpDefault is used if none of the releases is asked for.
var phpDefault = phpRelease{"8.3", "php83", phpArchive}

// phpLastWithJSON is the release that gets even the extensions in [phpBuiltin] by name.
const phpLastWithJSON = "7.4"

// phpBuiltin are extensions that later releases always have and Nix has no package for.
var phpBuiltin = []string{"json", "zend-opcache"}

const (
	phpPort      = "80"
	phpHighPort  = "8080" // for a user who may not bind a lower one
	laravelFile  = "artisan"
	laravelRoot  = "/app/public"
	phpRoot      = "NIXPACKS_PHP_ROOT_DIR"
	phpFallback  = "NIXPACKS_PHP_FALLBACK_PATH"
	phpMakeDirs  = "mkdir -p /var/log/nginx && mkdir -p /var/cache/nginx"
	phpComposer  = "composer install --ignore-platform-reqs"
	phpNginxConf = "nginx.conf"
	phpTemplate  = "nginx.template.conf"
)

// The start commands: with the app's own nginx.conf, and with a template, whose directory is missing, that a
// script completes.
const (
	phpStart         = "php-fpm -y /assets/php-fpm.conf & nginx -c /app/nginx.conf"
	phpStartTemplate = "node /assets/scripts/prestart.mjs %s/" + phpTemplate + " /nginx.conf && " +
		"(php-fpm -y /assets/php-fpm.conf & nginx -c /nginx.conf)"
	phpStartUnprivileged = "node /assets/scripts/prestart.mjs /assets/" + phpTemplate + " /tmp/nginx.conf && " +
		"(php-fpm -O -y /assets/php-fpm.conf & nginx -e stderr -c /tmp/nginx.conf)"
)

//go:embed assets/php
var phpAssetFiles embed.FS

// phpAssets are the names of the static assets, relative to assets/php. Some are in its folder unprivileged too, for a start without root.
var phpAssets = []string{
	phpTemplate,
	"php-fpm.conf",
	"scripts/config/template.mjs",
	"scripts/prestart.mjs",
	"scripts/util/cmd.mjs",
	"scripts/util/laravel.mjs",
	"scripts/util/logger.mjs",
	"scripts/util/nix.mjs",
}

// phpRuntime is PHP.
var phpRuntime = Runtime{
	Name:     "PHP",
	Packages: patterns(`^\(php(\d)(\d)\.withExtensions `),
	Releases: []Release{
		{"7.4", "2022-11-28", []string{"php74"}},
		{"8.0", "2023-11-26", []string{"php80"}},
		{"8.1", "2025-12-31", []string{"php81"}},
		{"8.2", "2026-12-31", []string{"php82", "php@e24b4c09e963677b1beea49d411cd315a024ad3a"}},
	},
}
