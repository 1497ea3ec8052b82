package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/rules"
)

// startEdition is the edition from which on the plans of compiled and of smaller languages start the program that an app has, and say so where
// it has none. JavaScript has [webEdition].
const startEdition rules.Edition = "2026.12"

// findsPrograms reports whether the app's edition looks for the program that is started, and does not take it for granted.
func (a App) findsPrograms() bool { return a.Edition.Has(string(startEdition)) }

// appDir is where the app lies in the image.
const appDir = "/app"

// What apps are that are no service.
const (
	aLibrary         = "a library"
	aCommand         = "a command line tool"
	anExtension      = "a browser extension"
	aPhoneApp        = "an app for phones"
	aDesktopApp      = "an app for desktops"
	aServletArchive  = "an app for a server of servlets"
	aWorkspacesApps  = "whose apps are built one by one"
	severalUndecided = "nothing says which one to start"
)

// noService is the [Output.NoStart] of an app that is no service: the fact that shows it, and what the app is instead.
func noService(fact, kind string) string { return fact + ", so that it is " + kind }

// workspaceRoot is the [Output.NoStart] of a directory that only holds apps together.
func workspaceRoot(file string) string {
	return file + " is the root of a workspace, " + aWorkspacesApps
}

// asideFolders are folders whose programs help those who work on an app.
var asideFolders = []string{"example", "examples", "hack", "script", "scripts", "test", "tests", "tool", "tools"}

// servingNames are what people call the program of several that serves, the most telling first.
var servingNames = []string{"server", "api", "web"}

// preferred is the first of the wanted names that is among the names of programs; "" if none is. Where the wanted names have a word for a
// server, a single name that ends in it counts, too, as shop-server does.
func preferred(names []string, wanted ...string) string {
	if i := slices.IndexFunc(wanted, func(name string) bool { return slices.Contains(names, name) }); i >= 0 {
		return wanted[i]
	}
	for _, word := range servingNames {
		serving := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			return !strings.HasSuffix(name, "-"+word) && !strings.HasSuffix(name, "_"+word)
		})
		if len(serving) == 1 && slices.Contains(wanted, word) {
			return serving[0]
		}
	}
	return ""
}

// severalPrograms warns of an app with several programs, of which one is started, "" for none, and says how to choose.
func severalPrograms(app App, names []string, started, way string) []string {
	if len(names) < 2 || app.UserStart != nil {
		return nil
	}
	told := severalUndecided
	if started != "" {
		told = started + " is started"
	}
	return []string{fmt.Sprintf("the app has several programs (%s), and %s; %s", few(names), told, way)}
}

// startWord is the program that the user's start command calls, as it is written there, "" if the user gives none.
func (a App) startWord() string {
	if a.UserStart == nil {
		return ""
	}
	words := strings.Fields(*a.UserStart)
	for len(words) > 0 && (words[0] == "exec" || strings.Contains(words[0], "=")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
