package manual

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Texts reads the strings of all Go files below the root of the repository that can be sentences, a page a file: help, errors, warnings and
// the words of comments on pull requests. Each string is a paragraph. A verb of fmt and a value between two strings are the word CODE. Tests are
// left out.
func Texts(root string) ([]Page, error) {
	return goFiles(root, func(name string) (string, error) {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(filepath.ToSlash(name), "/test/") {
			return "", nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return "", err
		}
		return texts(file), nil
	})
}

// A sentence has this many words at least.
const fewestWords = 4

var smallWords = strings.Fields("a an and are at but by cannot for from has have if in is it its no not of on or that the there this to what which with")

var (
	verb    = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z]`)
	letters = regexp.MustCompile(`^[\p{L}]+[,;:.]?$`)
)

func texts(file *ast.File) string {
	var b strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		expr, ok := n.(ast.Expr)
		if !ok {
			_, isImport := n.(*ast.ImportSpec)
			return !isImport
		}
		text, ok := joined(expr)
		if !ok {
			return true
		}
		if text = verb.ReplaceAllString(text, "CODE"); isSentence(text) {
			b.WriteString(strings.ReplaceAll(text, "\n  ", "\n\n")) // an indented line of help is a paragraph
			b.WriteString("\n\n")
		}
		return false
	})
	return b.String()
}

// joined is the text of a string, or of strings and values with a plus between them.
func joined(expr ast.Expr) (string, bool) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, isLeft := joined(e.X)
		right, isRight := joined(e.Y)
		if e.Op != token.ADD || !isLeft && !isRight {
			return "", false
		}
		if !isLeft {
			left = "CODE"
		}
		if !isRight {
			right = "CODE"
		}
		return left + right, true
	}
	return "", false
}

// isSentence tells prose from code and from lists of names: most of its words are made of letters, and one in ten is a small word.
func isSentence(text string) bool {
	words := strings.Fields(text)
	plain, small := 0, 0
	for _, w := range words {
		if letters.MatchString(w) {
			plain++
		}
		if slices.Contains(smallWords, w) {
			small++
		}
	}
	return small*10 >= len(words) && plain >= fewestWords && plain*2 > len(words)
}
