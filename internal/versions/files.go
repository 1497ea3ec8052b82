package versions

import (
	"errors"
	"strings"
	"unicode"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/source"
)

// oneLine reads a file that holds a version: its first line that is neither blank nor a comment.
func oneLine(tree *source.Tree, file string) (value, error) {
	text, err := small(tree, file)
	if err != nil {
		return value{}, err
	}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		if line = withoutComment(line); line != "" {
			return value{text: line, line: number}, nil
		}
	}
	return value{}, nil
}

// withoutComment is a line without what follows a number sign, trimmed.
func withoutComment(line string) string {
	line, _, _ = strings.Cut(line, "#")
	return strings.TrimSpace(line)
}

// toolVersions reads the .tool-versions of asdf: a tool a line with its versions, of which the first is meant.
func toolVersions(names []string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		text, err := small(tree, file)
		if err != nil {
			return value{}, err
		}
		number := 0
		for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
			number++
			words := strings.Fields(withoutComment(line))
			if len(words) > 1 && has(names, words[0]) {
				return value{key: words[0], text: words[1], line: number}, nil
			}
		}
		return value{}, nil
	}
}

// goDirective reads the go or the toolchain line of go.mod or go.work.
func goDirective(verb string) func(*source.Tree, string) (value, error) {
	return func(tree *source.Tree, file string) (value, error) {
		text, err := tree.Bytes(file)
		if err != nil {
			return value{}, err
		}
		var syntax *modfile.FileSyntax
		if file == "go.work" {
			f, err := modfile.ParseWork(file, text, nil)
			if err != nil {
				return value{}, goError(file, err)
			}
			syntax = f.Syntax
		} else {
			f, err := modfile.ParseLax(file, text, nil)
			if err != nil {
				return value{}, goError(file, err)
			}
			syntax = f.Syntax
		}
		for _, statement := range syntax.Stmt {
			if line, ok := statement.(*modfile.Line); ok && len(line.Token) == 2 && line.Token[0] == verb {
				return value{text: line.Token[1], line: line.Start.Line}, nil
			}
		}
		return value{}, nil
	}
}

func goError(file string, err error) error {
	e := &source.Error{Op: "parsing", Name: file, Err: err}
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		e.Line, e.Err = list[0].Pos.Line, list[0].Err
	}
	e.Err = errors.New(oneShortLine(e.Err.Error()))
	return e
}

// maxQuoted bounds the text of an error that repeats text of a file, in runes.
const maxQuoted = 160

// oneShortLine is a text that can be shown: the parser repeats what it does not understand as it is.
func oneShortLine(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
	if len(runes) > maxQuoted {
		runes = append(runes[:maxQuoted], '…')
	}
	return string(runes)
}
