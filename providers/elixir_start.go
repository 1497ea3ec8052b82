package providers

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What mix.exs says of how a project runs. It is a program: only what is written out is found.
var (
	mixApp      = lazyregexp.New(`\bapp:\s*:(\w+)`)
	mixModule   = lazyregexp.New(`\bmod:\s*\{`)
	mixReleases = lazyregexp.New(`\breleases:\s*\[\s*(\w+):`)
	mixList     = lazyregexp.New(`\bdefp?\s+releases\b[^\[]*\[\s*(\w+):`)
	mixEscript  = lazyregexp.New(`\bescript:`)
	mixPhoenix  = lazyregexp.New(`\{\s*:phoenix\s*,`)
	mixUmbrella = lazyregexp.New(`\bapps_path:`)
)

const (
	elixirPhoenix  = "mix phx.server"
	elixirRun      = "mix run --no-halt"
	elixirReleases = "_build/prod/rel/"
)

// elixirStart starts the server of Phoenix, else a release, else what mix runs. A project without a module to start is a library.
func elixirStart(app App, mix string) (cmd string, why cause, noStart string, err error) {
	umbrella := mixUmbrella.MatchString(mix)
	files := []string{mixFile}
	if umbrella {
		more, err := app.Tree.Files("apps/*/" + mixFile)
		if err != nil {
			return "", cause{}, "", err
		}
		files = append(files, more...)
	}
	for _, file := range files {
		if text, err := app.Tree.Read(file); err == nil && mixPhoenix.MatchString(text) {
			return elixirPhoenix, byLine(app, file, ":phoenix", "phoenix is a dependency"), "", nil
		}
	}
	name := elixirReleaseName(mix)
	switch {
	case name != "" && (mixModule.MatchString(mix) || strings.Contains(mix, "releases:")):
		return fmt.Sprintf("%s%s/bin/%[2]s start", elixirReleases, name), byLine(app, mixFile, name, "it is the name of the release"), "", nil
	case umbrella, mixModule.MatchString(mix):
		return elixirRun, byFile(mixFile, "it names no release"), "", nil
	case mixEscript.MatchString(mix):
		return "", cause{}, noService(mixFile+" has escript and no module to start", aCommand), nil
	}
	return "", cause{}, noService(mixFile+" has no module to start", aLibrary), nil
}

// elixirReleaseName is the first release that mix.exs lists, else the one that a project has by itself, which an umbrella has not.
func elixirReleaseName(mix string) string {
	patterns := []*lazyregexp.Regexp{mixReleases, mixList, mixApp}
	if mixUmbrella.MatchString(mix) {
		patterns = patterns[:2]
	}
	for _, pattern := range patterns {
		if m := pattern.FindStringSubmatch(mix); m != nil {
			return m[1]
		}
	}
	return ""
}

// elixirRelease makes the release that is started, "" if none is.
func elixirRelease(app App, mix, start string) string {
	if app.UserStart != nil {
		start = *app.UserStart
	}
	name := elixirReleaseName(mix)
	switch {
	case name == "" || !strings.Contains(start, elixirReleases):
		return ""
	case mixReleases.MatchString(mix) || mixList.MatchString(mix):
		return "mix release " + name
	}
	return "mix release"
}
