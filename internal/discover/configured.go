package discover

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/reserved"
	"github.com/org/npx-action/internal/source"
)

// configFiles are the files that may list the apps, and be an app's own.
var configFiles = []string{"nixpacks.toml", "nixpacks.json"}

// A configuration is what the key apps says: globs of the directories to look for apps in, or each app by name.
type configuration struct {
	file  string
	globs []pattern
	apps  map[string]configuredApp
}

// A configuredApp is what may be said about one app. What is not said is as it would be found.
type configuredApp struct {
	Directory *string           `json:"directory"`
	Context   *string           `json:"context"`
	Config    *string           `json:"config"`
	Variables map[string]string `json:"variables"`
	Pkgs      []string          `json:"pkgs"`
	BuildCmd  *string           `json:"buildCmd"`
	StartCmd  *string           `json:"startCmd"`
	Paths     []string          `json:"paths"`
}

const configHint = `apps is a list of globs, or a table of apps by name with the keys directory, context, config, variables, pkgs, buildCmd, startCmd and paths`

// readConfig reads the key apps of the root's configuration file.
func readConfig(tree *source.Tree) (configuration, error) {
	var c configuration
	var document struct {
		Apps any `json:"apps" toml:"apps"`
	}
	for _, c.file = range configFiles {
		if !tree.HasFile(c.file) {
			continue
		}
		decode := tree.TOML
		if path.Ext(c.file) == ".json" {
			decode = tree.JSON
		}
		if err := decode(c.file, &document); err != nil {
			if e, ok := errors.AsType[*source.Error](err); ok {
				err = &config.Error{File: c.file, Line: e.Line, Err: e.Err, Hint: e.Hint}
			}
			return c, err
		}
		break
	}
	fail := func(text string, err error) (configuration, error) { return c, configMistake(tree, c.file, text, err) }
	switch v := document.Apps.(type) {
	case nil:
	case []any:
		list, ok := texts(v)
		if !ok || len(list) > maxGlobs {
			return fail(keyApps, fmt.Errorf("the list holds something else than texts, or more than %d", maxGlobs))
		}
		c.globs = []pattern{}
		for _, text := range list {
			glob, err := inside(".", strings.TrimPrefix(text, "!"))
			if err != nil {
				return fail(text, fmt.Errorf("%.80q %w", text, err))
			}
			if strings.HasPrefix(text, "!") {
				glob = "!" + glob
			}
			c.globs = append(c.globs, pattern{c.file, glob})
		}
	case map[string]any:
		table, err := json.Marshal(v)
		if err == nil {
			d := json.NewDecoder(bytes.NewReader(table))
			d.DisallowUnknownFields()
			err = d.Decode(&c.apps)
		}
		if err != nil {
			return fail(keyApps, errors.New(strings.TrimPrefix(err.Error(), "json: ")))
		}
	default:
		return fail(keyApps, errors.New("it is neither a list nor a table"))
	}
	return c, nil
}

// configMistake is an error about the line of the configuration file that a text is on.
func configMistake(tree *source.Tree, file, text string, err error) error {
	return &config.Error{File: file, Line: tree.Line(file, text), Key: keyApps, Err: err, Hint: configHint}
}

// keyApps is the key of a configuration file that discovery reads.
const keyApps = "apps"

// selects reports whether the globs select a directory; the last that matches decides.
func (c configuration) selects(dir string) bool {
	selected := false
	for _, g := range c.globs {
		glob, not := strings.CutPrefix(g.text, "!")
		if doublestar.MatchUnvalidated(glob, dir) {
			selected = !not
		}
	}
	return selected
}

// configured adds what the configuration names and discovery did not find, and puts what it says over what was found.
func (f *finder) configured() error {
	if f.config.apps == nil {
		return f.named()
	}
	found := f.apps
	f.apps = nil
	for _, name := range sortedKeys(f.config.apps) {
		a, err := f.configure(name, f.config.apps[name], found)
		if err != nil {
			return err
		}
		f.apps = append(f.apps, a)
	}
	return nil
}

// named adds the directories that the list names without a wildcard.
func (f *finder) named() error {
	for _, g := range f.config.globs {
		if strings.ContainsAny(g.text, "*?[{!") || f.has(g.text) || !f.config.selects(g.text) {
			continue
		}
		if !f.tree.HasDir(g.text) {
			return configMistake(f.tree, g.file, g.text, fmt.Errorf("there is no directory %.80q", g.text))
		}
		f.apps = append(f.apps, App{Directory: g.text, Context: g.text, Found: "listed in " + g.file, uses: []string{g.text}})
	}
	return nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (f *finder) configure(name string, c configuredApp, found []App) (App, error) {
	fail := func(text, format string, args ...any) (App, error) {
		return App{}, f.configMistake(fmt.Errorf(format, args...), name, text)
	}
	if slug(name) != name || name == "" {
		return fail(name, "%.80q is no name: use lower-case letters, digits and hyphens", name)
	}
	if reserved.Repository(name) {
		return fail(name, "%.80q is the repository of an image's caches: call the app otherwise", name)
	}
	dir := name
	if c.Directory != nil {
		dir = path.Clean(*c.Directory)
	}
	if !f.tree.HasDir(dir) {
		return fail(cmp.Or(text(c.Directory), name), "the directory %.80q of %s is none of the repository", dir, name)
	}
	a := App{Directory: dir, Context: dir, uses: []string{dir}}
	if i := slices.IndexFunc(found, func(a App) bool { return a.Directory == dir }); i >= 0 {
		a = found[i]
	}
	a.Name, a.Found = name, "named in "+f.config.file
	if c.Context != nil {
		context := path.Clean(*c.Context)
		if !f.tree.HasDir(context) {
			return fail(*c.Context, "the context %.80q of %s is none of the repository", context, name)
		}
		if context != a.Context {
			a = App{Name: name, Directory: dir, Context: context, Found: a.Found, uses: []string{context}}
		}
	}
	for _, v := range sortedKeys(c.Variables) {
		if err := checkVariable(v, c.Variables[v]); err != nil {
			return fail(v, "the variable %.80q of %s %v", v, name, err)
		}
		a.Env = slices.DeleteFunc(a.Env, func(e string) bool { return strings.HasPrefix(e, v+"=") })
		a.Env = append(a.Env, v+"="+c.Variables[v])
	}
	for _, glob := range c.Paths {
		clean, err := inside(".", glob)
		if err != nil {
			return fail(glob, "the path %.80q of %s %v", glob, name, err)
		}
		a.watched = append(a.watched, clean)
	}
	a.watched = append(a.watched, f.config.file)
	a.Pkgs = append(slices.Clone(a.Pkgs), c.Pkgs...)
	for _, given := range []struct{ from, to *string }{{c.BuildCmd, &a.BuildCmd}, {c.StartCmd, &a.StartCmd}, {c.Config, &a.Config}} {
		if given.from != nil {
			*given.to = *given.from
		}
	}
	return a, nil
}

// texts returns a decoded list of strings.
func texts(v any) ([]string, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	var out []string
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}
