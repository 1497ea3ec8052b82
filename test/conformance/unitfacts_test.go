package conformance

import "fmt"

// node is what the unit tests of Node put in the place of a package.json.
func node(engine string) map[string]string {
	if engine == "" {
		return map[string]string{"package.json": `{"name": ""}`}
	}
	return map[string]string{"package.json": fmt.Sprintf(`{"name": "", "engines": {"node": %q}}`, engine)}
}

// setupPackage is the fact that a package is installed.
func setupPackage(example, pkg string, vars ...string) fact {
	return fact{example: example, vars: vars, phase: "setup", field: "nix", value: pkg}
}

func nodePackage(example, engine, pkg string, vars ...string) fact {
	f := setupPackage(example, pkg, vars...)
	f.files = node(engine)
	return f
}

// pythonManager is what a value of the variable installs with, in an app that has requirements.txt.
func pythonManager(value, install string) fact {
	f := fact{files: map[string]string{"main.py": "", "requirements.txt": ""}, phase: "install", field: "cmd", value: install}
	if value != "" {
		f.vars = []string{"NIXPACKS_PYTHON_PACKAGE_MANAGER=" + value}
	}
	return f
}

func without(f fact) fact {
	f.not = true
	return f
}

const (
	node18 = "nodejs_18"
	node14 = "nodejs_14"
	gradle = "java-gradle-hello-world"
	python = "python"
	legacy = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"
)

var unitFacts = []unitTests{
	{file: "node/mod.rs", facts: []fact{
		nodePackage("node", "", node18),
		nodePackage("node", "*", node18),
		nodePackage("node", ">=18", "nodejs_22"),
		nodePackage("node", "14", node14),
		nodePackage("node", "18.x", node18),
		nodePackage("node", "14.X", node14),
		nodePackage("node", "18.x.x", node18),
		nodePackage("node", "14.X.x", node14),
		nodePackage("node", "18.4.2", node18),
		nodePackage("node", "14.8.x", node14),
		nodePackage("node", "14.x.8", node14),
		nodePackage("node", ">=14.10.3 <16", node14),
		nodePackage("node", "^14.10.3", node14),
		nodePackage("node", "1.2.3 || 14.10.3", node14),
		nodePackage("node", "14.10.3 || 18.10.0", node18),
		nodePackage("node", "abc", node18),
		nodePackage("node", "", node14, "NIXPACKS_NODE_VERSION=14"),
		nodePackage("node-nvmrc", "", node14),
		nodePackage("node-node-version", "", "nodejs_22"),
		nodePackage("node-nvmrc-lts", "", "nodejs_20"),
		nodePackage("node-nvmrc-invalid-lts", "", node18),
		nodePackage("node", "15", node18),
		{example: "node-monorepo", phase: "build", field: "cache", value: "packages/client/.next/cache"},
		{example: "node-monorepo/packages/client", phase: "build", field: "cache", value: ".next/cache"},
		{example: "node-pnpm-monorepo", phase: "install", field: "cmd", value: "pnpm i*"},
		{example: "node-pnpm-monorepo/apps/docs", phase: "install", field: "cmd", value: "pnpm i*"},
	}},
	{file: "node/spa/vite.rs", facts: []fact{
		{example: "node-vite-react-ts", field: "variable NIXPACKS_SPA_OUTPUT_DIR", value: "dist"},
		{example: "node-vite-svelte-ts", field: "variable NIXPACKS_SPA_OUTPUT_DIR", value: "build"},
		{example: "node-vite-solid-ts", field: "variable NIXPACKS_SPA_OUTPUT_DIR", value: "out"},
		{example: "node-bun-web-server", field: "variable NIXPACKS_SPA_OUTPUT_DIR", value: "*", not: true},
		{example: "node", field: "variable NIXPACKS_SPA_OUTPUT_DIR", value: "*", not: true},
		{example: "node-remix", field: "asset Caddyfile", value: "*", not: true},
		{example: "node-react-router-v7-framework", field: "asset Caddyfile", value: "*", not: true},
		{example: "node-react-router-v7-spa", field: "asset Caddyfile", value: "*"},
	}},
	{file: "scala.rs", facts: []fact{
		setupPackage("scala-sbt", "(sbt.override { jre = jdk17; })"),
		setupPackage("scala-sbt", "(sbt.override { jre = jdk20; })", "NIXPACKS_JDK_VERSION=20"),
		setupPackage("scala-sbt", "(sbt.override { jre = jdk21; })", "NIXPACKS_JDK_VERSION=21"),
		{example: "scala-sbt", field: "variable NIXPACKS_METADATA", value: "scala"},
		{example: "node", field: "variable NIXPACKS_METADATA", value: "scala", not: true},
		setupPackage("scala-sbt", "(sbt.override { jre = jdk8; })", "NIXPACKS_JDK_VERSION=8"),
	}},
	{file: "go.rs", facts: []fact{
		{files: map[string]string{"main.go": ""}, phase: "setup", field: "nix", value: "go"},
		{files: map[string]string{"go.mod": "\n            go 1.18\n        "}, phase: "setup", field: "nix", value: "go_1_18"},
		{files: map[string]string{"go.mod": "\n            go 1.8\n        "}, phase: "setup", field: "nix", value: "go"},
	}},
	{file: "clojure.rs", facts: []fact{
		setupPackage("clojure", "jdk8"),
		setupPackage("clojure-jdk11", "jdk11"),
		setupPackage("clojure-jdk-latest", "jdk"),
		setupPackage("clojure-jdk-latest", "jdk", "NIXPACKS_JDK_VERSION=latest"),
		setupPackage("clojure", "jdk11", "NIXPACKS_JDK_VERSION=11"),
	}},
	{file: "java.rs", unseen: 5, why: "the text of build.gradle, and what counts as Spring Boot in it", facts: []fact{
		{example: gradle, phase: "start", field: "cmd", value: "java $JAVA_OPTS -jar  $(ls -1 build/libs/*jar | grep -v plain)"},
		{example: "java-maven", phase: "start", field: "cmd", value: "java -Dserver.port=$PORT $JAVA_OPTS -jar target/*jar"},
		setupPackage(gradle, "jdk17"),
		setupPackage(gradle, "jdk8", "NIXPACKS_JDK_VERSION=8"),
		setupPackage(gradle, "jdk21", "NIXPACKS_JDK_VERSION=21"),
		setupPackage(gradle, "jdk20", "NIXPACKS_JDK_VERSION=20"),
		setupPackage(gradle, "jdk", "NIXPACKS_JDK_VERSION=19"),
		setupPackage(gradle, "jdk11", "NIXPACKS_GRADLE_VERSION=6"),
		setupPackage("java-gradle-8", "gradle"),
		setupPackage(gradle, "gradle_7"),
		setupPackage(gradle, "gradle_5", "NIXPACKS_GRADLE_VERSION=5"),
	}},
	{file: "swift.rs", facts: []fact{
		{example: "swift-custom-version", phase: "setup", field: "nixpkgs", value: "c82b46413401efa740a0b994f52e9903a4f6dcd5"},
	}},
	{file: "csharp.rs", facts: []fact{
		setupPackage("csharp-cli", "dotnet-sdk"),
		setupPackage("csharp-api", "dotnet-sdk_7"),
		setupPackage("csharp-cli", "dotnet-sdk", "NIXPACKS_CSHARP_SDK_VERSION=6.0.0"),
	}},
	{file: "ruby.rs", facts: []fact{
		{example: "ruby", phase: "setup", field: "cmd", value: "*&& rbenv install 3.1.2 && rbenv global 3.1.2 && gem install bundler:2.3.7"},
		{example: "ruby-no-version", fails: true},
		{example: "ruby-rails-postgres", field: "variable GEM_HOME", value: "*3.2.1"},
		{example: "ruby", vars: []string{"NIXPACKS_RUBY_VERSION=3.1.1"}, field: "variable GEM_HOME", value: "*3.1.1"},
	}},
	{file: "dart.rs", unseen: 1, why: "the version in pubspec.yaml", facts: []fact{
		{example: "dart", phase: "build", field: "cmd", value: "dart compile exe bin/console_simple.dart"},
	}},
	{file: "python.rs", unseen: 2, why: "a dependency on numpy", facts: []fact{
		setupPackage(python, "python3"),
		{files: map[string]string{"Pipfile": "\npython_version = '3.12'\n"}, phase: "setup", field: "nix", value: "python312"},
		{files: map[string]string{"Pipfile": "\npython_full_version = '3.12.0'\n"}, phase: "setup", field: "nix", value: "python312"},
		{example: "python-2", phase: "setup", field: "nixpkgs", value: legacy},
		{example: "python-2-runtime", phase: "setup", field: "nixpkgs", value: legacy},
		setupPackage(python, "python27", "NIXPACKS_PYTHON_VERSION=2.7"),
		setupPackage("python-postgres", "postgresql_16.dev"),
		setupPackage("python-django", "postgresql_16.dev"),
		without(setupPackage("python-django-mysql", "postgresql_16.dev")),
		without(setupPackage("python-django", "libmysqlclient.dev")),
		setupPackage("python-django-mysql", "libmysqlclient.dev"),
		pythonManager("", "*pip install -r requirements.txt"),
		pythonManager("poetry", "*poetry install --no-dev --no-interaction --no-ansi"),
		pythonManager("requirements", "*pip install -r requirements.txt"),
		pythonManager("setuptools", "*pip install --upgrade build setuptools && pip install ."),
		pythonManager("pdm", "*pdm install --prod"),
		pythonManager("uv", "*uv sync --no-dev --frozen"),
		pythonManager("pipenv", "*pipenv install --skip-lock"),
		without(pythonManager("skip", "*")),
		pythonManager("unknown", "*pip install -r requirements.txt"),
	}},
	{file: "rust.rs", facts: []fact{
		setupPackage("rust-rocket", "(rust-bin.stable.latest.default.override*"),
		setupPackage("rust-custom-version", `(rust-bin.stable."1.56.0".default.override*`),
		setupPackage("rust-custom-toolchain", "(rust-bin.fromRustupToolchainFile ../rust-toolchain.toml)"),
		setupPackage("rust-custom-toolchain", `rust-bin.stable."1.54.0".default`, "NIXPACKS_RUST_VERSION=1.54.0"),
		{example: "rust-custom-version", phase: "setup", field: "nix-lib", value: "openssl*", not: true},
		{example: "rust-openssl", phase: "setup", field: "nix-lib", value: "openssl"},
	}},
}
