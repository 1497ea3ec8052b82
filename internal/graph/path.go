package graph

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/org/npx-action/internal/plan"
)

// inApp returns where an app's file is in the image.
func inApp(name string) string { return path.Join(Dir, name) }

// appPaths returns clean paths below the app, in order, without paths that another one of the list includes.
func appPaths(a at, names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		clean, err := relative(a, name, "the app's directory")
		if err != nil {
			return nil, err
		}
		if isWithin(clean, GeneratedDir) {
			return nil, a.err("keep the app's files elsewhere", "%q is in the build's own directory", name)
		}
		if !slices.ContainsFunc(out, func(s string) bool { return isWithin(clean, s) }) {
			out = slices.DeleteFunc(out, func(s string) bool { return isWithin(s, clean) })
			out = append(out, clean)
		}
	}
	return out, nil
}

// relative returns name as a clean path that stays below root, the directory that it is relative to.
func relative(a at, name, root string) (string, error) {
	clean := path.Clean(name)
	switch {
	case name == "":
		return "", a.err("name a file or leave it out", "an entry is empty")
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", a.err("rename the file", "%q has a control character", name)
	case path.IsAbs(clean):
		return "", a.err("write it relative to "+root, "%q is an absolute path", name)
	case clean == ".." || strings.HasPrefix(clean, "../"):
		return "", a.err("name a file below it", "%q leaves %s", name, root)
	case strings.ContainsAny(name, "*?"):
		return "", a.err("name each file, or their directory", "%q has a wildcard", name)
	}
	return clean, nil
}

// isWithin reports whether clean path p is dir or below it.
func isWithin(p, dir string) bool {
	return p == dir || dir == "." || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}

// assetFiles returns the generated files of static assets.
func assetFiles(assets map[string]string) ([]File, error) {
	var files []File
	var taken, names []string // clean, and as they are in the plan
	for name, content := range plan.Sorted(assets) {
		a := at{"", "staticAssets"}
		clean, err := relative(a, name, "/assets")
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(taken, func(t string) bool { return isWithin(clean, t) || isWithin(t, clean) })
		if i >= 0 {
			return nil, a.err("rename one of them", "%q and %q go to the same place", names[i], name)
		}
		if clean == "." {
			return nil, a.err("name a file", "%q is a directory", name)
		}
		taken, names = append(taken, clean), append(names, name)
		files = append(files, File{assetsDir + "/" + clean, content})
	}
	return files, nil
}

// mounts returns the cache mounts of a phase, sorted by target, each once.
func mounts(a at, key string, dirs []string) ([]Cache, error) {
	var caches []Cache
	for _, dir := range dirs {
		target, err := cacheTarget(a, dir)
		if err != nil {
			return nil, err
		}
		caches = append(caches, Cache{ID: key + "-" + target, Target: target})
	}
	slices.SortFunc(caches, func(x, y Cache) int { return strings.Compare(x.Target, y.Target) })
	return slices.Compact(caches), nil
}

// cacheTarget returns the absolute path of a cache directory.
func cacheTarget(a at, dir string) (string, error) {
	target := dir
	switch {
	case dir == "":
		return "", a.err("name a directory or leave it out", "an entry is empty")
	case dir == "~" || strings.HasPrefix(dir, "~/"):
		target = Home + dir[1:]
	case !path.IsAbs(dir):
		target = Dir + "/" + dir
	}
	if slices.Contains(strings.Split(dir, "/"), "..") {
		return "", a.err("write the path without it", "%q has a parent directory in it", dir)
	}
	if strings.ContainsFunc(dir, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("\"'`,$\\", r)
	}) {
		return "", a.err("use another directory", "%q has a blank, quote, comma or other special character", dir)
	}
	target = path.Clean(target)
	if isWithin(Dir, target) || isWithin(Home, target) {
		return "", a.err("use a directory below it", "%q would hide the files of %s", dir, target)
	}
	return target, nil
}

// expand replaces $NAME and ${NAME} by the plan's variables, and $HOME by [Home]. The image's own variables are not known
// here, so another name is an error: it would silently become nothing.
func expand(a at, s string, vars map[string]string) (string, error) {
	var out strings.Builder
	if strings.HasPrefix(s, "~/") {
		s = "$HOME" + s[1:]
	}
	for _, part := range pathPattern.FindAllStringSubmatch(s, -1) {
		name := part[1] + part[2]
		value, ok := vars[name]
		switch {
		case name == "":
			value = part[0]
		case ok:
		case name == "HOME":
			value = Home
		default:
			return "", a.err("set it in variables, or write the path out", "%q uses $%s, which is no variable of the plan", s, name)
		}
		out.WriteString(value)
	}
	return out.String(), nil
}
