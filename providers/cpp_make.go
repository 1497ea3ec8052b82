package providers

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A makeRule is what a Makefile says of a target.
type makeRule struct {
	needs  []string
	recipe []string // as it is in the file
	line   int      // from 1, of its first recipe
}

// A makeReader goes through a Makefile. Conditions are not decided: both of their branches count.
type makeReader struct {
	app   App
	found cppPrograms
	vars  map[string]string
	spent int // bytes of values
	rules map[string]*makeRule
	first string // target
	phony map[string]bool
	seen  map[string]bool
}

var (
	makeAssignment = lazyregexp.New(`^ *(?:(?:export|override) +)*([A-Za-z0-9_.-]+)[ \t]*(\+|\?|::?:?|!)?=[ \t]*(.*)$`)
	makeDirective  = lazyregexp.New(`^ *-?(?:define|else|endef|endif|export|if(?:n?eq|n?def)|include|sinclude|undefine|unexport|vpath)\b`)
	makeReference  = lazyregexp.New(`\$(?:\(([A-Za-z0-9_.-]+|[@<^])\)|\{([A-Za-z0-9_.-]+|[@<^])\}|([@<^]))`)

	// A command that links a program: by a compiler, and neither to an object nor to a library.
	makeLinks  = lazyregexp.New(`(?:^|[\s@;&/-])(?:cc|gcc|g\+\+|c\+\+|clang|clang\+\+|ld)(?:-[\d.]+)?\s`)
	makeOutput = lazyregexp.New(`(?:^|\s)-o\s*(\S+)`)
	makeNoLink = lazyregexp.New(`(?:^|\s)(?:-c|-E|-S|-shared|-fsyntax-only)(?:\s|$)`)
	makeObject = lazyregexp.New(`\.(?:o|a|so|d|dll|lib|dylib|wasm|js|h|i|s)(?:\.[\d.]+)?$`)
)

// makePrograms are the programs that the default target of a Makefile makes:
// https://www.gnu.org/software/make/manual/html_node/How-Make-Works.html
func makePrograms(app App, file string) cppPrograms {
	r := &makeReader{
		app: app, found: cppPrograms{file: file}, rules: map[string]*makeRule{}, phony: map[string]bool{}, seen: map[string]bool{},
		vars: map[string]string{"CC": "cc", "CXX": "c++", "LD": "ld", "AR": "ar", "LINK.o": "cc", "LINK.c": "cc", "LINK.cc": "c++", "LINK.cpp": "c++", "CURDIR": cppRoot},
	}
	text, err := app.Tree.Read(file)
	if err != nil || len(text) > cppBytes {
		r.found.unclear = true
		return r.found
	}
	r.read(text)
	r.target(cmp.Or(r.expand(r.vars[".DEFAULT_GOAL"], ""), r.first), 0)
	return r.found
}

// read takes the assignments and rules of a Makefile.
func (r *makeReader) read(text string) {
	var open []*makeRule
	number, begin, joined := 0, 0, ""
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if joined == "" {
			begin = number
		}
		if more, ok := strings.CutSuffix(line, `\`); ok && len(joined) < cppBytes {
			joined += more + " "
			continue
		}
		line, joined = joined+line, ""
		if recipe, ok := strings.CutPrefix(line, "\t"); ok {
			for _, rule := range open {
				if len(rule.recipe) == 0 {
					rule.line = begin
				}
				rule.recipe = append(rule.recipe, recipe)
			}
			continue
		}
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) == "" {
			continue
		}
		if m := makeAssignment.FindStringSubmatch(line); m != nil {
			r.assign(m[1], m[2], strings.TrimSpace(m[3]))
			open = nil
			continue
		}
		open = r.rule(line, begin)
	}
}

// assign sets a variable, whose value is expanded when it is used.
func (r *makeReader) assign(name, operator, value string) {
	old, set := r.vars[name]
	switch {
	case operator == "?" && set, len(value) > cppValue:
		return
	case operator == "!":
		value = cppUnknown
	case operator == "+":
		value = strings.TrimSpace(old + " " + value)
	case operator != "" && operator != "?":
		value = r.expand(value, "") // at once
	}
	if len(value) <= cppValue {
		r.vars[name] = value
	}
}

// rule takes the first line of a rule, and returns the rules of its targets.
func (r *makeReader) rule(line string, number int) []*makeRule {
	names, needs, ok := strings.Cut(line, ":")
	if !ok || strings.Contains(needs, "=") || makeDirective.MatchString(line) {
		return nil
	}
	needs = strings.TrimPrefix(needs, ":")
	needs, recipe, inline := strings.Cut(needs, ";")
	needs, _, _ = strings.Cut(needs, ":") // of a static pattern
	words := strings.Fields(strings.ReplaceAll(r.expand(needs, ""), "|", " "))
	var rules []*makeRule
	for _, name := range strings.Fields(r.expand(names, "")) {
		if name == ".PHONY" {
			for _, word := range words {
				r.phony[word] = true
			}
		}
		if len(r.rules) == cppFiles*10 || len(rules) == cppPerBuild {
			break
		}
		rule := r.rules[name]
		if rule == nil {
			rule = &makeRule{line: number}
			r.rules[name] = rule
		}
		rule.needs = append(rule.needs, words...)
		if inline {
			rule.recipe = append(rule.recipe, recipe)
		}
		rules = append(rules, rule)
		if r.first == "" && !strings.HasPrefix(name, ".") && !strings.Contains(name, "%") {
			r.first = name
		}
	}
	return rules
}

// target notes the programs that are made for a target, those of what it needs first.
func (r *makeReader) target(name string, depth int) {
	if name == "" || r.seen[name] || depth > 100 {
		return
	}
	r.seen[name] = true
	rule := r.rules[name]
	if rule == nil {
		rule = &makeRule{}
	}
	for _, need := range rule.needs {
		r.target(need, depth+1)
	}
	linked := false
	for _, command := range rule.recipe {
		if text := r.expand(command, name); r.links(text) {
			linked = true
			r.program(strings.Trim(makeOutput.FindStringSubmatch(text)[1], `"'`), rule.line)
		} else if strings.Contains(command, "(MAKE)") || strings.Contains(command, "{MAKE}") {
			r.found.unclear = true
		}
	}
	if !linked && len(rule.recipe) == 0 && r.implicit(name, rule) {
		r.program(name, rule.line)
	} else if !linked && len(rule.recipe) > 0 && !r.phony[name] && !makeObject.MatchString(name) {
		r.found.unclear = true
	}
}

// implicit reports whether a built-in rule of make makes a program: of an object, or of a source, that is called like it.
func (r *makeReader) implicit(name string, rule *makeRule) bool {
	if r.phony[name] || path.Ext(name) != "" {
		return false
	}
	return slices.Contains(rule.needs, name+".o") || firstFile(r.app, name+".c", name+".cc", name+".cpp", name+".C") != ""
}

func (r *makeReader) links(text string) bool {
	return makeLinks.MatchString(text) && makeOutput.MatchString(text) && !makeNoLink.MatchString(text)
}

// program notes a program that is no object, no library and no test.
func (r *makeReader) program(name string, line int) {
	if below, ok := strings.CutPrefix(name, cppRoot+"/"); ok {
		name = below
	}
	if name = path.Clean(name); makeObject.MatchString(name) || cppExtra.MatchString(path.Base(name)) {
		return
	}
	r.found.add(cppProgram{name: path.Base(name), path: name, file: r.found.file, line: line})
}

// expand puts in the values of variables. What only make can tell has a sign that no path has.
func (r *makeReader) expand(text, target string) string {
	for range 10 {
		next := makeReference.ReplaceAllStringFunc(text, func(reference string) string {
			switch name := strings.Trim(reference, "$(){}"); name {
			case "@":
				return cmp.Or(target, cppUnknown+cppUnknown)
			case "<", "^":
				return "source"
			default:
				r.spent += len(r.vars[name])
				if r.spent > cppValues {
					return ""
				}
				return r.vars[name]
			}
		})
		if next == text || len(next) > cppValue {
			break
		}
		text = next
	}
	return text
}
