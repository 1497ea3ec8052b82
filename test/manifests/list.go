package manifests

var cargo = File{"Cargo.toml", lines("[package]", `name = "shop"`, `version = "1.0.0"`, `edition = "2021"`, `rust-version = "1.70"`, "", "[[bin]]", `name = "shop"`, `path = "src/main.rs"`, "", "[dependencies]", `openssl = "1"`)}

// compiled are the files of languages that compile to programs.
var compiled = []Manifest{
	{"crystal", "shard.yml", lines("name: shop", "version: 1.0.0", "targets:", "  shop:", "    main: src/shop.cr"), nil},
	{"c#", "shop.csproj", lines(`<Project Sdk="Microsoft.NET.Sdk.Web">`, "</Project>"), nil},
	{"c#", "global.json", `{"sdk": {"version": "7.0.100"}}`, []File{{"shop.csproj", "<Project/>"}}},
	{"c#", "nuget.config", "<configuration/>\n", []File{{"shop.csproj", "<Project/>"}}},
	{"c#", "Directory.Build.props", "<Project/>\n", []File{{"shop.csproj", "<Project/>"}}},
	{"c#", "Shop.sln", lines("Microsoft Visual Studio Solution File, Format Version 12.00", `Project("{X}") = "shop", "shop.csproj", "{Y}"`, "EndProject"), []File{{"shop.csproj", "<Project/>"}}},
	{"dart", "pubspec.yaml", lines("name: shop", "version: 1.0.0"), nil},
	{"f#", "shop.fsproj", lines(`<Project Sdk="Microsoft.NET.Sdk.Web">`, "</Project>"), nil},
	{"go", "go.mod", lines("module shop.example/shop", "", "go 1.23", "", "require a.example/a v1.0.0", "", "replace a.example/a => ./a"), []File{{"main.go", "package main"}}},
	{"go", "go.sum", lines("a.example/a v1.0.0 h1:x="), []File{{"go.mod", "module shop\n"}}},
	{"go", ".go-version", "1.26\n", []File{{"go.mod", "module shop\n"}}},
	{"go", "go.work", lines("go 1.23", "", "use ."), []File{{"go.mod", "module shop\n"}}},
	{"go", "main.go", lines("package main"), nil},
	{"haskell", "package.yaml", lines("name: shop", "executables:", "  shop:", "    main: Main.hs"), []File{{"app/Main.hs", "main = pure ()"}}},
	{"haskell", "stack.yaml", lines("resolver: lts-20.0", "packages:", "  - ."), []File{{"package.yaml", "name: shop\nexecutables:\n  shop:\n    main: Main.hs\n"}, {"app/Main.hs", "main = pure ()"}}},
	{"lunatic", ".cargo/config.toml", lines("[target.wasm32-wasi]", `runner = "lunatic"`), []File{cargo, {"src/main.rs", "fn main() {}"}}},
	{"rust", "Cargo.toml", cargo.Content, []File{{"src/main.rs", "fn main() {}"}, {"src/bin/other.rs", "fn main() {}"}}},
	{"rust", "Cargo.lock", lines("version = 3", "", "[[package]]", `name = "openssl"`, `version = "1.0.0"`), []File{cargo, {"src/main.rs", "fn main() {}"}}},
	{"rust", "rust-toolchain", "1.70.0\n", []File{cargo, {"src/main.rs", "fn main() {}"}}},
	{"rust", "rust-toolchain.toml", lines("[toolchain]", `channel = "1.70.0"`, `components = ["rustfmt"]`), []File{cargo, {"src/main.rs", "fn main() {}"}}},
	{"swift", "Package.swift", lines("// swift-tools-version:5.5", "import PackageDescription", `let package = Package(name: "shop", targets: [.executableTarget(name: "shop")])`), []File{{"Sources/shop/main.swift", "print(1)"}}},
	{"swift", "Package.resolved", `{"pins": [{"identity": "vapor", "location": "https://a.example/vapor.git", "state": {"version": "4.0.0"}}], "version": 2}`, []File{{"Package.swift", "// swift-tools-version:5.5\n"}, {"Sources/shop/main.swift", "print(1)"}}},
	{"swift", ".swift-version", "5.5\n", []File{{"Package.swift", "// swift-tools-version:5.5\n"}, {"Sources/shop/main.swift", "print(1)"}}},
	{"zig", "build.zig", lines(`const exe = b.addExecutable(.{ .name = "shop" });`), nil},
	{"zig", ".gitmodules", lines(`[submodule "a"]`, "path = a"), []File{{"build.zig", "const a = 1;"}}},
	{"cobol", "index.cbl", lines("       PROGRAM-ID. SHOP."), nil},
}

var gradle = File{"gradlew", "#!/bin/sh\n"}

// virtual are the files of languages that a virtual machine or an interpreter runs, Node and Python aside.
var virtual = []Manifest{
	{"elixir", "mix.exs", lines("defmodule Shop.MixProject do", "  def project do", `    [app: :shop, elixir: "~> 1.14", deps: [{:ecto, "~> 3.0"}, {:postgrex, "~> 0.1"}]]`, "  end", "end"), nil},
	{"elixir", "config/config.exs", lines("import Config", "config :shop, port: 1"), []File{{"mix.exs", "defmodule Shop do\nend\n"}}},
	{"elixir", "config/prod.exs", lines("import Config", "config :shop, port: 1"), []File{{"mix.exs", "defmodule Shop do\nend\n"}}},
	{"elixir", "mix.lock", lines("%{", `  "ecto": {:hex, :ecto, "3.0.0", "x", [:mix], [], "hexpm", "x"},`, "}"), []File{{"mix.exs", "defmodule Shop do\nend\n"}}},
	{"elixir", ".elixir-version", "1.14\n", []File{{"mix.exs", "defmodule Shop do\nend\n"}}},
	{"deno", "deno.json", `{"tasks": {"start": "deno run index.ts"}}`, []File{{"index.ts", "export {};"}}},
	{"deno", "deno.jsonc", `{"tasks": {"start": "deno run index.ts"} /* a */}`, []File{{"index.ts", "export {};"}}},
	{"deno", "import_map.json", `{"imports": {"a": "https://deno.land/a.ts"}}`, []File{{"deno.json", `{"importMap": "import_map.json"}`}, {"index.ts", "export {};"}}},
	{"deno", "index.ts", lines(`import { serve } from "https://deno.land/std/http/server.ts"`), nil},
	{"clojure", "project.clj", lines(`(defproject shop "1.0.0" :plugins [[lein-ring "0.12.6"]])`), nil},
	{"clojure", "build.clj", "(ns build)\n", nil},
	{"java", ".java-version", "17\n", []File{{"pom.xml", "<project/>"}}},
	{"java", ".sdkmanrc", "java=17.0.9-tem\nmaven=3.9.6\n", []File{{"pom.xml", "<project/>"}}},
	{"rust", ".rust-version", "1.83.0\n", []File{{"Cargo.toml", "[package]\nname = 'shop'\n"}, {"src/main.rs", "fn main() {}"}}},
	{"c#", "Directory.Build.props", "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>", []File{{"shop.csproj", "<Project/>"}}},
	{"elixir", ".erlang-version", "27\n", []File{{"mix.exs", "defmodule Shop do\nend\n"}}},
	{"deno", ".deno-version", "2.1.4\n", []File{{"deno.json", "{}"}}},
	{"deno", ".dvmrc", "2.1.4\n", []File{{"deno.json", "{}"}}},
	{"zig", ".zig-version", "0.14.1\n", []File{{"build.zig", ""}}},
	{"zig", ".zigversion", "0.14.1\n", []File{{"build.zig", ""}}},
	{"zig", "build.zig.zon", ".{\n    .name = .shop,\n    .minimum_zig_version = \"0.14.0\",\n}\n", []File{{"build.zig", ""}}},
	{"crystal", ".crystal-version", "1.6.2\n", []File{{"shard.yml", "name: shop\ntargets: {shop: {main: src/shop.cr}}\n"}}},
	{"clojure", ".jdk-version", "11\n", []File{{"build.clj", "(ns build)"}}},
	{"gleam", "gleam.toml", lines(`name = "shop"`, `version = "1.0.0"`), []File{{"manifest.toml", "packages = []\n"}}},
	{"gleam", "manifest.toml", lines("packages = [", `  { name = "gleam_stdlib", version = "0.30.0" },`, "]"), []File{{"gleam.toml", "name = 'shop'\n"}}},
	{"scheme", "haunt.scm", "(site)\n", nil},
	{"java", "pom.xml", lines("<project>", "  <groupId>org.springframework.boot</groupId>", "  <artifactId>spring-boot</artifactId>", "</project>"), nil},
	{"java", "build.gradle", lines("plugins { id 'org.springframework.boot' version '3.0.0' }"), []File{gradle}},
	{"java", "build.gradle.kts", lines(`plugins { id("org.springframework.boot") version "3.0.0" }`), []File{gradle}},
	{"java", "gradle/wrapper/gradle-wrapper.properties", lines("distributionBase=GRADLE_USER_HOME", `distributionUrl=https\://services.gradle.org/distributions/gradle-8.0-bin.zip`), []File{gradle}},
	{"java", "system.properties", "java.runtime.version=17\n", []File{{"pom.xml", "<project/>"}}},
	{"scala", "build.sbt", lines(`name := "shop"`, "enablePlugins(JavaAppPackaging)"), nil},
	{"php", ".php-version", "8.3\n", []File{{"index.php", "<?php\n"}}},
	{"php", "composer.json", `{"require": {"php": "^8.2", "ext-gd": "*"}, "scripts": {"x": "y"}}`, nil},
	{"php", "composer.lock", `{"packages": [{"name": "a/a", "version": "1.0.0", "dist": {"type": "zip"}}], "packages-dev": []}`, []File{{"composer.json", `{"require": {"php": "8.2"}}`}}},
	{"php", "index.php", "<?php\n", nil},
	{"ruby", "Gemfile", lines(`source "https://gems.example"`, `ruby "3.2.1"`, `gem "rack"`), nil},
	{"ruby", "Gemfile.lock", lines("GEM", "  specs:", "    rack (3.0.0)", "", "RUBY VERSION", "   ruby 3.2.1p31", "", "BUNDLED WITH", "   2.4.9"), []File{{"Gemfile", "ruby '3.2.1'\ngem 'rack'\n"}}},
	{"ruby", ".ruby-version", "3.2.1\n", []File{{"Gemfile", "gem 'rack'\n"}}},
	{"ruby", "config/application.rb", lines("class Application < Rails::Application", "end"), []File{{"Gemfile", "ruby '3.2.1'\ngem 'propshaft'\n"}}},
}

var packageJSON = File{"package.json", lines(
	"{", `  "name": "shop",`, `  "main": "index.js",`, `  "packageManager": "yarn@3.2.1",`, `  "scripts": { "start": "node ." },`,
	`  "engines": { "node": ">=18 <21" },`, `  "dependencies": { "next": "^13.0.0" },`, `  "workspaces": ["packages/*"],`,
	`  "cacheDirectories": ["x"]`, "}",
)}

// plain is a package without a word on its package manager.
var plain = File{"package.json", `{"scripts": {"build": "b"}, "dependencies": {"typescript": "5.0.0"}}`}

var node = []Manifest{
	{"node", "package.json", packageJSON.Content, nil},
	{"node", "packages/a/package.json", `{"name": "a", "dependencies": {"cypress": "1.0.0"}}`, []File{packageJSON}},
	{"node", "package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"name": "shop"}, "node_modules/a": {"version": "1.0.0"}}}`, []File{plain}},
	{"node", "yarn.lock", lines("# yarn lockfile v1", "", "a@^1.0.0:", `  version "1.0.0"`), []File{plain}},
	{"node", "pnpm-lock.yaml", lines("lockfileVersion: '9.0'", "importers:", "  .: {}"), []File{plain}},
	{"node", "bun.lock", `{"lockfileVersion": 1,}`, []File{plain}},
	{"node", "bun.lockb", "#!/usr/bin/env bun\nbun-lockfile-format-v0\n", []File{plain}},
	{"node", "pnpm-workspace.yaml", lines("packages:", "  - 'packages/*'"), []File{plain, {"pnpm-lock.yaml", "lockfileVersion: '9.0'\n"}}},
	{"node", ".npmrc", "save-exact=true\n", []File{plain}},
	{"node", ".yarnrc", "network-timeout 1000\n", []File{plain, {"yarn.lock", ""}}},
	{"node", ".yarnrc.yml", "nodeLinker: node-modules\n", []File{plain, {"yarn.lock", "__metadata:\n"}}},
	{"node", "bunfig.toml", lines("[install]", `registry = "https://a.example"`), []File{plain, {"bun.lock", "{}"}}},
	{"node", ".nvmrc", "lts/hydrogen\n", []File{plain}},
	{"node", "manifest.json", `{"manifest_version": 3}`, []File{{"package.json", `{"dependencies": {"react": "19", "vite": "8"}, "scripts": {"build": "vite build"}}`}}},
	{"node", ".node-version", "v18\n", []File{plain}},
	{"node", "npm-shrinkwrap.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"next": "1"}}, "node_modules/next": {"version": "16.0.1", "engines": {"node": ">=22"}}}}`, []File{plain}},
	{"node", "mise.toml", lines("[tools]", `node = "22.14.0"`), []File{plain}},
	{"node", ".config/mise/config.toml", lines("[tools]", `node = ["22", "20"]`), []File{plain}},
	{"node", "mise.lock", lines("[[tools.node]]", `version = "22.3.0"`, `backend = "core:node"`), []File{plain}},
	{"node", ".tool-versions", "nodejs 22.14.0\n", []File{plain}},
	{"node", "devbox.json", `{"packages": ["git", "nodejs@22.14.0"]}`, []File{plain}},
	{"node", "devbox.lock", `{"packages": {"nodejs@22": {"version": "22.14.0"}}}`, []File{plain, {"devbox.json", `{"packages": ["nodejs@22"]}`}}},
	{"node", "nx.json", `{"npmScope": "shop", "defaultProject": "shop"}`, []File{plain, {"apps/shop/project.json", `{"targets": {"build": {"options": {"main": "x"}}}}`}}},
	{"node", "apps/shop/project.json", `{"name": "shop", "targets": {"build": {"executor": "x", "options": {"outputPath": "dist", "main": "index.js"}}}}`, []File{plain, {"nx.json", `{"defaultProject": "shop"}`}}},
	{"node", "turbo.json", `{"pipeline": {"build": {}, "start": {}}}`, []File{plain}},
	{"node", ".moon/workspace.yml", lines("projects:", "  - 'apps/*'"), []File{plain}},
	{"node", "tsconfig.json", `{"extends": "./base", "compilerOptions": {"incremental": true, "outDir": "dist"} /* a */}`, []File{plain, {"base.json", "{}"}}},
	{"node", "vite.config.js", "export default { outDir: 'dist' }\n", []File{{"package.json", `{"devDependencies": {"vite": "5.0.0", "react": "18.0.0"}, "scripts": {"build": "vite build"}}`}}},
	{"node", "angular.json", `{"projects": {"shop": {"architect": {"build": {"options": {"outputPath": "dist"}}}}}}`, []File{{"package.json", `{"dependencies": {"@angular/core": "20.0.0"}, "scripts": {"build": "ng build"}}`}}},
	{"node", "app.json", `{"expo": {"web": {"output": "single"}}}`, []File{{"package.json", `{"dependencies": {"expo": "54.0.0"}, "scripts": {"build": "expo export"}}`}}},
	{"node", "astro.config.mjs", "export default { output: 'server' }\n", []File{{"package.json", `{"dependencies": {"astro": "5.0.0"}, "scripts": {"build": "astro build"}}`}}},
	{"node", "next.config.mjs", "export default { output: 'export' }\n", []File{{"package.json", `{"dependencies": {"next": "15.0.0"}, "scripts": {"build": "next build"}}`}}},
	{"node", "prisma/schema.prisma", lines("generator client {", `  provider = "prisma-client-js"`, "}"), []File{{"package.json", `{"dependencies": {"@prisma/client": "5.0.0"}}`}}},
}

// pythonScript holds its own metadata.
var pythonScript = lines("# /// script", `# requires-python = ">=3.12"`, "# dependencies = [", `#   "flask",`, "# ]", "# ///", "from flask import Flask", "", "app = Flask(__name__)")

var python = []Manifest{
	{"python", "requirements.txt", lines("Django==5.0.6 # web", "-r more.txt", "psycopg2 ; python_version < '3.12'"), []File{{"more.txt", "flask\n"}}},
	{"python", "pyproject.toml", lines("[build-system]", `requires = ["setuptools"]`, "", "[project]", `name = "shop"`, `readme = "README.md"`, `dependencies = ["flask"]`), nil},
	{"python", "setup.cfg", lines("[metadata]", "name = shop"), []File{{"pyproject.toml", "[project]\nname = 'shop'\n"}}},
	{"python", "poetry.lock", lines("[[package]]", `name = "psycopg2"`, `version = "2.9"`), []File{{"pyproject.toml", "[tool.poetry]\nname = 'shop'\n[tool.poetry.dependencies]\npython = '^3.11'\n"}}},
	{"python", "pdm.lock", lines("[metadata]", `lock_version = "4.4"`), []File{{"pyproject.toml", "[project]\nname = 'shop'\n"}}},
	{"python", "uv.lock", lines("version = 1", "", "[[package]]", `name = "shop"`), []File{{"pyproject.toml", "[project]\nname = 'shop'\n"}}},
	{"python", "poetry.toml", lines("[virtualenvs]", "in-project = true"), []File{{"pyproject.toml", "[tool.poetry]\nname = 'shop'\n"}, {"poetry.lock", ""}}},
	{"python", "pdm.toml", lines("[pypi]", `url = "https://a.example"`), []File{{"pyproject.toml", "[project]\nname = 'shop'\n"}, {"pdm.lock", ""}}},
	{"python", "uv.toml", "offline = false\n", []File{{"pyproject.toml", "[project]\nname = 'shop'\n"}, {"uv.lock", ""}}},
	{"python", "Pipfile", lines("[packages]", `flask = "*"`, "", "[requires]", `python_version = "3.11"`), nil},
	{"python", "Pipfile.lock", `{"_meta": {"requires": {"python_version": "3.11"}}, "default": {"flask": {"version": "==3.0.0"}}}`, []File{{"Pipfile", "[packages]\nflask = '*'\n"}}},
	{"python", "runtime.txt", "python-3.11.4\n", []File{{"requirements.txt", "flask\n"}}},
	{"python", ".python-version", "3.11\n", []File{{"requirements.txt", "flask\n"}}},
	{"python", ".tool-versions", "python 3.11.4\npoetry 1.7.0\n", []File{{"requirements.txt", "flask\n"}}},
	{"python", "shop/settings.py", `WSGI_APPLICATION = "shop.wsgi.application"` + "\n", []File{{"requirements.txt", "django\n"}, {"manage.py", ""}, {"z/settings.py", `WSGI_APPLICATION = "z.wsgi.application"`}}},
	{"python", "main.py", "import matplotlib\n", nil},
	{"python", "app.py", pythonScript, nil},
	{"python", "server.py", pythonScript, nil},
	{"python", "bot.py", pythonScript, nil},
	{"python", "wsgi.py", pythonScript, nil},
	{"python", "asgi.py", pythonScript, nil},
}

var static = []Manifest{
	{"staticfile", "Staticfile", lines("root: dist", "gzip: on", "status_code:", "  404: /404.html"), nil},
	{"staticfile", "Staticfile.auth", "user:hash\n", []File{{"index.html", ""}}},
	{"staticfile", "mime.types", "types { }\n", []File{{"index.html", ""}}},
	{"staticfile", "index.html", "<p>", nil},
	{"shell", "start.sh", "#!/bin/sh\n", nil},
}

// layers are the files by which users change plans.
var layers = []Manifest{
	{"", "nixpacks.toml", lines(`providers = ["...", "python"]`, "", "[phases.setup]", `nixPkgs = ["...", "ffmpeg"]`, "", "[variables]", `A = "1"`, "", "[start]", `cmd = "./run"`), []File{plain}},
	{"", "nixpacks.json", `{"phases": {"setup": {"aptPkgs": ["...", "curl"]}, "lint": {"dependsOn": ["install"], "cmds": ["lint"]}}, "start": {"cmd": "./run"}}`, []File{plain}},
	{"", "nixpacks.toml", lines(`catalogue-date = "2026-11-28"`, "strict-versions = true", "", "[phases.setup]", `nixPkgs = ["...", "node@22.14.0"]`, "", "[[catalogue.release]]", `tool = "node"`, `version = "28.0.0"`, `platform = "linux/amd64"`, `address = "https://files.example/node.tar.gz"`, `hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`), []File{plain}},
	{"", "nixpacks.json", `{"catalogue-date": "2026-11-28", "strict-versions": true, "catalogue": {"line": [{"tool": "node", "line": "28", "end": "2030-04-30"}]}, "phases": {"setup": {"nixPkgs": ["node@22"]}}}`, []File{plain}},
	{"", "Procfile", lines("web: ./run --port $PORT", "release: ./migrate"), []File{plain}},
	{"", ".gitignore", "/node_modules\n*.log\n", []File{plain}},
	{"", ".ignore", "/node_modules\n", []File{plain}},
}
