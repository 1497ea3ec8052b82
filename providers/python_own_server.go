package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// pythonOtherEntries are names that files of an app have which are no program by themselves, the best first.
var pythonOtherEntries = []string{"streamlit_app", "Home", "home", "run"}

// ownServer is the start of a file for a framework that serves no app objects but files, and the name of the framework.
func (c *pythonCode) ownServer(deps pythonDependencies, file string, m *pyModule) (*pythonGuess, string) {
	switch {
	case m.uses("streamlit") && m.acts() > 0:
		g := c.installed(deps, file, "streamlit", "it is an app of Streamlit")
		if g.none == "" {
			g.cmd = "streamlit run " + shellPath(file) + " --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true"
		}
		return &g, "Streamlit"
	case m.uses("chainlit"):
		g := c.installed(deps, file, "chainlit", "it is an app of Chainlit")
		if g.none == "" {
			g.cmd = "chainlit run " + shellPath(file) + " --host 0.0.0.0 --port ${PORT:-8000} --headless"
		}
		return &g, "Chainlit"
	case m.uses("gradio"):
		call, ok := m.launch()
		if !ok {
			return nil, ""
		}
		if g := c.installed(deps, file, "gradio", ""); g.none != "" {
			return &g, "Gradio"
		}
		g := c.program(file, cause{file, call.line, "it launches an app of Gradio"})
		if call.fixes("server_port") {
			g.warnings = []string{fmt.Sprintf("%s line %d serves one port, whatever PORT says; leave out server_port", file, call.line)}
		} else {
			g.cmd = "GRADIO_SERVER_PORT=${PORT:-7860} " + g.cmd
		}
		g.variables = map[string]string{"GRADIO_SERVER_NAME": "0.0.0.0"}
		g.warnings = append(g.warnings, call.unheard(file, "server_name")...)
		return &g, "Gradio"
	}
	return nil, ""
}

// installed is the guess of a file that imports a framework, still without a command. Services for a framework install it by themselves, so that
// an app made for them may not name it: then nothing can be started.
func (c *pythonCode) installed(deps pythonDependencies, file, pkg, why string) pythonGuess {
	place := byLine(c.app, file, pkg, why)
	if deps.mayHave(pkg) {
		return pythonGuess{cause: place}
	}
	return pythonGuess{none: fmt.Sprintf("%s line %d imports %s, but %s", file, place.line, pkg, deps.lack(pkg))}
}

// dash is the start of an app object of Dash: by a server for the object that the file names after it, as in server = app.server, else by the
// file itself, which then reads from variables where to serve.
func (c *pythonCode) dash(deps pythonDependencies, o *pythonObject, m *pyModule, kind pythonServing, call pyCall) pythonGuess {
	for _, name := range m.order {
		if v := m.values[name]; v.name == o.name+".server" {
			inner := *o
			inner.name, inner.line = name, v.line
			if g := c.serve(deps, &inner); g.cmd != "" {
				return g
			}
		}
	}
	if kind == servesNobody {
		return pythonGuess{none: fmt.Sprintf("%s line %d makes an app of Dash, and nothing serves it; write server = %s.server, which a server of WSGI serves", o.file, o.line, o.name)}
	}
	g := c.program(o.file, cause{o.file, call.line, "it serves its app of Dash itself"})
	g.cmd = "HOST=0.0.0.0 PORT=${PORT:-8050} " + g.cmd
	g.warnings = call.unheard(o.file, "host")
	return g
}

// unheard warns of a call that serves the own machine alone: the value of one of its keywords says so.
func (c pyCall) unheard(file string, keywords ...string) []string {
	for _, arg := range c.args {
		if slices.Contains(keywords, arg.name) && slices.Contains(pythonLoopback, arg.value.text) {
			return []string{fmt.Sprintf("%s line %d serves %s alone, so that nobody outside of the container is served; write 0.0.0.0", file, c.line, arg.value.text)}
		}
	}
	return nil
}

// fixes reports whether a call has a number for a keyword.
func (c pyCall) fixes(keyword string) bool {
	return slices.ContainsFunc(c.args, func(arg pyArgument) bool {
		return arg.name == keyword && arg.value.call == "" && arg.value.name == "" && !arg.isText
	})
}

// pythonLoopback are the hosts that only the own machine reaches.
var pythonLoopback = []string{"127.0.0.1", "localhost", "::1"}

// uses reports whether a module imports a package.
func (m *pyModule) uses(pkg string) bool {
	for _, origin := range m.imports {
		if origin == pkg || strings.HasPrefix(origin, pkg+".") {
			return true
		}
	}
	return false
}

// launch is the call that launches an app of Gradio.
func (m *pyModule) launch() (pyCall, bool) {
	scopes := []*pyScope{&m.pyScope}
	for _, f := range plan.Sorted(m.functions) {
		scopes = append(scopes, &f.pyScope)
	}
	for _, s := range scopes {
		for _, call := range s.calls {
			if strings.HasSuffix(call.name, ".launch") {
				return call, true
			}
		}
	}
	return pyCall{}, false
}
