package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectPHP(t *testing.T) {
	testDetect(t, phpProvider, []detection{
		{repo{"composer.json": ""}, "composer.json"},
		{repo{"index.php": ""}, "index.php"},
		{repo{"composer.json": "", "index.php": ""}, "composer.json"},
		{repo{"public/index.php": ""}, ""},
		{repo{"package.json": "{}"}, ""},
	})
}

func TestPHPPlan(t *testing.T) {
	out := mustPlan(t, phpProvider, appOf(t, repo{"index.php": ""}, nil))
	for _, name := range phpAssets {
		if !strings.HasSuffix(out.Plan.StaticAssets[name], "\n") {
			t.Errorf("the asset %s is %q", name, out.Plan.StaticAssets[name])
		}
	}
	if got := len(out.Plan.StaticAssets); got != 8 {
		t.Errorf("there are %d assets, want 8", got)
	}
	out.Plan.StaticAssets, out.Reasons = nil, nil
	diffOf(t, "output", Output{Plan: plan.Plan{
		Variables: map[string]string{"PORT": "80"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs: []string{
					"(php83.withExtensions (pe: pe.enabled ++ []))", "nginx", "libmysqlclient", "php83Packages.composer",
					"nodejs_18", "npm-9_x",
				},
				NixLibs:        []string{"libmysqlclient"},
				NixOverlays:    []string{"https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"},
				NixpkgsArchive: new("e24b4c09e963677b1beea49d411cd315a024ad3a"),
			},
			"install": {
				DependsOn: []string{"setup"},
				Cmds:      []string{"mkdir -p /var/log/nginx && mkdir -p /var/cache/nginx"},
			},
		},
		Start: &plan.Start{Cmd: new("node /assets/scripts/prestart.mjs /assets/nginx.template.conf /nginx.conf && " +
			"(php-fpm -y /assets/php-fpm.conf & nginx -c /nginx.conf)")},
	}}, out)
}

func TestPHPVariables(t *testing.T) {
	out := mustPlan(t, phpProvider, appOf(t, repo{"composer.json": "{}", "artisan": ""}, nil))
	diffOf(t, "variables of Laravel", map[string]string{
		"PORT": "80", "IS_LARAVEL": "yes", "NIXPACKS_PHP_ROOT_DIR": "/app/public",
	}, out.Plan.Variables)
}

func TestPHPCommands(t *testing.T) {
	const dirs = "mkdir -p /var/log/nginx && mkdir -p /var/cache/nginx"
	for _, tt := range []struct {
		name    string
		files   repo
		install []string
		build   []string
	}{
		{"Composer", repo{"composer.json": "{}"}, []string{dirs, "composer install --ignore-platform-reqs"}, nil},
		{"a package without a script", repo{"index.php": "", "package.json": "{}"}, []string{dirs, "npm i"}, nil},
		{
			"the script prod", repo{"index.php": "", "package.json": `{"scripts": {"prod": "a", "build": "b"}}`},
			[]string{dirs, "npm i"}, []string{"npm run prod"},
		},
		{
			"the script build", repo{
				"composer.json": "{}", "package.json": `{"scripts": {"build": "b"}}`, "yarn.lock": "",
			},
			[]string{dirs, "composer install --ignore-platform-reqs", "yarn install --frozen-lockfile"},
			[]string{"yarn run build"},
		},
		{
			"packageManager without Corepack", repo{"index.php": "", "package.json": `{"packageManager": "pnpm@9.1.0"}`},
			[]string{dirs, "pnpm i --frozen-lockfile"}, nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, phpProvider, appOf(t, tt.files, nil))
			diffOf(t, "install", tt.install, out.Plan.Phases["install"].Cmds)
			build, ok := out.Plan.Phases["build"]
			diffOf(t, "build", tt.build, build.Cmds)
			if ok != (tt.build != nil) {
				t.Errorf("build phase %v", build)
			}
		})
	}
}

func TestPHPStart(t *testing.T) {
	const script = "node /assets/scripts/prestart.mjs "
	const servers = " /nginx.conf && (php-fpm -y /assets/php-fpm.conf & nginx -c /nginx.conf)"
	for _, tt := range []struct {
		files repo
		want  string
		why   string
	}{
		{repo{}, script + "/assets/nginx.template.conf" + servers, "there is no nginx.conf and no nginx.template.conf"},
		{repo{"nginx.template.conf": ""}, script + "/app/nginx.template.conf" + servers, "it is the configuration of nginx"},
		{
			repo{"nginx.template.conf": "", "nginx.conf": ""},
			"php-fpm -y /assets/php-fpm.conf & nginx -c /app/nginx.conf", "it is the configuration of nginx",
		},
	} {
		tt.files["index.php"] = ""
		out := mustPlan(t, phpProvider, appOf(t, tt.files, nil))
		if got := *out.Plan.Start.Cmd; got != tt.want {
			t.Errorf("start of %v:\n%s\nwant\n%s", tt.files, got, tt.want)
		}
		i := slices.IndexFunc(out.Reasons, func(r Reason) bool { return r.Fact.Phase == "start" })
		if i < 0 || out.Reasons[i].Why != tt.why {
			t.Errorf("reasons of %v: %+v, want %q", tt.files, out.Reasons, tt.why)
		}
	}
}

func TestPHPTakesWarningsOfNode(t *testing.T) {
	out := mustPlan(t, phpProvider, appOf(t, repo{"index.php": "", "package.json": `{"engines": {"node": "latest"}}`}, nil))
	diffOf(t, "warnings", []string{`package.json asks for Node "latest", which is not a version range; Node 18 is used`}, out.Warnings)
	if pkgs := out.Plan.Phases["setup"].NixPkgs; pkgs[4] != "nodejs_18" {
		t.Errorf("packages %v", pkgs)
	}
}

func TestPHPArchiveMayLackNode(t *testing.T) {
	missing := func(node, php string) []string {
		return []string{"the app asks for Node " + node + ", which may be missing in the packages that come with PHP " + php}
	}
	for _, tt := range []struct {
		php, node string
		want      []string
	}{
		{"8.0", "22", missing("22", "8.0")},
		{"8.3", "16", missing("16", "8.3")},
		{"8.3", "22", nil},
		{"7.4", "16", nil},
	} {
		out := mustPlan(t, phpProvider, appOf(t, repo{
			"composer.json": `{"require": {"php": "` + tt.php + `"}}`,
			"package.json":  `{"engines": {"node": "` + tt.node + `"}}`,
		}, nil))
		diffOf(t, "warnings of "+tt.php+" with "+tt.node, tt.want, out.Warnings)
	}
}

func TestPHPNeedsAReadablePackage(t *testing.T) {
	_, err := phpProvider.Plan(appOf(t, repo{"index.php": "", "package.json": "{"}, nil))
	wantSourceError(t, err, "package.json")
}

// decides reports whether a reason is about a fact.
func decides(r Reason, f plan.Fact) bool {
	if r.Fact.Value == "" {
		f.Value = ""
	}
	return r.Fact == f
}

func TestPHPReasonsCoverThePlan(t *testing.T) {
	out := mustPlan(t, phpProvider, appOf(t, repo{
		"composer.json": "{\n  \"require\": {\n    \"ext-gd\": \"*\",\n    \"php\": \"^8.2\"\n  }\n}",
		"package.json":  "{\n\"scripts\": {\n\"build\": \"vite build\"}}",
		"artisan":       "",
	}, nil))
	for _, fact := range plan.Facts(out.Plan) {
		i := slices.IndexFunc(out.Reasons, func(r Reason) bool { return decides(r, fact) })
		if i < 0 && fact.Field != "after" {
			t.Errorf("%+v has no reason", fact)
		}
	}
	for _, want := range []Reason{
		{
			Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "(php.withExtensions (pe: pe.enabled ++ [pe.all.gd]))"},
			File: "composer.json", Line: 4, Why: `require.php is "^8.2"`,
		},
		{
			Fact: plan.Fact{Phase: "setup", Field: "nix-lib", Value: "phpExtensions.gd"},
			File: "composer.json", Line: 3, Why: `require.ext-gd is "*"`,
		},
		{
			Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "npm run build"},
			File: "package.json", Line: 3, Why: `scripts.build is "vite build"`,
		},
		{
			Fact: plan.Fact{Field: "variable IS_LARAVEL", Value: "yes"},
			File: "artisan", Why: "Laravel has it",
		},
	} {
		if !slices.Contains(out.Reasons, want) {
			t.Errorf("there is no reason %+v", want)
		}
	}
	facts := plan.Facts(out.Plan)
	for _, r := range out.Reasons {
		if !slices.ContainsFunc(facts, func(f plan.Fact) bool { return decides(r, f) }) {
			t.Errorf("the plan does not say %+v", r.Fact)
		}
	}
}

func TestPHPWithoutRootOwnsWhatItsFrameworkWrites(t *testing.T) {
	laravel := func(database string) repo {
		return repo{"composer.json": "{}", "artisan": "", "public/index.php": "", "config/database.php": "<?php return ['default' => env('DB_CONNECTION', '" + database + "')];"}
	}
	for name, tt := range map[string]struct {
		files repo
		vars  plan.Vars
		root  bool
		want  []string
	}{
		"Laravel":                     {laravel("mysql"), nil, false, []string{"storage", "bootstrap/cache"}},
		"Laravel with SQLite":         {laravel("sqlite"), nil, false, []string{"storage", "bootstrap/cache", "database"}},
		"Laravel, told to take it":    {laravel("mysql"), plan.Vars{"DB_CONNECTION": "sqlite"}, false, []string{"storage", "bootstrap/cache", "database"}},
		"Symfony":                     {repo{"composer.json": "{}", "bin/console": "", "public/index.php": ""}, nil, false, []string{"var"}},
		"a page":                      {repo{"index.php": ""}, nil, false, nil},
		"a configuration of its own":  {repo{"index.php": "", "nginx.conf": ""}, nil, true, nil},
		"a template of its own":       {repo{"index.php": "", "nginx.template.conf": ""}, nil, true, nil},
		"the edition that has root":   {repo{"index.php": ""}, plan.Vars{"NIXPACKS_EDITION": "1.39"}, false, nil},
		"Laravel with its own server": {repo{"composer.json": "{}", "artisan": "", "nginx.conf": ""}, nil, true, nil},
	} {
		app := newest(t, tt.files, tt.vars)
		if tt.vars["NIXPACKS_EDITION"] != "" {
			app = appOf(t, tt.files, tt.vars)
		}
		out := mustPlan(t, phpProvider, app)
		var writable []string
		for _, f := range out.Fixes {
			writable = append(writable, f.Over.Start.Writable...)
		}
		user := out.Plan.Start.User
		if root := user != nil && *user == "root"; root != tt.root || !slices.Equal(writable, tt.want) {
			t.Errorf("%s: root %v, writable %v, want %v", name, root, writable, tt.want)
		}
	}
	app := newest(t, repo{"index.php": ""}, nil)
	app.UserStart = new("./start.sh")
	if user := mustPlan(t, phpProvider, app).Plan.Start.User; user == nil || *user != "root" {
		t.Error("an app with a start of its own does not keep root")
	}
}
