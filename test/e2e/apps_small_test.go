package e2e

import "testing"

// smallSamples are apps of languages whose compilers come from registries of packages, though not their libraries.
var smallSamples = []sample{
	{app: "zig", path: "/health", want: `{"app":"zig","mode":"ReleaseSafe","runtime":"0.11.0"}`},
	{app: "shell", want: "apples: 6\npears: 8\n"},
}

func TestAppsOfSmallLanguagesAreBuiltPushedAndStarted(t *testing.T) { testSamples(t, smallSamples) }
