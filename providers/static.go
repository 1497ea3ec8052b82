package providers

import (
	"path"
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// A staticSite is a folder of files that is served as it is.
type staticSite struct {
	dir    string // relative to the app; "." for the whole app
	single bool   // a path without a file is one of the single page, index.html
	why    cause  // of the folder

	plain bool   // files are sent without compression
	port  string // without PORT; "" for the server's own
}

// A staticServer is a program that serves a site.
type staticServer interface {
	// start is the command that serves the site on PORT.
	start(s *staticSite) string
	// settings is the file of the app that the server reads when it starts, "" for none.
	settings() string
	// add adds the server to what a provider says, and why; the reason that it is given is why there are files to serve.
	add(s *staticSite, out *Output, why cause)
}

// serverOf is the server of an app's site: npx-static where the catalogue has it, else Caddy. A start command of the user that starts one of
// them decides.
func serverOf(app App) (staticServer, error) {
	if !app.choosesVersions() {
		return caddyServer{archive: caddyArchive}, nil
	}
	archive, err := PinnedArchive(app)
	if err != nil {
		return nil, err
	}
	npx, why, err := chooseNpxStatic(app)
	if err != nil {
		return nil, err
	}
	switch {
	case startsCaddy(app):
		return caddyServer{archive: archive, instead: "the start command takes its configuration"}, nil
	case npx == nil:
		return caddyServer{archive: archive, instead: why}, nil
	}
	return npx, nil
}

// files are what of the app the image of a site holds, as a plan has them; nil for the whole app. In edition 1.39 that is so, and where the
// folder is none that can be copied.
func (s *staticSite) files(app App) []string {
	if !app.choosesVersions() || s.dir == "." || !plainFolder.MatchString(s.dir) || path.Clean(s.dir) != s.dir {
		return nil
	}
	return []string{s.dir}
}

// addTo adds to what a provider says of an app how the site is served, and why there is one. The site is started unless the plan or the user
// starts something else.
func (s *staticSite) addTo(app App, out *Output, why cause) error {
	server, err := serverOf(app)
	if err != nil {
		return err
	}
	if out.Plan.Start == nil && app.UserStart == nil {
		cmd := server.start(s)
		out.Plan.Start = &plan.Start{Cmd: &cmd}
		out.Reasons = append(out.Reasons, why.decided("start", "cmd", cmd))
	}
	if files := s.files(app); out.Plan.Start != nil && files != nil {
		start := *out.Plan.Start
		start.OnlyIncludeFiles = files
		out.Reasons = append(out.Reasons, s.why.decided("start", "file", s.dir))
		if name := server.settings(); name != "" {
			start.OnlyIncludeFiles = append(start.OnlyIncludeFiles, name)
			out.Reasons = append(out.Reasons, byFile(name, "the server reads its settings").decided("start", "file", name))
		}
		out.Plan.Start = &start
	}
	server.add(s, out, why)
	return nil
}

// after is the phase that a server's own phase waits for, as a list: the last phase that makes the files.
func (out *Output) after() []string {
	for _, name := range []string{"build", "install", "setup"} {
		if _, ok := out.Plan.Phases[name]; ok {
			return []string{name}
		}
	}
	return nil
}

// addPhase adds a phase, and the packages that were chosen for it.
func (out *Output) addPhase(name string, phase plan.Phase, chosen ...choice) {
	if out.Plan.Phases == nil {
		out.Plan.Phases = map[string]plan.Phase{}
	}
	out.Plan.Phases[name] = phase
	for _, c := range chosen {
		out.Chosen, out.Warnings = append(out.Chosen, c.id()), slices.Concat(out.Warnings, c.warnings)
	}
}

// plainFolder is a folder that can stand in the server's configuration.
var plainFolder = lazyregexp.New(`^[\pL\pN_@+.-]+(/[\pL\pN_@+.-]+)*$`)
