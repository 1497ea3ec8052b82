// Package shell tells what a command line means without a shell: the words of a simple command, and the program that a line ends in.
package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Words returns the arguments of a command line that means the same without a shell: one program, whose words stand for themselves. It is
// false for all others: assignments, variables, patterns, operators, redirections, builtins, and scripts of a shell, which need not name
// their interpreter.
func Words(line string) ([]string, bool) {
	stmts, ok := parse(line)
	if !ok || len(stmts) != 1 {
		return nil, false
	}
	call, ok := plain(stmts[0])
	if !ok || len(call.Assigns) > 0 {
		return nil, false
	}
	var words []string
	for _, w := range call.Args {
		s, ok := literal(w)
		if !ok {
			return nil, false
		}
		words = append(words, s)
	}
	if words[0] == "exec" && len(words) > 1 && !strings.HasPrefix(words[1], "-") {
		words = words[1:]
	}
	return words, isProgram(words[0])
}

// Exec returns the command line with its last program in the shell's place, so that the program gets the signals that the shell would get.
// It is false if the line does not end in one program: in a pipe, a loop, the background, a builtin.
func Exec(line string) (string, bool) {
	stmts, ok := parse(line)
	if !ok || len(stmts) == 0 {
		return line, false
	}
	last := stmts[len(stmts)-1]
	for {
		if last.Negated || last.Background || last.Coprocess {
			return line, false
		}
		and, ok := last.Cmd.(*syntax.BinaryCmd)
		if !ok {
			break
		}
		if and.Op != syntax.AndStmt || len(last.Redirs) > 0 {
			return line, false
		}
		last = and.Y
	}
	call, ok := last.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return line, false
	}
	name, known := literal(call.Args[0])
	if known && name == "exec" {
		return line, true
	}
	if known && slices.Contains(builtins, name) {
		return line, false
	}
	at := call.Args[0].Pos().Offset()
	return line[:at] + "exec " + line[at:], true
}

// Program is the name of the one program that a command line starts, whatever its other words are. It is "" for a line that does more.
func Program(line string) string {
	stmts, ok := parse(line)
	if !ok || len(stmts) != 1 {
		return ""
	}
	call, ok := plain(stmts[0])
	if !ok {
		return ""
	}
	if name, known := literal(call.Args[0]); known && isProgram(name) {
		return name
	}
	return ""
}

// Programs lists what a command line starts, as far as its words stand for themselves, in order.
func Programs(line string) []string {
	var names []string
	stmts, _ := parse(line)
	for _, stmt := range stmts {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			if call, ok := n.(*syntax.CallExpr); ok && len(call.Args) > 0 {
				if name, known := literal(call.Args[0]); known && isProgram(name) {
					names = append(names, name)
				}
			}
			return true
		})
	}
	return names
}

// Alone is the path of the program of a command line that is nothing else, "" for all other lines.
func Alone(line string) string {
	if words, ok := Words(line); ok && len(words) == 1 && strings.Contains(words[0], "/") {
		return words[0]
	}
	return ""
}

// builtins are names that mean something to a shell alone.
var builtins = []string{
	".", ":", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "continue", "declare", "dirs", "eval", "exec", "exit", "export",
	"fg", "getopts", "hash", "jobs", "let", "local", "mapfile", "popd", "pushd", "read", "readonly", "return", "set", "shift", "shopt", "source",
	"trap", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait",
}

// isProgram reports whether a word names a program that a kernel can start.
func isProgram(word string) bool {
	script := strings.Contains(word, "/") && slices.Contains([]string{".sh", ".bash"}, path.Ext(word))
	return word != "" && !script && !slices.Contains(builtins, word)
}

func parse(line string) ([]*syntax.Stmt, bool) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), "")
	if err != nil {
		return nil, false
	}
	return file.Stmts, true
}

// plain returns the command of a statement that is nothing else.
func plain(s *syntax.Stmt) (*syntax.CallExpr, bool) {
	if s.Negated || s.Background || s.Coprocess || len(s.Redirs) > 0 {
		return nil, false
	}
	call, ok := s.Cmd.(*syntax.CallExpr)
	return call, ok && len(call.Args) > 0
}

// special are the characters that a shell expands outside of quotes, or takes a backslash before.
const special = `*?[~{\`

// literal returns the text of a word that no shell expands.
func literal(w *syntax.Word) (string, bool) {
	var text strings.Builder
	for _, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			if strings.ContainsAny(p.Value, special) {
				return "", false
			}
			text.WriteString(p.Value)
		case *syntax.SglQuoted:
			if p.Dollar {
				return "", false
			}
			text.WriteString(p.Value)
		case *syntax.DblQuoted:
			s, ok := quoted(p)
			if !ok {
				return "", false
			}
			text.WriteString(s)
		default:
			return "", false
		}
	}
	return text.String(), true
}

// quoted returns the text between double quotes, if it stands for itself.
func quoted(q *syntax.DblQuoted) (string, bool) {
	var text strings.Builder
	for _, part := range q.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok || strings.Contains(lit.Value, `\`) {
			return "", false
		}
		text.WriteString(lit.Value)
	}
	return text.String(), !q.Dollar
}
