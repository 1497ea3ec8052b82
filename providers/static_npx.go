package providers

import (
	"cmp"
	"fmt"

	"github.com/org/npx-action/internal/plan"
)

// The programs of this project for static sites, as the catalogue calls them.
const (
	npxStatic   = "npx-static"   // serves a folder, and is all that an image has beside it
	npxCompress = "npx-compress" // writes compressed files beside the files of a folder, in a build
)

// An npxServer is the server of this project.
type npxServer struct {
	program, compressor choice
	staticfile          string // of the app, "" for none that can be read
	pages               bool   // the app says that a path without a file is missing, whatever builds it
}

// chooseNpxStatic gives this project's server if the catalogue has it, else nil, and why one or the other.
func chooseNpxStatic(app App) (*npxServer, string, error) {
	server := npxServer{}
	for _, c := range []struct {
		to   *choice
		tool string
	}{{&server.program, npxStatic}, {&server.compressor, npxCompress}} {
		var err error
		if *c.to, err = chooseOr(app, c.tool, "caddy"); err != nil {
			return nil, "", err
		}
		if c.to.release == "" {
			return nil, c.to.why.why, nil
		}
	}
	server.readStaticfile(app)
	return &server, server.program.why.why, nil
}

// readStaticfile takes the app's Staticfile, which tells the server what the site's folder does not.
func (n *npxServer) readStaticfile(app App) {
	const name = "Staticfile"
	var said map[string]any
	if _, warnings := readStaticfile(app); !app.Tree.HasFile(name) || len(warnings) > 0 || app.Tree.YAML(name, &said) != nil {
		return
	}
	n.staticfile = name
	for _, key := range []string{"index_fallback", "pushstate"} {
		if value, ok := said[key]; ok && staticfileOff(fmt.Sprint(value)) {
			n.pages = true
		}
	}
}

func (n *npxServer) settings() string { return n.staticfile }

func (n *npxServer) start(s *staticSite) string {
	cmd := npxStatic + " " + s.folder()
	if s.single && !n.pages {
		cmd += " --spa"
	}
	if s.port != "" {
		cmd += ` --port "${PORT:-` + s.port + `}"`
	}
	if n.staticfile != "" {
		cmd += " --staticfile " + n.staticfile
	}
	return cmd
}

// folder is the folder as a word of a command.
func (s *staticSite) folder() string { return shellPath(cmp.Or(s.dir, ".")) }

// add compresses in a phase of its own, which stays where the user has another command build the site.
func (n *npxServer) add(s *staticSite, out *Output, why cause) {
	const name = "static"
	phase := plan.Phase{DependsOn: out.after()}
	serves := why
	serves.why += "; npx-static serves them: " + n.program.why.why
	reasons := []Reason{serves.decided(name, "release", n.program.release)}
	if s.plain {
		out.addPhase(name, n.program.install(phase), n.program)
	} else {
		phase.Cmds = []string{npxCompress + " " + s.folder()}
		out.addPhase(name, n.program.install(n.compressor.install(phase)), n.program, n.compressor)
		out.BuildOnly = append(out.BuildOnly, n.compressor.id())
		once := why
		once.why += "; npx-static sends compressed files, so no request waits for the compression"
		reasons = append(reasons, once.decided(name, "release", n.compressor.release), once.decided(name, "cmd", phase.Cmds[0]))
	}
	out.Reasons = append(out.Reasons, reasons...)
}
