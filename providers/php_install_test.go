package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestPHPInstallFiles(t *testing.T) {
	const fine = `{
		"name": "a/b", "require": {"php": "8.2", "c/d": "^1"}, "autoload": {"psr-4": {"App\\": "src/"}},
		"scripts": {"test": "phpunit"},
		"config": {"sort-packages": true, "optimize-autoloader": false, "allow-plugins": {"x/y": false}},
		"repositories": [{"type": "vcs", "url": "git@github.com:a/b.git"}, {"packagist.org": false}]
	}`
	testInstallFiles(t, phpProvider, []installCase{
		{name: "nothing to install", files: repo{"index.php": ""}},
		{
			name:  "Composer's files",
			files: repo{"composer.json": fine, "composer.lock": `{"packages": [{"name": "c/d", "dist": {"url": "https://a.example/z.zip"}, "source": null}]}`, "auth.json": "{}", "src/A.php": ""},
			want:  []string{"auth.json", "composer.json", "composer.lock"},
		},
		{
			name:  "those of Node too",
			files: repo{"composer.json": fine, "package.json": "{}", "package-lock.json": "{}", ".npmrc": ""},
			want:  []string{".npmrc", "composer.json", "package-lock.json", "package.json"},
		},
		{
			name: "those of Node alone", files: repo{"index.php": "", "package.json": "{}", "composer.lock": "{}"},
			want: []string{"package.json"},
		},
		{
			name:  "repositories by name, plugins off, harmless variables",
			files: repo{"composer.json": `{"repositories": {"a": {"type": "composer", "url": "https://a.example"}, "b": false}, "config": {"allow-plugins": false}}`},
			vars:  plan.Vars{"COMPOSER_NO_DEV": "1", "COMPOSER_AUTH": "{}"},
			want:  []string{"composer.json"},
		},
	})
}

func TestPHPInstallMayReadAnything(t *testing.T) {
	const lies = "composer.json has repositories that may lie in the app"
	composer := func(text string) repo { return repo{"composer.json": text} }
	lock := func(text string) repo { return repo{"composer.json": "{}", "composer.lock": text} }
	testInstallFiles(t, phpProvider, []installCase{
		{name: "script", files: composer(`{"scripts": {"post-autoload-dump": ["x"]}}`), blocker: "composer.json has a post-autoload-dump script"},
		{name: "classmap", files: composer(`{"autoload": {"classmap": ["src"]}}`), blocker: "composer.json has a classmap, so the install reads the sources"},
		{name: "classmap of tests", files: composer(`{"autoload-dev": {"classmap": ["t"]}}`), blocker: "composer.json has a classmap, so the install reads the sources"},
		{name: "optimised autoloader", files: composer(`{"config": {"optimize-autoloader": true}}`), blocker: "composer.json has optimize-autoloader, so the install reads the sources"},
		{name: "plugin", files: composer(`{"config": {"allow-plugins": {"a/b": false, "symfony/flex": true}}}`), blocker: "composer.json lets symfony/flex run as a plugin of Composer"},
		{name: "all plugins", files: composer(`{"config": {"allow-plugins": true}}`), blocker: "composer.json lets every package run as a plugin of Composer"},
		{name: "other setting", files: composer(`{"config": {"vendor-dir": "lib"}}`), blocker: `composer.json has the setting "vendor-dir", which may read files`},
		{name: "other key", files: composer(`{"include-path": ["lib"]}`), blocker: `composer.json has the key "include-path", which may read files`},
		{name: "path repository", files: composer(`{"repositories": [{"type": "path", "url": "../x"}]}`), blocker: lies},
		{name: "package repository", files: composer(`{"repositories": [{"type": "package", "package": {}}]}`), blocker: lies},
		{name: "local address", files: composer(`{"repositories": {"a": {"type": "vcs", "url": "./x"}}}`), blocker: lies},
		{name: "no repository", files: composer(`{"repositories": [{}]}`), blocker: lies},
		{name: "no list of repositories", files: composer(`{"repositories": "x"}`), blocker: lies},
		{name: "locked path", files: lock(`{"packages-dev": [{"name": "a/b", "dist": {"type": "path", "url": "../b"}}]}`), blocker: "composer.lock has a/b from a path"},
		{name: "locked local address", files: lock(`{"packages": [{"name": "a/b", "source": {"type": "git", "url": "/srv/b"}}]}`), blocker: "composer.lock has a/b from a path"},
		{name: "broken lock", files: lock("{\n<<<<"), blocker: "composer.lock line 2 is not understood"},
		{name: "broken manifest", files: composer("{"), blocker: "composer.json line 1 is not understood"},
		{name: "manifest of another shape", files: composer("{\n\"scripts\": []}"), blocker: "composer.json line 2 is not understood"},
		{name: "vendor", files: repo{"composer.json": "{}", "vendor/autoload.php": ""}, blocker: "the app brings vendor/ along"},
		{name: "variable", files: composer("{}"), vars: plan.Vars{"COMPOSER": "other.json"}, blocker: "the variable COMPOSER may change what the install reads"},
		{name: "variable of PHP", files: composer("{}"), vars: plan.Vars{"PHPRC": "/app"}, blocker: "the variable PHPRC may change what the install reads"},
		{name: "Node", files: repo{"composer.json": "{}", "package.json": `{"scripts": {"postinstall": "x"}}`}, blocker: "package.json has a postinstall script"},
	})
}

func TestPHPInstallFilesNeedAReadablePackage(t *testing.T) {
	_, _, err := phpInstallFiles(appOf(t, repo{"package.json": "{"}, nil))
	wantSourceError(t, err, "package.json")
}
