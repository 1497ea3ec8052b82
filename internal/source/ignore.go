package source

import (
	"bytes"
	"fmt"
	"strings"
)

// Bounds of ignore files: each rule that is in force is tried on each name that the walk meets.
const (
	ignoreBytes = 256 << 10
	ignoreRules = 10_000
)

// A rule is a line of an ignore file.
type rule struct {
	pattern
	include  bool // a "!" in front: what the rules before ignore is not ignored
	dirOnly  bool
	anchored bool // it matches the path below the file's directory, not the base name
}

// A scope holds the rules of one directory, which count for what lies below.
type scope struct {
	above      *scope
	prefix     string // of the names of the directory's entries
	git, plain []rule
	count      int // of all rules in force
}

// add returns the scope of a directory with these rules; the scope above itself if there are none.
func (s *scope) add(prefix string, git, plain []rule) (*scope, error) {
	n := len(git) + len(plain)
	if n == 0 {
		return s, nil
	}
	if s != nil {
		n += s.count
	}
	if n > ignoreRules {
		dir := strings.TrimSuffix("./"+prefix, "/")
		return nil, walkError(dir, &LimitError{ignoreRules, fmt.Sprintf("%s has more than %d lines in ignore files", dir, ignoreRules)})
	}
	return &scope{s, prefix, git, plain, n}, nil
}

// ignores reports whether the rules leave out an entry. The deepest file that has a rule for it decides, in
// it the last such line. All of .ignore count before any .gitignore.
func (s *scope) ignores(name, base string, isDir bool) bool {
	for _, rules := range []func(*scope) []rule{plainRules, gitRules} {
		for c := s; c != nil; c = c.above {
			list := rules(c)
			for i := len(list) - 1; i >= 0; i-- {
				if list[i].match(name[len(c.prefix):], base, isDir) {
					return !list[i].include
				}
			}
		}
	}
	return false
}

func plainRules(s *scope) []rule { return s.plain }
func gitRules(s *scope) []rule   { return s.git }

func (r *rule) match(name, base string, isDir bool) bool {
	if r.dirOnly && !isDir {
		return false
	}
	if r.anchored {
		return r.pattern.match(name)
	}
	return r.pattern.match(base)
}

// parseIgnore reads an ignore file as gitignore(5) says. A line that is no pattern matches nothing.
func parseIgnore(name string, b []byte) ([]rule, error) {
	if len(b) > ignoreBytes {
		return nil, &Error{
			Op: reading, Name: name,
			Err:  &LimitError{ignoreBytes, fmt.Sprintf("%s is over the limit of %s for an ignore file", bytesText(int64(len(b))), bytesText(ignoreBytes))},
			Hint: "name directories instead of files",
		}
	}
	var rules []rule
	for line := range strings.SplitSeq(string(bytes.TrimPrefix(b, bom)), "\n") {
		if r, ok := parseRule(strings.TrimSuffix(line, "\r")); ok {
			rules = append(rules, r)
		}
	}
	return rules, nil
}

func parseRule(line string) (rule, bool) {
	var r rule
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	line = trimSpaces(line)
	line, r.include = strings.CutPrefix(line, "!")
	if line, r.dirOnly = strings.CutSuffix(line, "/"); line == "" {
		return r, false
	}
	r.anchored = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	d := dialect{}
	tokens, err := d.tokens(line)
	if err != nil {
		return r, false
	}
	r.pattern, err = d.compile(tokens, !r.anchored)
	return r, err == nil
}

// trimSpaces removes blanks at the end of a line that no backslash protects.
func trimSpaces(s string) string {
	for strings.HasSuffix(s, " ") {
		t := s[:len(s)-1]
		if slashes := len(t) - len(strings.TrimRight(t, `\`)); slashes%2 == 1 {
			return s
		}
		s = t
	}
	return s
}
