package providers

import (
	"slices"
	"strings"
)

// acts is the line of the first call by which a file does something when it is run, 0 for a file that only defines something. A file that ends
// at once has status 0, so nobody would notice.
func (m *pyModule) acts() int {
	for _, call := range m.calls {
		if m.act(call) {
			return call.line
		}
	}
	return 0
}

// act reports whether a call does something. A call that makes a value does nothing yet, and neither does one that prepares an object.
func (m *pyModule) act(call pyCall) bool {
	dot := strings.LastIndexByte(call.name, '.')
	last := call.name[dot+1:]
	switch {
	case slices.Contains(pythonRunners, last):
		return true
	case call.given:
		return false
	case call.guards:
		return true
	case dot < 0:
		return !slices.Contains(pythonPreparers, last)
	}
	verb := strings.TrimLeft(last, "abcdefghijklmnopqrstuvwxyz")
	return !slices.Contains(pythonPreparers, strings.TrimSuffix(last, verb))
}

// pythonRunners are the names of functions and methods that run something, even where what they return is kept.
var pythonRunners = []string{"main", "run", "run_forever", "run_polling", "run_until_complete", "serve_forever", "start"}

// pythonPreparers are verbs that begin the names of methods that prepare an object, and names of functions that prepare the process.
var pythonPreparers = []string{
	"add", "append", "apply", "basic", "config", "configure", "debug", "extend", "filter", "include", "info", "init", "insert", "install", "load",
	"load_dotenv", "mount", "patch", "register", "route", "set", "setup", "update", "use", "warning",
}

// onlyDefines says why a file is no program, in a sentence; "" if the file does something or cannot be read.
func (c *pythonCode) onlyDefines(file string) string {
	m := c.module(file)
	if m == nil || m.acts() > 0 {
		return ""
	}
	for _, name := range append(slices.Clone(pythonObjectNames), m.order...) {
		v, ok := m.values[name]
		if !ok || v.call == "" {
			continue
		}
		origin := m.origins(v.call)[0]
		switch {
		case origin == "celery.Celery":
			return cause{file: file, line: v.line}.place() + " makes an app of Celery, whose workers are processes of their own in a Procfile"
		case strings.Contains(origin, "."):
			return cause{file: file, line: v.line}.place() + " makes an object of " + origin + ", for which no server is known"
		}
	}
	return file + " only defines something, so that it would end at once"
}
