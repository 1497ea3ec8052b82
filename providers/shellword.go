package providers

import (
	"regexp"
	"strings"
)

// plainPath is a path that a shell takes for one word that means itself. Brackets count as plain: they stand for
// themselves unless they match a file, and routes are named with them.
var plainPath = regexp.MustCompile(`^[\pL\pN_%+,./:=@\[\]^-]+$`)

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
