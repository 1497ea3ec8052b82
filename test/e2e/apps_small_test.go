package e2e

import "testing"

// smallSamples are apps of languages whose compilers come from registries of packages. Where a command of the plan asks a
// host that no test can reach, the app's nixpacks.toml has another: Crystal's install needs Shards
// and Scheme's build Haunt, which Debian lacks.
var smallSamples = []sample{
	{app: "zig", path: "/health", want: `{"app":"zig","mode":"ReleaseSafe","runtime":"0.11.0"}`},
	{app: "shell", want: "apples: 6\npears: 8\n"},
	{app: "cobol", want: "TOTAL      57.50"},
	{app: "scheme", path: "/health", want: `{"app":"scheme","path":"/health","tide":"falling"}`},
	{app: "crystal", path: "/health", want: `"tides":["Rising","Falling","Rising","Falling"]`},
}

func TestAppsOfSmallLanguagesAreBuiltPushedAndStarted(t *testing.T) { testSamples(t, smallSamples) }
