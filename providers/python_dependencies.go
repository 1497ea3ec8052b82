package providers

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// pythonDependencies are the packages that an app's install command is told to install.
type pythonDependencies struct {
	file   string            // that names them, "" for none
	names  map[string]bool   // as pythonName has them; false if the package only comes with another
	places map[string]string // of those that are named: the file and the text there
	open   bool              // there may be more
}

// pythonPackage is the beginning of a requirement: a name, and perhaps extras.
var pythonPackage = lazyregexp.New(`^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?`)

var pythonSeparators = lazyregexp.New(`[-_.]+`)

// pythonName is a package's name as package registries compare it.
func pythonName(name string) string {
	return pythonSeparators.ReplaceAllString(strings.ToLower(name), "-")
}

// add notes a requirement such as "fastapi[standard]>=0.115", and what comes with it.
func (d *pythonDependencies) add(requirement string) { d.addFrom(d.file, requirement) }

// addFrom is add for a file that is included.
func (d *pythonDependencies) addFrom(file, requirement string) {
	m := pythonPackage.FindStringSubmatch(requirement)
	if m == nil {
		d.open = true
		return
	}
	d.bringRequired(m)
	name := pythonName(m[1])
	d.names[name] = true
	if _, ok := d.places[name]; !ok {
		d.places[name] = file + "\n" + m[1]
	}
}

// bringRequired notes what comes with a requirement, as [pythonPackage] has it; nil for none.
func (d *pythonDependencies) bringRequired(m []string) {
	if m == nil {
		return
	}
	name := pythonName(m[1])
	d.bring(name)
	for _, extra := range strings.Split(m[2], ",") {
		for _, other := range pythonBrings[name+"["+strings.TrimSpace(extra)+"]"] {
			d.bring(other)
		}
	}
}

func (d *pythonDependencies) bring(name string) {
	if _, ok := d.names[name]; ok {
		return
	}
	if d.names == nil {
		d.names, d.places = map[string]bool{}, map[string]string{}
	}
	d.names[name] = false
	for _, other := range pythonBrings[name] {
		d.bring(other)
	}
}

// has reports whether a package is certainly installed.
func (d pythonDependencies) has(name string) bool {
	_, ok := d.names[name]
	return ok
}

// mayHave reports whether a package may be installed: packages called flask-something depend on flask.
func (d pythonDependencies) mayHave(name string) bool {
	return d.open || d.has(name) || slices.ContainsFunc(slices.Collect(maps.Keys(d.names)), func(other string) bool {
		return strings.HasPrefix(other, name+"-")
	})
}

// lack says that a package is not among the dependencies.
func (d pythonDependencies) lack(what string) string {
	if d.file == "" {
		return "there is no requirements.txt that names " + what
	}
	return d.file + " does not name " + what
}

// dependenciesOf reads the dependencies by the tool that installs them.
func dependenciesOf(app App) pythonDependencies {
	tool, _ := choosePythonTool(app)
	if tool.direct != nil {
		d := tool.direct(app)
		for _, requirement := range app.brought {
			d.bringRequired(pythonPackage.FindStringSubmatch(requirement))
		}
		return d
	}
	if script, packages, err := pythonScript(app); script != "" && err == nil {
		d := pythonDependencies{file: script}
		for _, p := range packages {
			d.add(p)
		}
		return d
	}
	return pythonDependencies{open: detectPythonTool(app).name != tool.name} // the user installs them
}

func requirementsDirect(app App) pythonDependencies {
	d := pythonDependencies{file: "requirements.txt"}
	files := []string{d.file}
	for i := 0; i < len(files); i++ {
		text, err := readRequirements(app, files[i])
		lines, ok := requirementLines(text)
		d.open = d.open || err != nil || !ok
		for _, l := range lines {
			if !strings.HasPrefix(l.text, "-") {
				d.addFrom(files[i], l.text)
				continue
			}
			switch name, value, _ := splitOption(strings.Fields(l.text)); name {
			case "-e", "--editable":
				d.open = true
			case "-r", "--requirement":
				if include := path.Join(path.Dir(files[i]), value); app.Tree.HasFile(include) && !slices.Contains(files, include) {
					files = append(files, include)
				} else if !app.Tree.HasFile(include) {
					d.open = true
				}
			}
		}
	}
	return d
}

// projectDirect reads the table project of pyproject.toml, and Poetry's.
func projectDirect(app App) pythonDependencies {
	d := pythonDependencies{file: "pyproject.toml"}
	p, blocker := readProject(app)
	d.open = blocker != "" || slices.Contains(p.Project.Dynamic, "dependencies")
	for _, r := range p.Project.Dependencies {
		d.add(r)
	}
	d.addTable(p.Tool.Poetry.Dependencies)
	return d
}

func pipfileDirect(app App) pythonDependencies {
	d := pythonDependencies{file: "Pipfile"}
	var p struct {
		Packages map[string]any `toml:"packages"`
	}
	d.open = !app.Tree.HasFile(d.file) || app.Tree.TOML(d.file, &p) != nil
	d.addTable(p.Packages)
	return d
}

// addTable notes the keys of a table whose values are versions or tables with extras.
func (d *pythonDependencies) addTable(packages map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		requirement := name
		if table, ok := packages[name].(map[string]any); ok {
			if extras, ok := table["extras"].([]any); ok {
				requirement += strings.ReplaceAll(fmt.Sprint(extras), " ", ",")
			}
		}
		d.add(requirement)
	}
}
