package providers

import (
	"cmp"
	"slices"
	"strings"
)

// A pythonObject is an app object at the top level of a file, or a function that makes one.
type pythonObject struct {
	file      string
	line      int // where it is made or imported, from 1
	name      string
	framework *pythonFramework
	factory   bool
	needs     []string // parameters of a factory that a server would have to give
}

// Names that app objects and functions that make them usually have, the best first. Flask finds the first two of each.
var (
	pythonObjectNames  = []string{"app", "application", "api", "server", "asgi", "wsgi"}
	pythonFactoryNames = []string{"create_app", "make_app"}
)

// usual reports whether Flask finds the object without its name.
func (o pythonObject) usual() bool {
	names := pythonObjectNames[:2]
	if o.factory {
		names = pythonFactoryNames[:2]
	}
	return slices.Contains(names, o.name)
}

// object finds the app object of a file, nil if it has none.
func (c *pythonCode) object(file string) *pythonObject {
	m := c.module(file)
	if m == nil {
		return nil
	}
	for _, name := range append(slices.Clone(pythonObjectNames), m.order...) {
		if f, line := c.frameworkOf(file, m, name, 0); f != nil {
			return &pythonObject{file: file, line: line, name: name, framework: f}
		}
	}
	var names []string
	for name := range m.functions {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(pythonFactoryNames, a), rank(pythonFactoryNames, b)), cmp.Compare(m.functions[a].line, m.functions[b].line), cmp.Compare(a, b))
	})
	for _, name := range names {
		f := m.functions[name]
		if framework := c.madeBy(file, m, f, 0); framework != nil {
			return &pythonObject{file: file, line: f.line, name: name, framework: framework, factory: true, needs: f.needs}
		}
	}
	return nil
}

// rank is the index of a name in a list, or the list's length.
func rank(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// frameworkOf is the one that made the object of a name in a module, and the line where the name gets it. An imported object counts
// only if its name is a usual one.
func (c *pythonCode) frameworkOf(file string, m *pyModule, name string, depth int) (*pythonFramework, int) {
	if v, ok := m.values[name]; ok {
		return c.valueFramework(file, m, &m.pyScope, v, depth), v.line
	}
	origin, ok := m.imports[name]
	if !ok || depth >= pythonDepth || !slices.Contains(pythonObjectNames, name) {
		return nil, 0
	}
	other, there := c.local(file, origin)
	if n := c.module(other); n != nil {
		f, _ := c.frameworkOf(other, n, there, depth+1)
		return f, c.app.Tree.Line(file, name)
	}
	return nil, 0
}

// valueFramework is the one whose object a value is.
func (c *pythonCode) valueFramework(file string, m *pyModule, scope *pyScope, v pyValue, depth int) *pythonFramework {
	switch {
	case depth >= pythonDepth:
	case v.call != "":
		return c.calledFramework(file, m, v.call, depth)
	case v.name != "":
		if other, ok := scope.values[v.name]; ok && other != v {
			return c.valueFramework(file, m, scope, other, depth+1)
		}
	}
	return nil
}

// calledFramework is the framework whose object a call returns: a framework's class, or a function of the app's.
func (c *pythonCode) calledFramework(file string, m *pyModule, name string, depth int) *pythonFramework {
	if f, ok := m.functions[name]; ok {
		return c.madeBy(file, m, f, depth+1)
	}
	for _, origin := range m.origins(name) {
		for i := range pythonFrameworks {
			if f := &pythonFrameworks[i]; slices.ContainsFunc(f.makes, func(made string) bool {
				return made == origin || made[0] == '.' && strings.HasSuffix(origin, made) && m.uses(f.pkg)
			}) {
				return f
			}
		}
		other, there := c.local(file, origin)
		if n := c.module(other); n != nil {
			if f, ok := n.functions[there]; ok {
				return c.madeBy(other, n, f, depth+1)
			}
		}
	}
	return nil
}

// madeBy is the framework whose object a function returns.
func (c *pythonCode) madeBy(file string, m *pyModule, f *pyFunction, depth int) *pythonFramework {
	return c.valueFramework(file, m, &f.pyScope, f.result, depth)
}

// pythonServing says whom a file serves that is run as a program.
type pythonServing int

const (
	servesNobody pythonServing = iota
	servesItself               // the own machine, or nobody can tell
	servesOthers
)

// serving finds the call by which a file serves when it is run.
func (c *pythonCode) serving(file string) (pythonServing, pyCall) {
	m := c.module(file)
	if m == nil {
		return servesNobody, pyCall{}
	}
	best, at := servesNobody, pyCall{}
	seen := map[string]bool{}
	var visit func(s *pyScope)
	visit = func(s *pyScope) {
		for _, call := range s.calls {
			if kind := c.serves(file, m, call); kind > best {
				best, at = kind, call
			}
			if f, ok := m.functions[call.name]; ok && !seen[call.name] && len(seen) < pythonReads {
				seen[call.name] = true
				visit(&f.pyScope)
			}
		}
	}
	visit(&m.pyScope)
	return best, at
}

// serves says whom one call serves.
func (c *pythonCode) serves(file string, m *pyModule, call pyCall) pythonServing {
	for _, origin := range m.origins(call.name) {
		if host, ok := pythonServes[origin]; ok {
			return host.of(m, call)
		}
	}
	dot := strings.LastIndexByte(call.name, '.')
	if dot < 0 {
		return servesNobody
	}
	host, ok := pythonServes[call.name[dot:]]
	if !ok {
		return servesNobody
	}
	isApp := func(name string) bool { f, _ := c.frameworkOf(file, m, name, 0); return f != nil }
	switch {
	case host.any, dot == 0, isApp(call.name[:dot]):
		return host.of(m, call)
	case len(call.args) > 0 && isApp(call.args[0].value.name):
		host.place = -1
		return host.of(m, call)
	}
	return servesNobody
}

// of says whom a call serves by its host. A host that is no plain text may be any.
func (h pythonHost) of(m *pyModule, call pyCall) pythonServing {
	for i, arg := range call.args {
		if arg.name != h.keyword && (arg.name != "" || i != h.place) || h.keyword == "" {
			continue
		}
		v := arg.value
		if named, ok := m.values[v.name]; ok && v.name != "" {
			v = named
		}
		switch {
		case slices.Contains(pythonLoopback, v.text):
			return servesItself
		case v.text != "" || arg.isText:
			return servesOthers
		}
		return servesItself
	}
	if h.any {
		return servesOthers
	}
	return servesItself
}
