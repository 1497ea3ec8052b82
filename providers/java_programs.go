package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A javaStart is how an app of Java is started.
type javaStart struct {
	cmd      string // "" for a library
	why      cause
	noStart  string // as in [Output]
	goals    string // of Gradle, beside those of every build
	project  string // of Gradle, that alone is built; "" for all
	module   string // of Maven, that alone is built with what it needs; "" for all
	warnings []string
}

// A javaModule is a module of an app that makes something to start.
type javaModule struct {
	dir, file string
	start     string
	goals     string
	line      int
	why       string
}

const quarkusOptions = "-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080}"

// javaMain is a class or a file that can be started.
var javaMain = lazyregexp.New(`\bvoid\s+main\s*\(|\bfun\s+main\s*\(|\bextends\s+App\b|@main\b`)

const javaSources = "**/*.{java,kt,groovy,scala}"

// inModule is the beginning of paths in a module, as one part of a word of a command.
func inModule(dir string) string {
	if dir == "." {
		return ""
	}
	return shellPath(dir) + "/"
}

// chooseJavaModule takes the module of the root, else one that is called as a server is, else the first.
func chooseJavaModule(app App, all []javaModule) javaStart {
	slices.SortStableFunc(all, func(a, b javaModule) int { return strings.Compare(a.dir, b.dir) }) // the root is first
	chosen := all[0]
	var warnings []string
	if chosen.dir != "." {
		var names []string
		for _, m := range all {
			names = append(names, path.Base(m.dir))
		}
		if name := preferred(names, append(slices.Clone(servingNames), "app", "application")...); name != "" {
			chosen = all[slices.Index(names, name)]
		}
		warnings = severalPrograms(app, names, path.Base(chosen.dir), "for another one give a start command")
	}
	return javaStart{cmd: chosen.start, why: cause{chosen.file, chosen.line, chosen.why}, goals: chosen.goals, warnings: warnings}
}

// startsClass says that an app without anything to start is a library. One with a class to start gets a warning, as its jar may not name it.
func startsClass(app App, fact string) (javaStart, error) {
	file, _, err := app.Tree.Match(javaMain, javaSources)
	switch {
	case err != nil:
		return javaStart{}, err
	case file == "":
		return javaStart{noStart: noService(fact, aLibrary)}, nil
	}
	return javaStart{warnings: []string{fmt.Sprintf("%s can be started, but %s, so that the jar may not start; let the build name the main class", file, fact)}}, nil
}
