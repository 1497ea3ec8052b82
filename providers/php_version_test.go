package providers

import (
	"testing"
)

func TestPHPVersion(t *testing.T) {
	const old, current = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db", "e24b4c09e963677b1beea49d411cd315a024ad3a"
	unknown := func(text string) []string {
		return []string{"composer.json asks for PHP " + text + ", which names none of 7.4, 8.0, 8.1, 8.2, 8.3, 8.4; PHP 8.3 is used"}
	}
	require := func(php string) string { return `{"require": {"php": "` + php + `"}}` }
	for _, tt := range []struct {
		composer, pkg, archive string
		warnings               []string
	}{
		{require("7.4"), "php74", old, nil},
		{require("~8.0"), "php80", old, nil},
		{require(">=8.1"), "php81", current, nil},
		{require("^8.2"), "php", current, nil},
		{require("8.3.*"), "php83", current, nil},
		{require("^8.4"), "php84", current, nil},
		{require("^7.4|^8.0"), "php80", old, nil},
		{require("^8.4 || ^8.2"), "php", current, nil},
		{require("8.1.5"), "php81", current, []string{`composer.json asks for PHP "8.1.5", but patch releases cannot be chosen; the PHP 8.1 at hand is used`}},
		{require("^8"), "php83", current, unknown(`"^8"`)},
		{require("5.6"), "php83", current, unknown(`"5.6"`)},
		{require(""), "php83", current, unknown(`""`)},
		{`{"require": {}}`, "php83", current, []string{"composer.json requires no version of PHP; PHP 8.3 is used"}},
		{`{}`, "php83", current, nil},
		{`{"require": null}`, "php83", current, nil},
		{`{"require": {"php": 8.1}}`, "php83", current, []string{"composer.json does not count: parsing composer.json:1:21: \"require.php\" must be a string, not a number"}},
		{`{"require": {"php": "8.1"},}`, "php83", current, []string{
			"composer.json does not count: parsing composer.json:1:27: invalid character ',' at start of value; " +
				"JSON has no comments, and no comma before a closing bracket",
		}},
		{`{"require": {"php": "8.1"}, "require-dev": []}`, "php81", current, nil},
	} {
		out := mustPlan(t, phpProvider, appOf(t, repo{"composer.json": tt.composer}, nil))
		setup := out.Plan.Phases["setup"]
		if setup.NixPkgs[3] != tt.pkg+"Packages.composer" || *setup.NixpkgsArchive != tt.archive {
			t.Errorf("%s: %s of %s, want %s of %s", tt.composer, setup.NixPkgs, *setup.NixpkgsArchive, tt.pkg, tt.archive)
		}
		diffOf(t, "warnings of "+tt.composer, tt.warnings, out.Warnings)
	}
}

func TestPHPExtensions(t *testing.T) {
	for _, tt := range []struct {
		name, composer string
		pkgs           []string // less those of Node
		libs           []string
	}{
		{
			"are sorted by bytes", `{"require": {"php": "8.2", "ext-redis": "*", "ext-PDO": "*", "ext-gd": "*", "a/ext-x": "*"}, "require-dev": {"ext-no": "*"}}`,
			[]string{
				"(php.withExtensions (pe: pe.enabled ++ [pe.all.PDO pe.all.gd pe.all.redis]))", "nginx", "libmysqlclient",
				"phpPackages.composer", "phpExtensions.PDO", "phpExtensions.gd", "phpExtensions.redis",
			},
			[]string{"phpExtensions.PDO", "phpExtensions.gd", "phpExtensions.redis", "libmysqlclient"},
		},
		{
			"that are part of PHP are left out", `{"require": {"php": "8.1", "ext-json": "*", "ext-zend-opcache": "*"}}`,
			[]string{"(php81.withExtensions (pe: pe.enabled ++ []))", "nginx", "libmysqlclient", "php81Packages.composer"},
			[]string{"libmysqlclient"},
		},
		{
			"are all packages of PHP 7.4", `{"require": {"php": "7.4", "ext-json": "*"}}`,
			[]string{
				"(php74.withExtensions (pe: pe.enabled ++ [pe.all.json]))", "nginx", "libmysqlclient",
				"php74Packages.composer", "php74Extensions.json",
			},
			[]string{"php74Extensions.json", "libmysqlclient"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, phpProvider, appOf(t, repo{"composer.json": tt.composer}, nil))
			pkgs := out.Plan.Phases["setup"].NixPkgs
			diffOf(t, "packages", tt.pkgs, append(pkgs[:4:4], pkgs[6:]...))
			diffOf(t, "libraries", tt.libs, out.Plan.Phases["setup"].NixLibs)
		})
	}
}

func TestPHPExtensionsCannotAddToTheNixExpression(t *testing.T) {
	for _, name := range []string{"ext-", "ext-a b", "ext-x])) evil", "ext-${x}", "ext-1", "ext-a.b"} {
		_, err := phpProvider.Plan(appOf(t, repo{"composer.json": "{\"require\": {\n\"" + name + "\": \"*\"}}"}, nil))
		wantSourceError(t, err, "composer.json")
		want := `reading composer.json:2: require has "` + name + `", which is not an extension's name; such a name looks like "ext-pdo_mysql"`
		if err != nil && err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestPHPWantsALockfile(t *testing.T) {
	missing := []string{"there is no composer.lock, so each build may install other versions; commit one"}
	for _, tt := range []struct {
		files repo
		want  []string
	}{
		{repo{"composer.json": `{"require": {"php": "8.2", "a/b": "^1"}}`}, missing},
		{repo{"composer.json": `{"require-dev": {"a/b": "^1"}}`}, missing},
		{repo{"composer.json": `{"require": {"php": "8.2", "ext-gd": "*"}}`}, nil},
		{repo{"composer.json": `{"require": {"php": "8.2", "a/b": "^1"}}`, "composer.lock": "{}"}, nil},
	} {
		diffOf(t, "warnings", tt.want, mustPlan(t, phpProvider, appOf(t, tt.files, nil)).Warnings)
	}
}

func TestPHPVersionOfTheNewestEdition(t *testing.T) {
	const none = "no version is asked for, which gives 8.5.11"
	composer := func(text string) repo { return repo{"composer.json": text, "composer.lock": "{}"} }
	for _, tt := range []struct {
		files    repo
		pkg, why string
		warnings []string
	}{
		{composer(`{}`), "php85", none, nil},
		{composer(`{"require": {"php": ">=7.4 <8.3"}}`), "php82", `require.php is ">=7.4 <8.3", which gives 8.2.34`, nil},
		{composer(`{"require": {"php": "^8.2"}}`), "php85", `require.php is "^8.2", which gives 8.5.11`, nil},
		{composer(`{"require": {"php": "^8.2"}, "config": {"platform": {"php": "8.3.1"}}}`), "php83",
			`config.platform.php is "8.3.1", which gives 8.3.35; it goes before composer.json (require.php), "^8.2"`, nil},
		{repo{"composer.json": "{}", "composer.lock": `{"packages": [{"name": "a/b", "version": "1", "require": {"php": "<8.5"}}]}`}, "php84",
			"no version is asked for, which gives 8.4.26", nil},
		{composer(`{"require": {"php": "8.1.*"}}`), "php81", `require.php is "8.1.*", which gives 8.1.33`,
			[]string{"php 8.1 ended on 2025-12-31 and gets no fixes; the newest that is advised is 8.5.11"}},
	} {
		out := mustPlan(t, phpProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		if setup.NixPkgs[3] != tt.pkg+"Packages.composer" {
			t.Errorf("%v: %s, want %s", tt.files, setup.NixPkgs, tt.pkg)
		}
		diffOf(t, "warnings", tt.warnings, out.Warnings)
		diffOf(t, "reason", tt.why, whyOf(out, "setup", "nix", setup.NixPkgs[0]))
		diffOf(t, "Node", []string{"node@26.7.0"}, out.Plan.Phases["node:setup"].ReleaseNames())
		diffOf(t, "what the install waits for", []string{"setup", "node:setup"}, out.Plan.Phases["install"].DependsOn)
	}
}

// whyOf is why an output has a fact.
func whyOf(out Output, phase, field, value string) string {
	return causeOf(out, phase, field, value).why
}

// causeOf is why a fact of an output is as it is, with its place.
func causeOf(out Output, phase, field, value string) cause {
	for _, wanted := range []string{value, ""} {
		for _, r := range out.Reasons {
			if r.Fact.Phase == phase && r.Fact.Field == field && r.Fact.Value == wanted {
				return cause{r.File, r.Line, r.Why}
			}
		}
	}
	return cause{}
}
