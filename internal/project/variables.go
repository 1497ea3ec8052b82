package project

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/nearest"
	"github.com/org/npx-action/internal/plan"
)

// nixpacks begins the names of variables that are options.
const nixpacks = "NIXPACKS_"

// known are the variables that are options, without what they begin with. The list finds mistyped ones, and changes no plan.
var known = []string{
	"APT_PKGS", "BUILD_CACHE_DIRS", "BUILD_CMD", "CARGO_WORKSPACE", "COBOL_APP_NAME", "COBOL_COMPILE_ARGS", "CONFIG_FILE", "CRYSTAL_VERSION",
	"CSHARP_SDK_VERSION", "DART_VERSION", "DEBIAN", "DENO_VERSION", "EDITION", "ELIXIR_VERSION", "ERLANG_VERSION", "GLEAM_VERSION", "GO_BIN",
	"GO_VERSION", "GRADLE_VERSION", "INSTALL_CACHE_DIRS", "INSTALL_CMD", "JDK_VERSION", "LIBS", "MAVEN_VERSION", "METADATA", "MOON_APP_NAME",
	"MOON_BUILD_TASK", "MOON_START_TASK", "NODE_VERSION", "NO_CACHE", "NO_MUSL", "NX_APP_NAME", "PATH", "PDM_VERSION", "PHP_FALLBACK_PATH",
	"PHP_ROOT_DIR", "PHP_VERSION", "PKGS", "POETRY_VERSION", "PYTHON_PACKAGE_MANAGER", "PYTHON_VERSION", "RUBY_VERSION", "RUN_IMAGE", "RUST_BIN",
	"RUST_VERSION", "SPA_CADDY", "SPA_OUTPUT_DIR", "SPA_OUT_DIR", "START_CMD", "STATICFILE_ROOT", "SWIFT_VERSION", "TURBO_APP_NAME", "UV_VERSION",
	"VERBOSE", "WORKSPACE_APP", "ZIG_VERSION",
}

// Variables are the names of all variables NIXPACKS_* that are options.
func Variables() []string {
	names := slices.Clone(known)
	for i := range names {
		names[i] = nixpacks + names[i]
	}
	return names
}

// mistyped warns of variables that are no options, and have nearly the names of some.
func mistyped(vars map[string]string) (warnings []string) {
	for name := range plan.Sorted(vars) {
		if near := nearest.Variable(name, nixpacks, known); near != "" {
			warnings = append(warnings, fmt.Sprintf("the variable %s is no option, did you mean %s?", name, near))
		}
	}
	return warnings
}
