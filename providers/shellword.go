package providers

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// plainPath is a path that a shell takes for one word that means itself. Brackets count as plain: they stand for
// themselves unless they match a file, and routes are named with them.
var plainPath = lazyregexp.New(`^[\pL\pN_%+,./:=@\[\]^-]+$`)

// Names of programs that go into commands as they are: programName in letters of any language, asciiProgramName where the language
// allows no others.
var (
	programName      = lazyregexp.New(`^[\pL\pN_][\pL\pN_.+-]*$`)
	asciiProgramName = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
)

// shellPath returns a path as one word of a command: as it is if that is safe, else quoted.
func shellPath(name string) string {
	if strings.HasPrefix(name, "-") {
		name = "./" + name // not an option
	}
	if plainPath.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
