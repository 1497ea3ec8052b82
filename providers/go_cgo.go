package providers

import (
	"fmt"
	"strconv"
)

// cgoVariable says whether Go compiles the C of packages.
const cgoVariable = "CGO_ENABLED"

// goCModules are modules that need their C to be compiled, and no library beside their own sources.
var goCModules = []string{
	"github.com/confluentinc/confluent-kafka-go", "github.com/confluentinc/confluent-kafka-go/v2", "github.com/chai2010/webp",
	"github.com/marcboeker/go-duckdb", "github.com/marcboeker/go-duckdb/v2", "github.com/mattn/go-sqlite3", "github.com/tursodatabase/go-libsql",
	"gorm.io/driver/sqlite",
}

// callsC reports whether Go compiles the C of packages, and why. The variable decides. Without it, editions after 1.39 go by what go.mod itself
// requires, as the packages of an indirect requirement may not be used at all.
func (a App) callsC() (bool, cause) {
	if value, ok := a.Vars[cgoVariable]; ok {
		return value == "1", cause{why: fmt.Sprintf("the variable %s is %.10q", cgoVariable, value)}
	}
	why := byDefault("the binary does without C unless a variable says otherwise")
	if !a.choosesVersions() {
		return false, why
	}
	for _, module := range goCModules {
		if where, ok := a.requires(module); ok {
			where.why += ", which is compiled from C"
			return true, where
		}
	}
	return false, why
}

// requires is where go.mod itself asks for a module.
func (a App) requires(module string) (cause, bool) {
	if !a.Tree.Contains("go.mod", module) {
		return cause{}, false // without the cost of reading all of the file
	}
	mod, err := readGoMod(a, "go.mod")
	if err != nil {
		return cause{}, false // which the planner tells where it has to read the file
	}
	for _, r := range mod.Require {
		if !r.Indirect && r.Mod.Path == module {
			return cause{file: "go.mod", line: r.Syntax.Start.Line, why: "it requires " + strconv.Quote(module)}, true
		}
	}
	return cause{}, false
}
