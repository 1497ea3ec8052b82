package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// cppProvider builds programs of C and C++. Nixpacks has no such provider.
var cppProvider = Provider{
	Name:      "cpp",
	Since:     "2026.12",
	Looks:     "CMakeLists.txt, meson.build, or a Makefile beside C or C++",
	Detect:    detectCpp,
	Plan:      planCpp,
	Fallback:  true, // an app of another language may have a part in C
	BuildOnly: []string{"cmake", "gcc", "gnumake", "meson", "ninja", "pkg-config"},

	Language: Language{
		Manifests: []Manifest{}, // each folder of such an app may have one, and each library in an app of another language
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{"cmake", "make", "meson"},
	},
}

// A cppTool is a way to build, by the files that its apps have.
type cppTool struct {
	files    []string
	packages []string
	cmds     []string
	programs func(app App, file string) cppPrograms
}

// cppTools are in order of detection.
var cppTools = []cppTool{
	{
		// https://cmake.org/cmake/help/latest/manual/cmake.1.html
		files: []string{cmakeFile}, packages: []string{"cmake", "gnumake"}, programs: cmakePrograms,
		cmds: []string{"cmake -B build -DCMAKE_BUILD_TYPE=Release", "cmake --build build --parallel $(nproc)"},
	},
	{
		// https://mesonbuild.com/Running-Meson.html
		files: []string{mesonFile}, packages: []string{"meson", "ninja"}, programs: mesonPrograms,
		cmds: []string{"meson setup build --buildtype=release", "meson compile -C build"},
	},
	{
		// https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html
		files: []string{"GNUmakefile", "makefile", "Makefile"}, packages: []string{"gnumake"}, programs: makePrograms,
		cmds: []string{"make"},
	},
}

// cppToolOf is the tool that builds an app, and its file; "" if none does.
func cppToolOf(app App) (cppTool, string, error) {
	for _, tool := range cppTools {
		file := firstFile(app, tool.files...)
		if file == "" || app.Tree.HasFile(zigBuild) {
			continue
		}
		if tool.files[0] == cmakeFile {
			return tool, file, nil
		}
		compiles, err := cppSources(app)
		if err != nil || compiles {
			return tool, file, err
		}
	}
	return cppTool{}, "", nil
}

func detectCpp(app App) (string, error) {
	_, file, err := cppToolOf(app)
	return file, err
}

// cppSources reports whether C or C++ lies in the root or in the folder of sources. A site, or an app of COBOL, is none of C: both come after
// C in the order of detection.
func cppSources(app App) (bool, error) {
	if firstFile(app, "Staticfile", "index.html") != "" {
		return false, nil
	}
	if cobol, err := firstMatch(app, "*.cbl"); err != nil || cobol != "" {
		return false, err
	}
	files, err := app.Tree.Files("*.{c,cc,cpp,cxx}")
	return slices.ContainsFunc(files, func(file string) bool {
		top, _, nested := strings.Cut(file, "/")
		return !nested || top == "src"
	}), err
}

func planCpp(app App) (Output, error) {
	tool, file, err := cppToolOf(app)
	if err != nil || file == "" {
		return Output{None: true}, err
	}
	archive, err := PinnedArchive(app)
	if err != nil {
		return Output{}, err
	}
	why := byFile(file, "the app has one")
	made := plan.Plan{Phases: map[string]plan.Phase{
		"setup": {NixPkgs: append(slices.Clone(tool.packages), "gcc"), NixOverlays: []string{}, NixpkgsArchive: &archive},
		"build": {DependsOn: []string{"setup", "install"}, Cmds: tool.cmds},
	}}
	out := Output{Plan: made, Warnings: emptySubmodules(app), Reasons: []Reason{
		why.decided("setup", "nix", ""),
		byDefault("it is the archive of this edition for packages without a version").decided("setup", "nixpkgs", ""),
		why.decided("build", "cmd", ""),
	}}
	out.findLibraries(app, file)
	found := tool.programs(app, file)
	program, none := found.choose()
	if program == nil {
		out.NoStart = none
		return out, nil
	}
	if warning := found.passedOver(program); warning != "" {
		out.Warnings = append(out.Warnings, warning)
	}
	out.Plan.Start = &plan.Start{Cmd: new(shellPath("./" + program.path))}
	out.Reasons = append(out.Reasons, cause{program.file, program.line, program.why}.decided("start", "cmd", ""))
	return out, nil
}

// findLibraries lets pkg-config find the libraries of packages, where the app asks it.
func (o *Output) findLibraries(app App, file string) {
	for _, text := range []string{"PkgConfig", "pkg-config", "dependency("} {
		line := app.Tree.Line(file, text)
		if line == 0 {
			continue
		}
		setup := o.Plan.Phases["setup"]
		setup.NixPkgs = append(setup.NixPkgs, "pkg-config")
		o.Plan.Phases["setup"] = setup
		o.Plan.Variables = map[string]string{rubyPkgConfig: rubyPkgConfigDir}
		why := cause{file, line, "it asks pkg-config for libraries"}
		o.Reasons = append(o.Reasons, why.decided("setup", "nix", "pkg-config"), why.decided("", "variable "+rubyPkgConfig, ""))
		return
	}
}

// A cppProgram is a program that a build makes.
type cppProgram struct {
	name string // as the build calls it
	path string // relative to the app; "" if that is not known
	file string // that says so
	line int

	installed bool
	why       string // of its choice
}

// cppPrograms are the programs that a build makes.
type cppPrograms struct {
	file    string // of the build, in the root
	project string // its name, "" if it has none
	list    []cppProgram
	unclear bool // there may be others
}

// add notes a program, once.
func (p *cppPrograms) add(program cppProgram) {
	if len(p.list) == cppPerBuild {
		p.unclear = true
		return
	}
	if !slices.ContainsFunc(p.list, func(have cppProgram) bool { return have.name == program.name }) {
		p.list = append(p.list, program)
	}
}

// cppServers are the names of programs that serve, if a build makes several.
var cppServers = []string{"server", "api", "web", "app", "main"}

// choose returns the program to start, or why there is none.
func (p cppPrograms) choose() (*cppProgram, string) {
	installed := slices.DeleteFunc(slices.Clone(p.list), func(c cppProgram) bool { return !c.installed })
	switch {
	case len(p.list) == 1:
		return p.chosen(p.list[0], "it is the only program")
	case len(p.list) == 0 && p.unclear:
		return nil, "nobody can tell from " + p.file + " what the programs are called; give a start command"
	case len(p.list) == 0:
		return nil, noService(p.file+" makes no program", aLibrary)
	case len(installed) == 1:
		return p.chosen(installed[0], "it is the only program that is installed")
	}
	for _, name := range append([]string{p.project}, cppServers...) {
		if i := slices.IndexFunc(p.list, func(c cppProgram) bool { return c.name == name }); i >= 0 {
			why := "the program is called " + name
			if name == p.project {
				why = "the program is called like the project"
			}
			return p.chosen(p.list[i], why)
		}
	}
	return nil, fmt.Sprintf("%s makes the programs %s; give a start command for one of them", p.file, p.names())
}

// chosen is a program with the reason for it, or why it cannot be started.
func (p cppPrograms) chosen(program cppProgram, why string) (*cppProgram, string) {
	if !plainFolder.MatchString(program.path) || path.Clean(program.path) != program.path || strings.HasPrefix(program.path, "..") {
		return nil, fmt.Sprintf("%s line %d makes the program %.60q, but nobody can tell where; give a start command", program.file, program.line, program.name)
	}
	program.why = why
	return &program, ""
}

// passedOver warns of the programs that are not started.
func (p cppPrograms) passedOver(started *cppProgram) string {
	if len(p.list) == 1 {
		return ""
	}
	return fmt.Sprintf("%s makes the programs %s; %s is started, as %s", p.file, p.names(), started.name, started.why)
}

// names lists the programs for a message.
func (p cppPrograms) names() string {
	const shown = 5
	var names []string
	for _, c := range p.list[:min(len(p.list), shown)] {
		names = append(names, fmt.Sprintf("%.60s", c.name))
	}
	if more := len(p.list) - shown; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
