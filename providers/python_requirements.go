package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// requirementsInstall lists requirements.txt and the files that it includes, or says which line may read
// something else. It knows what pip's requirements file format allows and stops at all else.
func requirementsInstall(app App, _ string) (files []string, blocker string) {
	const root = "requirements.txt"
	if !app.Tree.HasFile(root) {
		return nil, missing(root)
	}
	files = []string{root}
	seen := map[string]bool{root: true}
	for i := 0; i < len(files); i++ {
		name := files[i]
		text, err := readRequirements(app, name)
		if err != nil {
			return nil, unread(name, err)
		}
		lines, ok := requirementLines(text)
		if !ok {
			return nil, name + " has unusual line breaks"
		}
		for _, l := range lines {
			includes, why := l.parse(app.Vars)
			if why != "" {
				return nil, fmt.Sprintf("%s line %d %s", name, l.number, why)
			}
			for _, include := range includes {
				file := path.Join(path.Dir(name), include)
				if path.IsAbs(include) || !app.Tree.HasFile(file) {
					return nil, fmt.Sprintf("%s line %d includes a file that is not in the app", name, l.number)
				}
				if !seen[file] {
					seen[file] = true
					files = append(files, file)
				}
			}
		}
	}
	return files, ""
}

// readRequirements reads a file as pip does, which takes UTF-16 too. Edition 1.39 reads UTF-8 alone, as Nixpacks does.
func readRequirements(app App, name string) (string, error) {
	if app.choosesVersions() {
		return app.Tree.ReadMarked(name)
	}
	text, err := app.Tree.Read(name)
	return strings.TrimPrefix(text, "\ufeff"), err
}

// A requirementLine is a line without its comment, with the lines that continue it, never empty.
type requirementLine struct {
	number int // of the first of them, from 1
	text   string
}

var requirementComment = lazyregexp.New(`(^|\s+)#.*$`)

// requirementLines splits a requirements file; ok is false if it has line breaks other than \n, which tools
// see differently.
func requirementLines(text string) (lines []requirementLine, ok bool) {
	if strings.ContainsAny(text, "\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029") {
		return nil, false
	}
	var joined strings.Builder
	number, start := 0, 0
	flush := func() {
		if s := strings.TrimSpace(requirementComment.ReplaceAllString(joined.String(), "")); s != "" {
			lines = append(lines, requirementLine{start, s})
		}
		joined.Reset()
		start = 0
	}
	for line := range strings.Lines(text) {
		number++
		if start == 0 {
			start = number
		}
		line = strings.TrimSuffix(line, "\n")
		comment := strings.HasPrefix(strings.TrimSpace(line), "#")
		switch {
		case comment:
			joined.WriteString(" " + line)
			flush()
		case strings.HasSuffix(line, `\`):
			joined.WriteString(strings.Trim(line, `\`))
		default:
			joined.WriteString(line)
			flush()
		}
	}
	flush()
	return lines, true
}

// A pipOption says what the value of an option is.
type pipOption int

const (
	pipFlag    pipOption = iota + 1 // there is none
	pipWord                         // no path
	pipAddress                      // an address, or a path
	pipInclude                      // a requirements file, relative to the one at hand
)

// pipOptions are the options of a requirements file that can be judged.
var pipOptions = map[string]pipOption{
	"--no-index":        pipFlag,
	"--pre":             pipFlag,
	"--prefer-binary":   pipFlag,
	"--require-hashes":  pipFlag,
	"--hash":            pipWord,
	"--no-binary":       pipWord,
	"--only-binary":     pipWord,
	"--trusted-host":    pipWord,
	"--use-feature":     pipWord,
	"-i":                pipAddress,
	"--index-url":       pipAddress,
	"--extra-index-url": pipAddress,
	"-f":                pipAddress,
	"--find-links":      pipAddress,
	"-r":                pipInclude,
	"--requirement":     pipInclude,
	"-c":                pipInclude,
	"--constraint":      pipInclude,
}

var (
	pipVariable = lazyregexp.New(`\$\{[A-Z0-9_]+\}`)
	pipRemote   = lazyregexp.New(`(?i)^((git|hg|svn|bzr)\+)?(https?|ssh|git|ftp)://`)
	pipNamed    = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[A-Za-z0-9._,\s-]*\])?\s*@\s*`)
	pipRelease  = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[A-Za-z0-9._,\s-]*\])?\s*\(?([=~!<>][A-Za-z0-9.*+!_,<>=~\s-]*)?\)?\s*(;.*)?$`)
	pipArchive  = lazyregexp.New(`(?i)\.(whl|zip|tar|t(ar\.)?(gz|bz2?|xz|lz|lzma)|tlz)\s*(\[.*\]\s*)?$`)
)

// parse returns the files that the line includes, as written, and why the line may read something else:
// the rest of a sentence that begins with its place. The reason never has text of the line, which may hold
// a password.
func (l requirementLine) parse(vars plan.Vars) (includes []string, why string) {
	text := pipVariable.ReplaceAllStringFunc(l.text, func(s string) string {
		if v := vars[s[2:len(s)-1]]; v != "" {
			return v
		}
		return s
	})
	words := strings.Fields(text)
	options := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
	if options < 0 {
		options = len(words)
	}
	if requirement := strings.Join(words[:options], " "); requirement != "" {
		if why := judgeRequirement(requirement); why != "" {
			return nil, why
		}
	}
	return judgeOptions(words[options:])
}

func judgeRequirement(s string) (why string) {
	if at := pipNamed.FindString(s); at != "" || pipRemote.MatchString(s) {
		if pipRemote.MatchString(s[len(at):]) {
			return ""
		}
		return "may install from a path"
	}
	spec, _, _ := strings.Cut(s, ";")
	if !pipRelease.MatchString(s) || pipArchive.MatchString(spec) {
		return "may install from a path"
	}
	return ""
}

func judgeOptions(words []string) (includes []string, why string) {
	for len(words) > 0 {
		var name, value string
		name, value, words = splitOption(words)
		kind := pipOptions[name]
		if strings.ContainsAny(value, `"'\`) {
			return nil, "has a quoted option"
		}
		switch {
		case name == "-e" || name == "--editable":
			return nil, "installs from a path (" + name + ")"
		case kind == 0:
			return nil, "has an option that may read files"
		case kind == pipAddress && !pipRemote.MatchString(value) && !strings.HasPrefix(value, "${"):
			return nil, "looks for packages in a path (" + name + ")"
		case kind == pipInclude && strings.Contains(value, "$"):
			return nil, "includes a file that a variable names"
		case kind == pipInclude && pipRemote.MatchString(value):
		case kind == pipInclude && strings.Contains(value, ":"):
			return nil, "includes a file by an address"
		case kind == pipInclude:
			includes = append(includes, value)
		}
	}
	return includes, ""
}

// splitOption takes an option and its value off words: "--name=value", "--name value", "-n value", "-nvalue".
func splitOption(words []string) (name, value string, rest []string) {
	name, rest = words[0], words[1:]
	if !strings.HasPrefix(name, "--") && len(name) > 2 {
		return name[:2], name[2:], rest
	}
	name, value, given := strings.Cut(name, "=")
	if !given && pipOptions[name] > pipFlag && len(rest) > 0 {
		return name, rest[0], rest[1:]
	}
	return name, value, rest
}
