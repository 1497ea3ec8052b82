package providers

// composerInstallNames are files in the root that Composer reads.
var composerInstallNames = []string{"auth.json", "composer.json", "composer.lock"}

// composerEvents are the scripts that an install may run.
var composerEvents = map[string]bool{
	"command": true, "init": true,
	"pre-install-cmd": true, "post-install-cmd": true, "pre-update-cmd": true, "post-update-cmd": true,
	"pre-autoload-dump": true, "post-autoload-dump": true, "pre-status-cmd": true, "post-status-cmd": true,
	"post-root-package-install": true, "post-create-project-cmd": true,
	"pre-dependencies-solving": true, "post-dependencies-solving": true, "pre-operations-exec": true,
	"pre-package-install": true, "post-package-install": true,
	"pre-package-update": true, "post-package-update": true,
	"pre-package-uninstall": true, "post-package-uninstall": true,
	"pre-command-run": true, "pre-file-download": true, "post-file-download": true, "pre-pool-create": true,
}

// composerKeys are the keys of composer.json that have an install read no other file. Options that are judged
// in code are among them.
var composerKeys = map[string]bool{
	"name": true, "description": true, "version": true, "type": true, "keywords": true, "homepage": true,
	"readme": true, "time": true, "license": true, "authors": true, "support": true, "funding": true,
	"require": true, "require-dev": true, "conflict": true, "replace": true, "provide": true, "suggest": true,
	"autoload": true, "autoload-dev": true, "minimum-stability": true, "prefer-stable": true,
	"repositories": true, "config": true, "scripts": true, "scripts-descriptions": true, "scripts-aliases": true,
	"extra": true, "bin": true, "archive": true, "abandoned": true, "_comment": true, "non-feature-branches": true,
	"default-branch": true, "$schema": true, "php-ext": true,
}

// composerSettings are the keys of composer.json's config that have an install read no other file.
var composerSettings = map[string]bool{
	"allow-plugins": true, "allow-missing-requirements": true, "apcu-autoloader": true, "audit": true,
	"autoloader-suffix": true, "bearer": true, "bitbucket-oauth": true, "bump-after-update": true,
	"discard-changes": true, "disable-tls": true, "github-domains": true, "github-expose-hostname": true,
	"github-oauth": true, "github-protocols": true, "gitlab-domains": true, "gitlab-oauth": true,
	"gitlab-protocol": true, "gitlab-token": true, "htaccess-protect": true, "http-basic": true, "lock": true,
	"notify-on-install": true, "platform": true, "platform-check": true, "preferred-install": true,
	"prepend-autoloader": true, "process-timeout": true, "secure-http": true, "sort-packages": true,
	"store-auths": true, "update-with-minimal-changes": true, "use-github-api": true, "use-parent-dir": true,
}

// composerScans are settings whose value true has the autoloader made from all sources.
var composerScans = map[string]bool{"optimize-autoloader": true, "classmap-authoritative": true}

// composerVariables are the variables of Composer that have it read no other file.
var composerVariables = map[string]bool{
	"COMPOSER_ALLOW_SUPERUSER": true, "COMPOSER_ALLOW_XDEBUG": true, "COMPOSER_AUDIT_ABANDONED": true,
	"COMPOSER_AUTH": true, "COMPOSER_DISABLE_XDEBUG_WARN": true, "COMPOSER_DISCARD_CHANGES": true,
	"COMPOSER_FUND": true, "COMPOSER_HTACCESS_PROTECT": true, "COMPOSER_IPRESOLVE": true,
	"COMPOSER_MAX_PARALLEL_HTTP": true, "COMPOSER_MEMORY_LIMIT": true, "COMPOSER_NO_AUDIT": true,
	"COMPOSER_NO_DEV": true, "COMPOSER_NO_INTERACTION": true, "COMPOSER_PREFER_LOWEST": true,
	"COMPOSER_PREFER_STABLE": true, "COMPOSER_PROCESS_TIMEOUT": true, "COMPOSER_ROOT_VERSION": true,
}

// phpFileVariables make PHP itself read other settings.
var phpFileVariables = []string{"PHPRC", "PHP_INI_SCAN_DIR"}
