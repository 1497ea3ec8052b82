package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A djangoApplication is what a server of a project of Django's serves.
type djangoApplication struct {
	cause

	module, name string // "" and "" for none
}

// nestedDjango is the start of the one project of Django's that lies in a folder of the root. It is nil for any other app.
func (c *pythonCode) nestedDjango(deps pythonDependencies) (*pythonGuess, error) {
	files, err := c.app.Tree.Files("**/manage.py")
	roots := slices.DeleteFunc(pythonFolders(files, true), func(dir string) bool { return !c.manages(dir) })
	switch {
	case err != nil || len(roots) == 0:
		return nil, err
	case len(roots) > 1:
		return &pythonGuess{none: fmt.Sprintf("%s are all projects of Django", strings.Join(roots[:min(len(roots), 5)], ", "))}, nil
	}
	g, err := c.django(deps, roots[0])
	return &g, err
}

// manages reports whether a directory has the manage.py of a project of Django's.
func (c *pythonCode) manages(dir string) bool {
	return c.app.Tree.Contains(path.Join(dir, "manage.py"), "django.core.management")
}

// django is the start of the project of Django's in a directory: by WSGI if there is a server for it, else by ASGI.
func (c *pythonCode) django(deps pythonDependencies, root string) (pythonGuess, error) {
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
		a, err := c.djangoApplication(root, way.setting, way.file, way.made)
		if err != nil {
			return pythonGuess{}, err
		}
		if a.module == "" {
			continue
		}
		anywhere = true
		if s := chooseServer(deps, pythonServers[way.speaks], false); s != nil {
			migrate := "python " + shellPath(path.Join(root, "manage.py")) + " migrate && "
			return pythonGuess{cmd: migrate + onPath(root, s.command(a.module, a.name, "", false)), cause: a.cause}, nil
		}
	}
	if !anywhere {
		return pythonGuess{none: "the app is one of Django, and no Python file has WSGI_APPLICATION or ASGI_APPLICATION"}, nil
	}
	names := serverNames(slices.Concat(pythonServers[wsgi], pythonServers[asgi]), false)
	return pythonGuess{none: "the app is one of Django, but " + deps.lack("a server for it ("+names+")")}, nil
}

// djangoApplication finds, in the project in a directory, the application that the settings name, or that a file makes.
func (c *pythonCode) djangoApplication(root, setting, usual, made string) (djangoApplication, error) {
	files, err := c.app.Tree.Files(pythonFiles)
	if err != nil {
		return djangoApplication{}, err
	}
	files = slices.DeleteFunc(files, func(file string) bool { return root != "." && !strings.HasPrefix(file, root+"/") })
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
		below := strings.TrimSuffix(file, ".py")
		if root != "." {
			below = strings.TrimPrefix(below, root+"/")
		}
		if module := strings.ReplaceAll(below, "/", "."); pythonModuleName.MatchString(module) {
			return djangoApplication{cause{file, o.line, "it makes the application of Django"}, module, o.name}, nil
		}
	}
	return djangoApplication{}, nil
}
