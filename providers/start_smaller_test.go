package providers

import (
	"slices"
	"strings"
	"testing"
)

func TestRubyStarts(t *testing.T) {
	const source = "source 'https://gems.example'\n"
	gems := func(names ...string) string {
		text := source
		for _, name := range names {
			text += "gem '" + name + "'\n"
		}
		return text
	}
	checkStarts(t, []started{
		{"Rack", rubyProvider, repo{"Gemfile": gems("rack", "rackup"), "Gemfile.lock": "", "config.ru": ""}, "", nil, "bundle exec rackup config.ru -o 0.0.0.0 -p ${PORT:-3000}", "", 0},
		{"Rack of a gem puma alone", rubyProvider, repo{"Gemfile": gems("puma"), "Gemfile.lock": "", "config.ru": ""}, "", nil, "bundle exec puma -b tcp://0.0.0.0:${PORT:-3000}", "", 0},
		{"Rails", rubyProvider, repo{"Gemfile": gems("rails"), "Gemfile.lock": "", "config/application.rb": "class A < Rails::Application", "config.ru": ""}, "", nil,
			"bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e ${RAILS_ENV:-production}", "", 0},
		{"Sinatra in a file", rubyProvider, repo{"Gemfile": gems("sinatra"), "Gemfile.lock": "", "app.rb": "require 'sinatra'\n"}, "", nil, "bundle exec ruby app.rb -o 0.0.0.0 -p ${PORT:-3000}", "", 0},
		{"a program", rubyProvider, repo{"Gemfile": gems(), "Gemfile.lock": "", "main.rb": "require 'sinatra/base'\n"}, "", nil, "bundle exec ruby main.rb", "", 0},
		{"a gem", rubyProvider, repo{"Gemfile": source + "gemspec\n", "Gemfile.lock": "", "shop.gemspec": "", "Rakefile": ""}, "", nil, "", "shop.gemspec describes a gem, and nothing is served, so that it is a library", 0},
		{"nothing", rubyProvider, repo{"Gemfile": gems(), "Gemfile.lock": ""}, "", nil, "", "", 0},
	})
}

func TestElixirStarts(t *testing.T) {
	mix := func(project, application, deps string) string {
		return "defmodule S do\n  def project, do: [app: :shop, deps: deps()" + project + "]\n  def application, do: [extra_applications: [:logger]" + application +
			"]\n  defp deps, do: [" + deps + "]\nend\n"
	}
	const module, rel = ", mod: {S.App, []}", "_build/prod/rel/shop/bin/shop start"
	checkStarts(t, []started{
		{"Phoenix", elixirProvider, repo{"mix.exs": mix("", module, `{:phoenix, "~> 1.8"}, {:ecto_sql, "~> 3"}, {:postgrex, ">= 0.0.0"}`), "mix.lock": ""}, "",
			[]string{"mix compile"}, "mix phx.server", "", 0},
		{"a module", elixirProvider, repo{"mix.exs": mix("", module, ""), "mix.lock": ""}, "", []string{"mix compile", "mix release"}, rel, "", 0},
		{"a release", elixirProvider, repo{"mix.exs": mix(", releases: [web: []]", module, ""), "mix.lock": ""}, "",
			[]string{"mix compile", "mix release web"}, "_build/prod/rel/web/bin/web start", "", 0},
		{"an umbrella", elixirProvider, repo{"mix.exs": mix(", apps_path: \"apps\"", "", ""), "mix.lock": "", "apps/a/mix.exs": mix("", module, "")}, "", []string{"mix compile"}, "mix run --no-halt", "", 0},
		{"an umbrella of Phoenix", elixirProvider, repo{"mix.exs": mix(", apps_path: \"apps\"", "", ""), "mix.lock": "", "apps/a/mix.exs": mix("", module, `{:phoenix, "~> 1.8"}`)}, "",
			[]string{"mix compile"}, "mix phx.server", "", 0},
		{"a library", elixirProvider, repo{"mix.exs": mix("", "", ""), "mix.lock": ""}, "", []string{"mix compile"}, "", "mix.exs has no module to start, so that it is a library", 0},
		{"an escript", elixirProvider, repo{"mix.exs": mix(", escript: [main_module: S]", "", ""), "mix.lock": ""}, "", []string{"mix compile"}, "",
			"mix.exs has escript and no module to start, so that it is a command line tool", 0},
		{"a release of the user's", elixirProvider, repo{"mix.exs": mix("", module, `{:phoenix, "~> 1.8"}`), "mix.lock": ""}, rel, []string{"mix compile", "mix release"}, "mix phx.server", "", 0},
	})
}

func TestPHPServesThePublicFolder(t *testing.T) {
	const nginx = "node /assets/scripts/prestart.mjs /assets/nginx.template.conf /tmp/nginx.conf && (php-fpm -O -y /assets/php-fpm.conf & nginx -e stderr -c /tmp/nginx.conf)"
	opened := func(made, dirs string) string {
		return "mkdir -p " + made + " && { chmod -R ugo+rwX " + dirs + " 2>/dev/null || true; } && " + nginx
	}
	const laravel = "bootstrap/cache storage/app/public storage/framework/cache/data storage/framework/sessions storage/framework/views storage/logs"
	checkStarts(t, []started{
		{"the root", phpProvider, repo{"index.php": ""}, "", nil, nginx, "", 0},
		{"Laravel", phpProvider, repo{"composer.json": "{}", "composer.lock": "{}", "artisan": "", "public/index.php": ""}, "", nil, opened(laravel, "storage bootstrap/cache"), "", 0},
		{"Symfony", phpProvider, repo{"composer.json": "{}", "composer.lock": "{}", "bin/console": "", "public/index.php": ""}, "", nil, opened("var", "var"), "", 0},
		{"a library", phpProvider, repo{"composer.json": `{"name": "a/b", "type": "library"}`, "composer.lock": "{}", "src/A.php": ""}, "", nil, "",
			"composer.json is of a package, and no file of PHP is in the root or in public, so that it is a library", 0},
		{"a command", phpProvider, repo{"composer.json": `{"name": "a/b", "bin": ["b"]}`, "composer.lock": "{}", "src/A.php": ""}, "", nil, "",
			"composer.json has bin, and no file of PHP is in the root or in public, so that it is a command line tool", 0},
	})
	for _, tt := range []struct {
		files          repo
		root, fallback string
	}{
		{repo{"index.php": ""}, "", ""},
		{repo{"index.php": "", "public/index.php": ""}, "/app/public", "/index.php"},
		{repo{"composer.json": "{}", "artisan": "", "public/index.php": ""}, "/app/public", ""},
	} {
		vars := mustPlan(t, phpProvider, newest(t, tt.files, nil)).Plan.Variables
		if vars[phpRoot] != tt.root || vars[phpFallback] != tt.fallback {
			t.Errorf("%v: %v", tt.files, vars)
		}
	}
}

func TestPHPInstallsWhatTheLockNeeds(t *testing.T) {
	lock := `{"packages": [{"name": "a/b", "require": {"php": ">=8", "ext-json": "*", "ext-redis": "*", "ext-dom": "*", "ext-made-up": "*"}}],
		"packages-dev": [{"name": "c/d", "require": {"ext-imagick": "*"}}]}`
	composer := `{"require": {"php": "^8.4", "ext-GD": "*", "ext-libxml": "*", "ext-zend-opcache": "*"}}`
	out := mustPlan(t, phpProvider, newest(t, repo{"composer.json": composer, "composer.lock": lock}, nil))
	pkgs := out.Plan.Phases["setup"].NixPkgs
	diffOf(t, "PHP", "(php85.withExtensions (pe: pe.enabled ++ [pe.all.gd pe.all.redis]))", pkgs[0])
	diffOf(t, "why redis", "a/b needs it", whyOf(out, "setup", "nix", "php85Extensions.redis"))
	diffOf(t, "why gd", `require.ext-GD is "*"`, whyOf(out, "setup", "nix", "php85Extensions.gd"))
	if slices.ContainsFunc(pkgs, func(p string) bool { return strings.HasSuffix(p, ".imagick") }) {
		t.Errorf("an extension for development: %q", pkgs)
	}
}

func TestJavaStartsTheModule(t *testing.T) {
	wrapper := func(files repo) repo {
		files["gradlew"], files[gradleWrapper] = "", "distributionUrl=https\\://example.org/gradle-8.10-bin.zip\n"
		return files
	}
	build := func(goals string) []string {
		return []string{"chmod +x gradlew", "./gradlew clean build" + goals + " -x check -x test"}
	}
	mvn := []string{"mvn -DoutputFile=target/mvn-dependency-list.log -B -DskipTests clean dependency:list install"}
	pom := func(text string) string { return "<project><artifactId>a</artifactId>" + text + "</project>" }
	plugin := func(name string) string {
		return "<build><plugins><plugin><artifactId>" + name + "</artifactId></plugin></plugins></build>"
	}
	const script = `$(ls -1 %build/install/*/bin/* | grep -v '[.]bat$' | head -n 1)`
	in := func(dir, text string) string { return strings.ReplaceAll(text, "%", dir) }
	const none = "no build script applies the plugin application or Spring Boot"
	checkStarts(t, []started{
		{"Spring Boot of a module", javaProvider, wrapper(repo{"core/build.gradle": "plugins { id 'java-library' }", "web/build.gradle.kts": "plugins { id(\"org.springframework.boot\") version \"3\" }",
			"build.gradle": "plugins { id 'org.springframework.boot' version '3' apply false }"}), "", build(""), "java $JAVA_OPTS -jar -Dserver.port=$PORT $(ls -1 web/build/libs/*jar | grep -v plain)", "", 0},
		{"an application", javaProvider, wrapper(repo{"app/build.gradle.kts": "plugins {\n    application\n}\n"}), "", build(" installDist"), in("app/", script), "", 0},
		{"an application in one line", javaProvider, wrapper(repo{"build.gradle": "plugins { id 'java'; id 'application' }\n"}), "", build(" installDist"), in("", script), "", 0},
		{"the server of several", javaProvider, wrapper(repo{"a/build.gradle": "plugins { id 'application' }\n", "server/build.gradle": "plugins { id 'application' }\n"}), "",
			build(" installDist"), in("server/", script), "", 1},
		{"one jar", javaProvider, wrapper(repo{"build.gradle.kts": "plugins { application\n id(\"io.ktor.plugin\") version \"3\" }"}), "", build(""), "java $JAVA_OPTS -jar $(ls -1 build/libs/*-all.jar)", "", 0},
		{"a library", javaProvider, wrapper(repo{"build.gradle": "plugins { id 'java-library' }\n"}), "", build(""), "", none + ", so that it is a library", 0},
		{"a class without a plugin", javaProvider, wrapper(repo{"build.gradle": "", "src/main/java/A.java": "class A { public static void main(String[] a) {} }"}), "",
			build(""), "java $JAVA_OPTS -jar  $(ls -1 build/libs/*jar | grep -v plain)", "", 1},
		{"the user's", javaProvider, wrapper(repo{"build.gradle": "plugins { id 'application' }"}), "build/install/a/bin/a", build(" installDist"), "java $JAVA_OPTS -jar  $(ls -1 build/libs/*jar | grep -v plain)", "", 0},

		{"Maven: a module", javaProvider, repo{"pom.xml": pom("<packaging>pom</packaging><modules><module>core</module><module>web</module></modules>"), "core/pom.xml": pom(""),
			"web/pom.xml": pom(plugin("spring-boot-maven-plugin"))}, "", mvn, "java -Dserver.port=$PORT $JAVA_OPTS -jar web/target/*jar", "", 0},
		{"Maven: Quarkus", javaProvider, repo{"pom.xml": pom(plugin("quarkus-maven-plugin"))}, "", mvn, "java $JAVA_OPTS " + quarkusOptions + " -jar target/quarkus-app/quarkus-run.jar", "", 0},
		{"Maven: Spring Boot in a war", javaProvider, repo{"pom.xml": pom("<packaging>war</packaging>" + plugin("spring-boot-maven-plugin"))}, "", mvn, "java -Dserver.port=$PORT $JAVA_OPTS -jar target/*war", "", 0},
		{"Maven: a war", javaProvider, repo{"pom.xml": pom("<packaging>war</packaging>")}, "", mvn, "", "pom.xml packs a war, so that it is an app for a server of servlets", 0},
		{"Maven: a library", javaProvider, repo{"pom.xml": pom("")}, "", mvn, "", "pom.xml applies no plugin that makes a jar that starts, so that it is a library", 0},
		{"Maven: a parent that may do it", javaProvider, repo{"pom.xml": pom("<parent><artifactId>p</artifactId></parent>")}, "", mvn, "java  $JAVA_OPTS -jar target/*jar", "", 0},
		{"Maven: a plugin that modules inherit", javaProvider, repo{"pom.xml": pom("<packaging>pom</packaging><modules><module>a</module></modules>" + plugin("spring-boot-maven-plugin")), "a/pom.xml": pom("")}, "",
			mvn, "java  $JAVA_OPTS -jar target/*jar", "", 0},
	})
}
