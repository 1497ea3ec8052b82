package providers

import (
	"path"

	"github.com/org/npx-action/internal/lazyregexp"
)

// prismaSQLite is how a schema of Prisma says that its database is one of SQLite.
var prismaSQLite = lazyregexp.New(`(?m)^\s*provider\s*=\s*"sqlite"`)

// ownsDatabases gives to the program the databases of SQLite that it makes. Prisma makes its database beside the schema.
func (n *nodeApp) ownsDatabases(members []nodeMember) ([]Fix, error) {
	fixes, err := ownsDriven(n.App, npm, func(name string) (cause, bool) { return n.installs(name, true, members) })
	if err != nil || !n.choosesVersions() {
		return nil, err
	}
	schema, found, err := n.Tree.Match(prismaSQLite, "prisma/schema.prisma")
	if err != nil || found == nil {
		return fixes, err
	}
	return append(fixes, owns(schema+" has a database of SQLite beside it", ".", path.Dir(schema))), nil
}
