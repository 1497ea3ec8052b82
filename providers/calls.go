package providers

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// programSources are the files that may call programs when the app runs.
const programSources = "**/*.{bash,cjs,clj,cr,cs,cts,dart,erl,ex,exs,fs,go,java,js,jsx,kt,mjs,mts,php,pl,py,rb,rs,scala,sh,swift,ts,tsx}"

// maxCallSources is how many of [programSources] are read at most.
const maxCallSources = 2000

// testSource is a file that does not run with the app.
var testSource = lazyregexp.New(`(^|/)(node_modules|vendor|tests?|__tests__|spec)/|(\.|_)(test|spec)\.[a-z]+$|(^|/)test_[^/]*$|(^|/)\.`)

// sayers are functions whose first argument is a text for people. It may begin with the name of a program.
var sayers = []string{"debug", "err", "error", "fatal", "info", "log", "notice", "print", "printf", "println", "puts", "trace", "warn", "warning", "write", "writeline"}

// A programCalls finds where one of some programs is called.
type programCalls struct {
	programs []string
	word     *lazyregexp.Regexp // in commands
	call     *lazyregexp.Regexp // in sources: the first argument of a call, or the first word of a list
}

func newProgramCalls(programs []string) programCalls {
	var names []string
	for _, p := range programs {
		names = append(names, regexp.QuoteMeta(p))
	}
	name := `(?:[\w./-]*/)?(` + strings.Join(names, "|") + `)`
	return programCalls{
		programs: programs,
		word:     lazyregexp.New(`(?m)(?:^|[\s;&|({"'])` + name + `(?:[\s;&|)}"']|$)`),
		call:     lazyregexp.New("(?i:(\\w*)!?)\\s*[(\\[]\\s*[\"'`](?:/usr/bin/env\\s+)?" + name + "(?:[\\s\"'`])"),
	}
}

// CallingSource says which file of the app's sources calls one of the programs, such as "run.js:3 calls npm"; "" if none does. Where there are too
// many files to look at, one may.
func CallingSource(tree *source.Tree, programs []string) string {
	return newProgramCalls(programs).inSources(tree)
}

func (c programCalls) inSources(tree *source.Tree) string {
	files, err := tree.Files(programSources)
	if err != nil {
		return ""
	}
	files = slices.DeleteFunc(slices.Clone(files), testSource.MatchString)
	if len(files) > maxCallSources {
		return fmt.Sprintf("more than %d files may call it", maxCallSources)
	}
	for _, file := range files {
		text, err := tree.Read(file)
		if err != nil || !slices.ContainsFunc(c.programs, func(p string) bool { return strings.Contains(text, p) }) {
			continue
		}
		if at := c.find(file, text); at != nil {
			return fmt.Sprintf("%s:%d calls %s", file, 1+strings.Count(text[:at[0]], "\n"), text[at[0]:at[1]])
		}
	}
	return ""
}

// find returns where the name of the first program that a source calls begins and ends, nil if it calls none.
func (c programCalls) find(file, text string) []int {
	if ext := path.Ext(file); ext == ".sh" || ext == ".bash" {
		if at := c.word.FindStringSubmatchIndex(text); at != nil {
			return at[2:4]
		}
		return nil
	}
	for _, at := range c.call.FindAllStringSubmatchIndex(text, -1) {
		if !slices.Contains(sayers, strings.ToLower(text[at[2]:at[3]])) {
			return at[4:6]
		}
	}
	return nil
}
