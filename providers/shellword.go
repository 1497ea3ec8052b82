package providers

import (
	"regexp"
	"strings"
	"sync"
)

// plainPath is a path that a shell takes for one word that means itself. Brackets count as plain: they stand for
// themselves unless they match a file, and routes are named with them.
var plainPath = letters(`^[\pL\pN_%+,./:=@\[\]^-]+$`)

// letters is an expression with the letters of all languages, of which there are many: it is compiled when it is used.
func letters(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Names of programs that go into commands as they are: programName in letters of any language, asciiProgramName where the language
// allows no others.
var (
	programName      = letters(`^[\pL\pN_][\pL\pN_.+-]*$`)
	asciiProgramName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
)

// shellPath returns a path as one word of a command: as it is if that is safe, else quoted.
func shellPath(name string) string {
	if strings.HasPrefix(name, "-") {
		name = "./" + name // not an option
	}
	if plainPath().MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
