package source

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// Dockerignore is the name of the file in which an app says what stays out of a build.
const Dockerignore = ".dockerignore"

// Excluded is what stays out of a build. The zero value keeps nothing out.
type Excluded struct {
	Patterns []string // in the syntax of .dockerignore; the last one that matches a name counts
	matcher  *patternmatcher.PatternMatcher
}

// Excluded reads the app's .dockerignore. A file that is not there excludes nothing.
func (t *Tree) Excluded() (Excluded, error) {
	if !t.HasFile(Dockerignore) {
		return Excluded{}, nil
	}
	text, err := t.Read(Dockerignore)
	if err != nil {
		return Excluded{}, err
	}
	patterns, err := ignorefile.ReadAll(strings.NewReader(text))
	if err != nil {
		return Excluded{}, &Error{Op: reading, Name: Dockerignore, Err: err, Hint: hintDockerignore}
	}
	e, err := NewExcluded(patterns)
	if bad := (*Error)(nil); errors.As(err, &bad) {
		bad.Op, bad.Name, bad.Line = parsing, Dockerignore, lineOfPattern(text)
	}
	return e, err
}

// NewExcluded compiles patterns, which are an app's or added to them. Its error is an [*Error] without a file.
func NewExcluded(patterns []string) (Excluded, error) {
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return Excluded{}, &Error{Op: "reading patterns of what stays out of the build", Err: err, Hint: hintDockerignore}
	}
	return Excluded{patterns, matcher}, nil
}

// hintDockerignore is what to do about a pattern that is none.
const hintDockerignore = "see the syntax of .dockerignore"

// lineOfPattern returns the number, from 1, of the first line that is no pattern; 0 if all are.
func lineOfPattern(text string) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		patterns, err := ignorefile.ReadAll(strings.NewReader(line))
		if err == nil {
			_, err = patternmatcher.New(patterns)
		}
		if err != nil {
			return n
		}
	}
	return 0
}

// Has reports whether a file or directory stays out, by its own name or the name of a directory above. The root never does, and
// neither does a directory if a pattern lets in something below it.
func (e Excluded) Has(name string) bool {
	name = path.Clean(name)
	if e.matcher == nil || name == "." {
		return false
	}
	out, err := e.matcher.MatchesOrParentMatches(name)
	return err == nil && out && !slices.ContainsFunc(e.Patterns, func(p string) bool {
		return strings.HasPrefix(p, "!"+name+"/")
	})
}
