package dockerfile

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lazyregexp"
)

// An Error is a part of a graph that no Dockerfile can say. LLB can.
type Error struct {
	Phase, Field, Value string // where it stands in the plan, in the words of package plan; Value is "" for a variable
	Problem             string
	Hint                string
}

func (e *Error) Error() string { return e.Problem }

// argument is what BuildKit takes as the name of a build argument.
var argument = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Check returns an [*Error] if a graph has a part that [Format] cannot write: a value with line breaks is a build argument, and not every
// name is the name of one. A flag of RUN is read byte by byte, so a mount outside of ASCII would be elsewhere.
func Check(g *graph.Graph) error {
	for _, n := range g.Nodes {
		switch op := n.Op.(type) {
		case graph.Env:
			for _, v := range op.Vars {
				if !oneLine(v.Value) && !argument.MatchString(v.Name) {
					return &Error{"", "variable " + v.Name, "", fmt.Sprintf("a Dockerfile cannot hold the variable %q, whose value has line breaks", v.Name),
						"use letters, digits and underscores for its name, or build without --out and --dockerfile"}
				}
			}
		case graph.Run:
			for _, c := range op.Caches {
				if strings.ContainsFunc(c.Target, func(r rune) bool { return r > '~' }) {
					return &Error{n.Phase, "cache", c.Target, fmt.Sprintf("a Dockerfile cannot hold the cache directory %q, which is not ASCII", c.Target),
						"use another directory, or build without --out and --dockerfile"}
				}
			}
		}
	}
	return nil
}
