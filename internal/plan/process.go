package plan

import "github.com/org/npx-action/internal/lazyregexp"

// processName is a word that is neither an option nor one that a shell would expand.
var processName = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$`)

// NamesProgram reports whether a process can be a program of its name, which users call.
func NamesProgram(process string) bool { return processName.MatchString(process) }
