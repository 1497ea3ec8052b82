package option

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
)

// named finds the name of a flag's value in a help.
var named = lazyregexp.New(`<([A-Za-z]+)>`)

// Usage is the help of a flag as pflag reads it: the only text in backquotes is the name of the value. It is the text in <brackets>, else
// the first of the `values`.
func (o Option) Usage() string {
	help, unset := o.Help, o.Unset
	if o.Flag.Help != "" {
		help, unset = o.Flag.Help, o.Flag.Unset
	}
	if named.MatchString(help) {
		help = named.ReplaceAllString(withoutBackquotes(help), "`$1`")
	} else if parts := strings.SplitN(help, "`", 3); len(parts) == 3 {
		help = parts[0] + "`" + parts[1] + "`" + withoutBackquotes(parts[2])
	}
	if o.Kind.List() && !o.Flag.Once {
		help += "; repeatable"
	}
	if unset != "" {
		help += " (default " + withoutBackquotes(unset) + ")"
	}
	return help
}

// Description is the help of an input of action.yml or of the component npx.
func (o Option) Description(f Forges) string {
	help, unset := o.Help, o.Unset
	if f == GitLab {
		help, unset = cmp.Or(o.Input.GitLab, help), cmp.Or(o.Input.Unset, unset)
	}
	return o.sentences(f, help, unset)
}

// DiscoverDescription is the help of an input of the component discover.
func (o Option) DiscoverDescription() string {
	return o.sentences(GitLab, o.Input.Discover, cmp.Or(o.Input.Unset, o.Unset))
}

// sentences are a help, with the words that follow from the kind, and with the default in words.
func (o Option) sentences(f Forges, help, unset string) string {
	if o.Kind == KindBool {
		help = "whether to " + help
	}
	text := withoutBackquotes(named.ReplaceAllString(capital(help), "$1")) + "."
	switch {
	case f == GitLab && o.Kind == KindCommand:
		text += " GitLab puts variables in; a dollar sign of the command is $$."
	case f == GitHub && o.Kind == KindLines:
		text += " One a line."
	case f == GitHub && o.Kind == KindWords:
		text += " Separated by blanks, commas or line breaks."
	}
	if unset != "" {
		text += " The default is " + withoutBackquotes(unset) + "."
	}
	if f == GitLab {
		text = ofGitLab.Replace(text)
	}
	return text
}

// Description is the help of the alias in action.yml.
func (a Alias) Description(o Option) string {
	text := "The same as " + o.Name + ", as " + a.Of + " calls it"
	if o.Kind.List() {
		text += "; both may be given"
	}
	return text + "."
}

// ofGitLab has GitLab's words in place of GitHub's.
var ofGitLab = strings.NewReplacer("pull request", "merge request", "this repository", "this project")

// Row is an input in the documentation: its default and its meaning, as cells of a table in Markdown.
func (o Option) Row() (standard, meaning string) {
	standard = o.Unset
	switch {
	case o.Default != "":
		standard = "`" + o.Default + "`"
	case o.Input.GitHub != "":
		standard = "`" + o.Input.GitHub + "`"
	case o.Input.Unset != "":
		standard += "; in GitLab " + o.Input.Unset
	}
	meaning = named.ReplaceAllString(o.Help, "$1")
	if o.Kind == KindBool {
		meaning = "whether to " + meaning
	}
	switch o.Kind {
	case KindLines:
		meaning += "; one a line"
	case KindWords:
		meaning += "; separated by blanks, commas or line breaks"
	}
	if o.Secret {
		meaning += "; in GitLab the variable `" + Variable(o.Name) + "`"
	}
	if o.See != "" {
		meaning += ". See " + o.See
	}
	return standard, meaning
}

// Variable is the name of the variable in which GitLab's component hands an input over.
func Variable(input string) string {
	return "NPX_" + strings.ToUpper(strings.ReplaceAll(input, "-", "_"))
}

func withoutBackquotes(text string) string { return strings.ReplaceAll(text, "`", "") }

// capital makes the first letter a capital, but not that of a value.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
