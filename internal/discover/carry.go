package discover

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/reserved"
	"github.com/org/npx-action/internal/source"
)

// maxCarried bounds the value of one input in bytes. Linux takes no longer variable than 128 KiB, with its name.
const maxCarried = 120_000

// variableName is what a shell and a CI system take for the name of a variable.
var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// checkVariable names the fault of a variable of an app.
func checkVariable(name, value string) error {
	if !variableName.MatchString(name) {
		return errors.New("has a name that is not of letters, digits and underscores")
	}
	if prefix := reserved.Variable(name, reserved.App); prefix != "" {
		return fmt.Errorf("is one of a CI job, as all that begin with %s", prefix)
	}
	if value == "" {
		return nil
	}
	return checkLine("a" + value) // blanks in front stay, as the name stands before them
}

// checkLine says why a text does not reach a job as it is: inputs lose blanks at their ends, and items of a list are lines.
func checkLine(text string) error {
	switch {
	case !utf8.ValidString(text):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(text, func(r rune) bool { return r != '\t' && control(r) }):
		return errors.New("is not one line of text")
	case strings.TrimFunc(text, blank) != text:
		return errors.New("begins or ends with a blank")
	case len(text) > maxCarried:
		return fmt.Errorf("is longer than %d bytes", maxCarried)
	}
	return nil
}

// checkCommand is checkLine for a command, which may have several lines.
func checkCommand(text string) error {
	return checkLine(strings.ReplaceAll(text, "\n", " "))
}

// checkPackage is checkLine for a package: an input that lists packages parts them by blanks and commas.
func checkPackage(text string) error {
	if strings.ContainsAny(text, " \t,") || text == "" {
		return errors.New("is not one word")
	}
	return checkLine(text)
}

// control reports whether a character acts on a terminal or ends a line in one of the formats that carry texts.
func control(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// blank reports whether a character is one that readers of inputs cut off.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// command is a command without what has no meaning to a shell: the blanks around it, and the carriage returns of Windows' line ends.
func command(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), " \t\r\n")
}

// carry checks that a job can be told everything about an app as it is, and refuses the app otherwise, with the place where the text
// is written.
func (f *finder) carry(a *App) error {
	a.BuildCmd, a.StartCmd = command(a.BuildCmd), command(a.StartCmd)
	for _, dir := range []string{a.Directory, a.Context} {
		if err := checkLine(dir); err != nil {
			return f.unfit(a, "directory", dir, "the directory", err)
		}
	}
	for _, v := range a.Env {
		name, value, _ := strings.Cut(v, "=")
		if err := checkVariable(name, value); err != nil {
			return f.unfit(a, "variables", name, "the variable", err)
		}
	}
	for _, name := range a.Pkgs {
		if err := checkPackage(name); err != nil {
			return f.unfit(a, "pkgs", name, "the package", err)
		}
	}
	for _, c := range []struct{ key, what, text string }{{"buildCmd", "the build command", a.BuildCmd}, {"startCmd", "the start command", a.StartCmd}} {
		if err := checkCommand(c.text); err != nil {
			return f.unfit(a, c.key, c.text, c.what, err)
		}
	}
	if err := checkLine(a.Config); err != nil {
		return f.unfit(a, "config", a.Config, "the configuration file", err)
	}
	e := a.Entry()
	for _, list := range []struct{ key, text string }{{"variables", e.Env}, {"pkgs", e.Pkgs}} {
		if len(list.text) > maxCarried {
			return f.unfit(a, list.key, list.key, "the key", fmt.Errorf("has more than %d bytes in all", maxCarried))
		}
	}
	return nil
}

// unfit is the error about a text of an app that no job can be told; key is the key of the configuration.
func (f *finder) unfit(a *App, key, text, what string, err error) error {
	if _, named := f.config.apps[a.Name]; named {
		return f.configMistake(fmt.Errorf("%s %.80q of %s %w", what, text, a.Name, err), a.Name, text, key)
	}
	const hint = "rename it, or list the apps to build under apps in nixpacks.toml"
	err = fmt.Errorf("%s %.80q %w", what, text, err)
	if checkLine(a.Directory) != nil { // no message can show the name of a file in it
		return &source.Error{Op: "finding the apps", Err: err, Hint: hint}
	}
	return f.mistake(path.Join(a.Directory, f.manifest(a.Directory)), text, hint, "%w", err)
}

// manifest is the file that tells what lies in a directory, "" if there is none.
func (f *finder) manifest(dir string) string {
	for _, m := range manifests {
		if base := m.In(f.files[dir]); base != "" {
			return base
		}
	}
	return ""
}

// configMistake is an error about what the configuration says of an app, on the line of the first of the texts that stands behind
// the app's name as it is. One that is written with escapes does not.
func (f *finder) configMistake(err error, name string, texts ...string) error {
	e := &config.Error{File: f.config.file, Key: keyApps, Err: err, Hint: configHint}
	written, readErr := f.tree.Read(f.config.file)
	if readErr != nil {
		return e
	}
	at := max(strings.Index(written, name), 0)
	for _, text := range append(texts, name) {
		text, _, _ = strings.Cut(text, "\n") // a text of several lines begins on its first
		if i := strings.Index(written[at:], text); i >= 0 && text != "" {
			e.Line = 1 + strings.Count(written[:at+i], "\n")
			break
		}
	}
	return e
}
