package providers

import (
	"path"
	"slices"
	"strings"
)

// A djangoApplication is what a server of a project of Django's serves.
type djangoApplication struct {
	cause

	module, name string // "" and "" for none
}

// django is the start of a project of Django's: by WSGI if there is a server for it, else by ASGI.
func (c *pythonCode) django(deps pythonDependencies) (pythonGuess, error) {
	anywhere := false
	for _, way := range []struct {
		speaks  pythonInterface
		setting string
		file    string
		made    string
	}{
		{wsgi, "WSGI_APPLICATION", "wsgi.py", "get_wsgi_application"},
		{asgi, "ASGI_APPLICATION", "asgi.py", "get_asgi_application"},
	} {
		a, err := c.djangoApplication(way.setting, way.file, way.made)
		if err != nil {
			return pythonGuess{}, err
		}
		if a.module == "" {
			continue
		}
		anywhere = true
		if s := chooseServer(deps, pythonServers[way.speaks], false); s != nil {
			return pythonGuess{cmd: "python manage.py migrate && " + s.command(a.module, a.name, "", false), cause: a.cause}, nil
		}
	}
	if !anywhere {
		return pythonGuess{none: "the app is one of Django, and no Python file has WSGI_APPLICATION or ASGI_APPLICATION"}, nil
	}
	names := serverNames(slices.Concat(pythonServers[wsgi], pythonServers[asgi]), false)
	return pythonGuess{none: "the app is one of Django, but " + deps.lack("a server for it ("+names+")")}, nil
}

// djangoApplication finds the application that the settings name, or that a file makes.
func (c *pythonCode) djangoApplication(setting, usual, made string) (djangoApplication, error) {
	files, err := c.app.Tree.Files(pythonFiles)
	if err != nil {
		return djangoApplication{}, err
	}
	for _, file := range files {
		if !c.app.Tree.Contains(file, setting) {
			continue
		}
		m := c.module(file)
		if m == nil {
			continue
		}
		v := m.values[setting]
		dot := strings.LastIndexByte(v.text, '.')
		if dot > 0 && pythonModuleName.MatchString(v.text) {
			why := cause{file, v.line, "it is the setting " + setting + " of Django"}
			return djangoApplication{why, v.text[:dot], v.text[dot+1:]}, nil
		}
	}
	for _, file := range files {
		if path.Base(file) != usual || !c.app.Tree.Contains(file, made) {
			continue
		}
		o := c.object(file)
		if o == nil || o.factory || o.framework.pkg != "django" {
			continue
		}
		if module := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", "."); pythonModuleName.MatchString(module) {
			return djangoApplication{cause{file, o.line, "it makes the application of Django"}, module, o.name}, nil
		}
	}
	return djangoApplication{}, nil
}
