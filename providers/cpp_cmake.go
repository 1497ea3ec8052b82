package providers

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

const cmakeFile = "CMakeLists.txt"

// Bounds of what is read of a build of C, which could fill the memory with values of values.
const (
	cppFiles    = 500      // that a build is described in
	cppBytes    = 1 << 20  // of one of them
	cppPerBuild = 200      // programs
	cppValue    = 4 << 10  // bytes of a value
	cppValues   = 16 << 20 // bytes of all
)

// Where an app lies in its image, and what CMake makes there.
const (
	cppRoot  = "/app"
	cppBuilt = "/app/build"

	cppUnknown = "$" // is in no path
)

// A cmakeCommand is one command of a CMakeLists.txt.
type cmakeCommand struct {
	name string // in lower case
	args []string
	line int // from 1
}

// cmakeCommands reads the commands of a text, as far as they can be told:
// https://cmake.org/cmake/help/latest/manual/cmake-language.7.html#syntax
func cmakeCommands(text string) []cmakeCommand {
	var list []cmakeCommand
	var open *cmakeCommand
	word, line, depth := "", 1, 0
	for text != "" {
		piece, arg, isArg := cmakePiece(text)
		switch {
		case piece == "(":
			if depth++; depth == 1 {
				open = &cmakeCommand{name: strings.ToLower(word), line: line}
			}
		case piece == ")":
			if depth = max(depth-1, 0); depth == 0 && open != nil {
				list, open = append(list, *open), nil
			}
		case isArg && open == nil:
			word = arg
		case isArg:
			open.args = append(open.args, arg)
		}
		line += strings.Count(piece, "\n")
		text = text[len(piece):]
	}
	return list
}

// cmakePiece is the next piece of a text: a parenthesis, a blank, a comment, or an argument without its quotes.
func cmakePiece(text string) (piece, arg string, isArg bool) {
	until := func(begin, end string) int {
		if i := strings.Index(text[len(begin):], end); i >= 0 {
			return len(begin) + i + len(end)
		}
		return len(text)
	}
	switch {
	case strings.HasPrefix(text, "#[["):
		return text[:until("#[[", "]]")], "", false
	case text[0] == '#':
		return text[:until("#", "\n")], "", false
	case strings.HasPrefix(text, "[["):
		piece = text[:until("[[", "]]")]
		return piece, strings.TrimSuffix(piece[2:], "]]"), true
	case text[0] == '"':
		piece = text[:quotedLength(text)]
		return piece, strings.TrimSuffix(piece[1:], `"`), true
	case strings.ContainsRune(" \t\r\n()", rune(text[0])):
		return text[:1], "", false
	}
	n := 1
	for n < len(text) && !strings.ContainsRune(" \t\r\n()#\"", rune(text[n])) {
		n++
	}
	return text[:n], text[:n], true
}

// quotedLength is the length of a text in quotes, up to the second one that no backslash is before.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// A cmakeReader goes through the CMakeLists.txt of an app.
type cmakeReader struct {
	app   App
	found cppPrograms
	vars  map[string]string
	spent int             // bytes of values
	read  map[string]bool // folders

	tests     []string
	installed []string
	names     map[string]string // of files, by program
	places    map[string]string // folders, by program
}

// cmakePrograms are the programs that CMake makes of an app.
func cmakePrograms(app App, file string) cppPrograms {
	r := &cmakeReader{
		app: app, found: cppPrograms{file: file}, read: map[string]bool{}, names: map[string]string{}, places: map[string]string{},
		vars: map[string]string{"CMAKE_SOURCE_DIR": cppRoot, "CMAKE_BINARY_DIR": cppBuilt, "CMAKE_EXECUTABLE_SUFFIX": ""},
	}
	r.folder(".")
	list := r.found.list
	r.found.list = nil
	for _, c := range list {
		if slices.Contains(r.tests, c.name) || cppExtra.MatchString(c.name) {
			continue
		}
		if place, ok := r.places[c.name]; ok {
			c.path = place
		}
		c.path = path.Join(c.path, cmp.Or(r.names[c.name], c.name))
		c.installed = slices.Contains(r.installed, c.name)
		r.found.add(c)
	}
	return r.found
}

// cppExtra is the name of a program or a folder that is beside what is run: tests, examples, measurements.
var cppExtra = lazyregexp.New(`(?i)(?:^|[_-])(?:unit)?(?:tests?|testing|gtest|catch2?|benchmarks?|bench|examples?|samples?|demos?|fuzz(?:er|ing)?|docs?)(?:$|[_-])`)

// cppForeign is a folder of other people's code.
var cppForeign = lazyregexp.New(`(?i)^(?:third[_-]?party|3rd[_-]?party|externals?|extern|vendor|deps|dependencies|submodules|libs?)$`)

// folder reads the CMakeLists.txt of a folder of the app.
func (r *cmakeReader) folder(dir string) {
	if r.read[dir] || len(r.read) == cppFiles {
		return
	}
	r.read[dir] = true
	file := path.Join(dir, cmakeFile)
	text, err := r.app.Tree.Read(file)
	if err != nil || len(text) > cppBytes {
		r.found.unclear = true
		return
	}
	outer := map[string]string{}
	for name, value := range map[string]string{"CMAKE_CURRENT_SOURCE_DIR": path.Join(cppRoot, dir), "CMAKE_CURRENT_BINARY_DIR": path.Join(cppBuilt, dir)} {
		outer[name], r.vars[name] = r.vars[name], value
	}
	var blocks cmakeBlocks
	for _, c := range cmakeCommands(text) {
		if !blocks.counts(c) {
			continue
		}
		var args []string
		for _, a := range c.args {
			args = append(args, r.expand(a))
		}
		r.command(dir, cmakeCommand{c.name, args, c.line})
	}
	for name, value := range outer {
		r.vars[name] = value
	}
}

// command does what a command means for programs.
func (r *cmakeReader) command(dir string, c cmakeCommand) {
	if len(c.args) == 0 {
		return
	}
	first, rest := c.args[0], c.args[1:]
	switch c.name {
	case "project":
		r.project(dir, first)
	case "set":
		if i := slices.IndexFunc(rest, func(a string) bool { return a == "CACHE" || a == "PARENT_SCOPE" }); i >= 0 {
			rest = rest[:i]
		}
		if r.vars[first] = strings.Join(rest, ";"); len(r.vars[first]) > cppValue {
			r.vars[first] = cppUnknown
		}
	case "add_subdirectory":
		sub := path.Join(dir, first)
		if base := path.Base(sub); path.IsAbs(first) || strings.HasPrefix(sub, "..") || cppExtra.MatchString(base) || cppForeign.MatchString(base) {
			return
		}
		r.folder(sub)
	case "add_executable":
		if len(rest) > 0 && (rest[0] == "IMPORTED" || rest[0] == "ALIAS") {
			return
		}
		if !asciiProgramName.MatchString(first) {
			r.found.unclear = true
			return
		}
		r.found.add(cppProgram{name: first, path: r.place(r.vars["CMAKE_RUNTIME_OUTPUT_DIRECTORY"]), file: path.Join(dir, cmakeFile), line: c.line})
	case "install":
		if first == "TARGETS" {
			r.installed = append(r.installed, rest...)
		}
	case "add_test", "gtest_discover_tests", "catch_discover_tests", "doctest_discover_tests":
		r.tests = append(r.tests, c.args...)
	case "set_target_properties":
		r.properties(c.args)
	}
}

func (r *cmakeReader) project(dir, name string) {
	r.vars["PROJECT_NAME"] = name
	r.vars["PROJECT_SOURCE_DIR"], r.vars["PROJECT_BINARY_DIR"] = path.Join(cppRoot, dir), path.Join(cppBuilt, dir)
	if r.found.project == "" {
		r.found.project, r.vars["CMAKE_PROJECT_NAME"] = name, name
	}
}

// properties notes what a file of a program is called, and where it lies.
func (r *cmakeReader) properties(args []string) {
	at := slices.Index(args, "PROPERTIES")
	if at < 0 {
		return
	}
	for i := at + 1; i+1 < len(args); i += 2 {
		for _, target := range args[:min(at, cppPerBuild)] {
			switch args[i] {
			case "OUTPUT_NAME":
				r.names[target] = args[i+1]
			case "RUNTIME_OUTPUT_DIRECTORY":
				r.places[target] = r.place(args[i+1])
			}
		}
	}
}

// place is the folder that a setting names, or else the usual one, relative to the app. What cannot be told has a letter that no folder has.
func (r *cmakeReader) place(dir string) string {
	if !path.IsAbs(dir) {
		dir = path.Join(r.vars["CMAKE_CURRENT_BINARY_DIR"], dir)
	}
	if below, ok := strings.CutPrefix(path.Clean(dir), cppRoot+"/"); ok {
		return below
	}
	return cppUnknown
}

var cmakeVariable = lazyregexp.New(`\$\{([A-Za-z0-9_./+-]+)\}`)

// expand puts in the values of variables. A variable without one, which CMake may have, stays as it is.
func (r *cmakeReader) expand(text string) string {
	at := cmakeVariable.FindAllStringSubmatchIndex(text, -1)
	if at == nil {
		return text
	}
	var b strings.Builder
	end := 0
	for _, m := range at {
		b.WriteString(text[end:m[0]])
		value, ok := r.vars[text[m[2]:m[3]]]
		if !ok {
			value = text[m[0]:m[1]]
		}
		b.WriteString(value)
		if r.spent += len(value); b.Len() > cppValue || r.spent > cppValues {
			return cppUnknown
		}
		end = m[1]
	}
	return b.String() + text[end:]
}

// cmakeBlocks are the blocks that are open: a function, or an if. What is in a block that is not for this build does not count.
type cmakeBlocks []cmakeBlock

type cmakeBlock struct{ outer, inner bool } // whether what is around it counts, and what is in it

var (
	cmakeOther = []string{"WIN32", "APPLE", "ANDROID", "IOS", "MSVC", "MINGW", "CYGWIN", "EMSCRIPTEN"}
	cmakeExtra = lazyregexp.New(`(?i)test|bench|example|sample|demo|fuzz|_docs?\b`)
)

// counts takes the next command, and reports whether it counts.
func (b *cmakeBlocks) counts(c cmakeCommand) bool {
	last := len(*b) - 1
	outer := last < 0 || (*b)[last].inner
	switch c.name {
	case "if":
		condition := strings.Join(c.args, " ")
		other := slices.Contains(cmakeOther, condition) || cmakeExtra.MatchString(condition) && !slices.Contains(c.args, "NOT")
		*b = append(*b, cmakeBlock{outer, outer && !other})
	case "function", "macro":
		*b = append(*b, cmakeBlock{outer, false})
	case "else", "elseif":
		if last >= 0 {
			(*b)[last].inner = (*b)[last].outer
		}
	case "endif", "endfunction", "endmacro":
		*b = (*b)[:max(last, 0)]
	default:
		return outer
	}
	return false
}
