package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
)

// withServer is an app of the newest edition whose catalogue has the server of this project, and its compressor if told so.
func withServer(t *testing.T, files repo, vars plan.Vars, compressor bool) App {
	t.Helper()
	row := func(tool string) string {
		return "[[release]]\ntool = \"" + tool + "\"\nversion = \"1.0.0\"\nplatform = \"linux/amd64\"\naddress = \"https://example.com/" + tool + "\"\nhash = \"sha256:" +
			strings.Repeat("1", 64) + "\"\n"
	}
	text := row(npxStatic)
	if compressor {
		text += row(npxCompress)
	}
	file, err := catalogue.ParseFile("rows.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	app := newest(t, files, vars)
	if app.Catalogue, err = catalogue.Open(catalogue.Options{Date: catalogue.Began, Files: []*catalogue.File{file}}); err != nil {
		t.Fatal(err)
	}
	return app
}

// explained fails for a fact of a plan that no reason tells of.
func explained(t *testing.T, out Output) {
	t.Helper()
	for _, fact := range plan.Facts(out.Plan) {
		ok := slices.ContainsFunc(out.Reasons, func(r Reason) bool {
			return r.Fact == fact || r.Fact == plan.Fact{Phase: fact.Phase, Field: fact.Field}
		})
		if fact.Field != "after" && !ok {
			t.Errorf("nothing explains %+v", fact)
		}
	}
}

const (
	staticVite  = `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`
	staticAstro = `{"dependencies": {"astro": "6"}}`
)

func TestTheServerOfThisProjectServesSites(t *testing.T) {
	for _, tt := range []struct {
		name         string
		provider     Provider
		files        repo
		vars         plan.Vars
		start, build string // commands
		after        []string
		holds        []string // files of the image
	}{
		{"a single-page app", nodeProvider, repo{"package.json": staticVite}, nil, "npx-static dist --spa", "npx-compress dist", []string{"build"}, []string{"dist"}},
		{"pages", nodeProvider, repo{"package.json": staticAstro}, nil, "npx-static dist", "npx-compress dist", []string{"build"}, []string{"dist"}},
		{"the folder of the user", nodeProvider, repo{"package.json": staticAstro}, plan.Vars{"NIXPACKS_SPA_OUT_DIR": "my site"},
			"npx-static 'my site' --spa", "npx-compress 'my site'", []string{"build"}, nil},
		{"no folder of the user", nodeProvider, repo{"package.json": staticAstro}, plan.Vars{"NIXPACKS_SPA_OUT_DIR": ""},
			"npx-static . --spa", "npx-compress .", []string{"build"}, nil},
		{"settings of pages", nodeProvider, repo{"package.json": staticAstro, "Staticfile": "index_fallback: true\n"}, nil,
			"npx-static dist --staticfile Staticfile", "npx-compress dist", []string{"build"}, []string{"dist", "Staticfile"}},
		{"an app whose Staticfile says that it has pages", nodeProvider, repo{"package.json": staticVite, "Staticfile": "index_fallback: false\n"}, nil,
			"npx-static dist --staticfile Staticfile", "npx-compress dist", []string{"build"}, []string{"dist", "Staticfile"}},
		{"a member", nodeProvider, repo{"package.json": `{"workspaces": ["web"]}`, "web/package.json": staticVite}, plan.Vars{"NIXPACKS_WORKSPACE_APP": "web"},
			"npx-static web/dist --spa", "npx-compress web/dist", []string{"build"}, []string{"web/dist"}},
		{"a folder", staticfileProvider, repo{"public/index.html": ""}, nil, `npx-static public --port "${PORT:-8080}"`, "npx-compress public", nil, []string{"public"}},
		{"a whole app", staticfileProvider, repo{"index.html": ""}, nil, `npx-static . --port "${PORT:-8080}"`, "npx-compress .", nil, nil},
		{"settings", staticfileProvider, repo{"Staticfile": "root: /site/\nstatus_code:\n  404: /lost.html\n"}, nil,
			`npx-static site --port "${PORT:-8080}" --staticfile Staticfile`, "npx-compress site", nil, []string{"site", "Staticfile"}},
		{"no compression", staticfileProvider, repo{"Staticfile": "gzip: off\n", "dist/": ""}, nil,
			`npx-static dist --port "${PORT:-8080}" --staticfile Staticfile`, "", nil, []string{"dist", "Staticfile"}},
		{"a root outside", staticfileProvider, repo{"index.html": ""}, plan.Vars{"NIXPACKS_STATICFILE_ROOT": "../../etc"},
			`npx-static etc --port "${PORT:-8080}"`, "npx-compress etc", nil, []string{"etc"}},
		{"a Staticfile that cannot be read", staticfileProvider, repo{"Staticfile": "root: [a]", "dist/": ""}, nil,
			`npx-static dist --port "${PORT:-8080}"`, "npx-compress dist", nil, []string{"dist"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, tt.provider, withServer(t, tt.files, tt.vars, true))
			explained(t, out)
			phase := out.Plan.Phases["static"]
			diffOf(t, "start", tt.start, *out.Plan.Start.Cmd)
			diffOf(t, "compressing", tt.build, strings.Join(phase.Cmds, " && "))
			diffOf(t, "after", tt.after, phase.DependsOn)
			diffOf(t, "files", tt.holds, out.Plan.Start.OnlyIncludeFiles)
			releases := []string{"npx-static@1.0.0"}
			if tt.build != "" {
				releases = append(releases, "npx-compress@1.0.0")
			}
			diffOf(t, "releases", releases, phase.ReleaseNames())
			if slices.Contains(out.BuildOnly, "npx-static@1.0.0") || slices.Contains(out.BuildOnly, "npx-compress@1.0.0") != (tt.build != "") {
				t.Errorf("only for builds: %q", out.BuildOnly)
			}
			if len(out.Plan.StaticAssets) > 0 || out.Plan.Variables[staticOutput] != "" {
				t.Errorf("assets %v, variables %v", out.Plan.StaticAssets, out.Plan.Variables)
			}
		})
	}
}

func TestOtherServersServeWhereTheyHaveTo(t *testing.T) {
	const none = "no version of npx-static can be chosen"
	for _, tt := range []struct {
		name     string
		provider Provider
		app      App
		phase    string // that installs the server
		fact     plan.Fact
		why      string // how the reason ends
	}{
		{"no row", nodeProvider, newest(t, repo{"package.json": staticVite}, nil), "caddy", plan.Fact{Phase: "caddy", Field: "nix"}, "; Caddy serves them, as " + none},
		{"no compressor", nodeProvider, withServer(t, repo{"package.json": staticVite}, nil, false), "caddy", plan.Fact{Phase: "caddy", Field: "nix"},
			"; Caddy serves them, as no version of npx-compress can be chosen"},
		{"the user starts Caddy", nodeProvider, startedBy(withServer(t, repo{"package.json": staticVite}, nil, true), "caddy run --config /assets/Caddyfile"), "caddy",
			plan.Fact{Phase: "caddy", Field: "nix"}, "; Caddy serves them, as the start command takes its configuration"},
		{"no row for a folder", staticfileProvider, newest(t, repo{"index.html": ""}, nil), "setup", plan.Fact{Phase: "setup", Field: "nix"}, "nginx serves the files, as " + none},
		{"a password", staticfileProvider, withServer(t, repo{"index.html": "", "Staticfile.auth": "a:b"}, nil, true), "setup", plan.Fact{Phase: "start", Field: "cmd"},
			"nginx serves the files: it asks for a password"},
		{"media types", staticfileProvider, withServer(t, repo{"index.html": "", "mime.types": ""}, nil, true), "setup", plan.Fact{Phase: "start", Field: "cmd"},
			"nginx serves the files: it has media types of the app"},
		{"lists of folders", staticfileProvider, withServer(t, repo{"Staticfile": "directory: on"}, nil, true), "setup", plan.Fact{Phase: "start", Field: "cmd"},
			"nginx serves the files: it asks for lists of folders"},
		{"an address for 404", staticfileProvider, withServer(t, repo{"Staticfile": "status_code:\n  404: =200 /index.html"}, nil, true), "setup", plan.Fact{Phase: "start", Field: "cmd"},
			"nginx serves the files: it has another error page than a path for 404"},
		{"a page for 500", staticfileProvider, withServer(t, repo{"Staticfile": "status_code:\n  500: /500.html"}, nil, true), "setup", plan.Fact{Phase: "start", Field: "cmd"},
			"nginx serves the files: it has another error page than a path for 404"},
		{"the user starts nginx", staticfileProvider, startedBy(withServer(t, repo{"index.html": ""}, nil, true), "nginx -c /assets/nginx.conf"), "setup",
			plan.Fact{Phase: "start", Field: "cmd"}, "nginx serves the files: the start command runs it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, tt.provider, tt.app)
			if _, ok := out.Plan.Phases["static"]; ok || len(out.Plan.Phases[tt.phase].NixPkgs) == 0 {
				t.Errorf("phases %v", out.Plan.Phases)
			}
			i := slices.IndexFunc(out.Reasons, func(r Reason) bool { return r.Fact == tt.fact })
			if i < 0 || !strings.HasSuffix(out.Reasons[i].Why, tt.why) {
				t.Errorf("reasons %+v, want one that ends in %q", out.Reasons, tt.why)
			}
		})
	}
}

// started is an app whose start command the user gives.
func startedBy(app App, cmd string) App { app.UserStart = &cmd; return app }

func TestAUserWhoStartsTheServerOfThisProjectHasIt(t *testing.T) {
	out := mustPlan(t, nodeProvider, startedBy(withServer(t, repo{"package.json": staticVite}, nil, true), "npx-static dist --access-log"))
	diffOf(t, "releases", []string{"npx-static@1.0.0", "npx-compress@1.0.0"}, out.Plan.Phases["static"].ReleaseNames())
	if out.Plan.Start != nil {
		t.Errorf("start %q", *out.Plan.Start.Cmd)
	}
}
