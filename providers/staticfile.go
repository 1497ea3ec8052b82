package providers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// staticfileProvider follows nixpacks-1.39.md 3.21: nginx serves a folder of the app.
var staticfileProvider = Provider{
	Name:   "staticfile",
	Looks:  "Staticfile, index.html or a directory public, index or dist",
	Detect: detectStaticfile,
	Plan:   planStaticfile,

	Fallback: true,

	Language: Language{
		Manifests: []Manifest{{File: "Staticfile"}}, // index.html lies anywhere
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

// staticfileRoots are the folders that make an app static, in the order in which they become its root.
var staticfileRoots = []string{"public", "dist", "index"}

func detectStaticfile(app App) (string, error) {
	if app.Tree.HasFile("Staticfile") {
		return "Staticfile", nil
	}
	if dir := staticfileDir(app); dir != "" {
		return dir + "/", nil
	}
	return firstFile(app, "index.html"), nil
}

func staticfileDir(app App) string {
	if i := slices.IndexFunc(staticfileRoots, app.Tree.HasDir); i >= 0 {
		return staticfileRoots[i]
	}
	return ""
}

func planStaticfile(app App) (Output, error) {
	conf, warnings := readStaticfile(app)
	if err := conf.check(); err != nil {
		return Output{}, err
	}
	root, why, err := staticfileRoot(app, conf)
	if err != nil {
		return Output{}, err
	}
	nginx, err := nginxWhy(app, conf)
	if err != nil {
		return Output{}, err
	}
	if nginx == nil {
		return planOwnServer(app, conf, root, why, warnings)
	}
	reasons := []Reason{
		nginx.decided("setup", "nix", ""),
		nginx.decided("start", "cmd", ""),
		why.decided("", "asset nginx.conf", ""),
	}
	assets := map[string]string{}
	for _, a := range []struct{ file, asset string }{{"mime.types", "mime.types"}, {"Staticfile.auth", ".htpasswd"}} {
		if !app.Tree.HasFile(a.file) {
			continue
		}
		if assets[a.asset], err = app.Tree.Read(a.file); err != nil {
			return Output{}, err
		}
		reasons = append(reasons, byFile(a.file, "the app has one").decided("", "asset "+a.asset, ""))
	}
	assets["nginx.conf"] = conf.nginx(root, app.Tree.HasFile("mime.types"), app.Tree.HasFile("Staticfile.auth"))
	out := Output{
		Plan: plan.Plan{
			StaticAssets: assets,
			Phases: map[string]plan.Phase{"setup": {
				NixPkgs:     []string{"nginx"},
				NixOverlays: []string{},
				Cmds:        []string{"mkdir /etc/nginx/ /var/log/nginx/ /var/cache/nginx/"},
			}},
			Start: &plan.Start{Cmd: new(staticfileStart)},
		},
		Warnings: warnings,
		Reasons:  reasons,
	}
	out.asRoot(app, "the start writes the configuration of nginx")
	return out, nil
}

// A staticfile is the content of Staticfile. Its strings go into nginx.conf as they are.
type staticfile struct {
	Root       *string        `yaml:"root"`
	Directory  *string        `yaml:"directory"` // of autoindex
	Gzip       *string        `yaml:"gzip"`
	StatusCode map[int]string `yaml:"status_code"` // page for each
}

// readStaticfile returns what Staticfile says, or nothing and a warning if it cannot be read.
func readStaticfile(app App) (staticfile, []string) {
	var conf staticfile
	if !app.Tree.HasFile("Staticfile") {
		return conf, nil
	}
	if err := app.Tree.YAML("Staticfile", &conf); err != nil {
		return staticfile{}, []string{"Staticfile does not count: " + err.Error()}
	}
	return conf, nil
}

// staticfileRoot returns the folder that is served and why that one.
func staticfileRoot(app App, conf staticfile) (string, cause, error) {
	if root, ok := app.Vars.Config("STATICFILE_ROOT"); ok {
		return root, byVariable(app, "STATICFILE_ROOT"), checkNginx("the variable", "NIXPACKS_STATICFILE_ROOT", root)
	}
	if conf.Root != nil {
		return *conf.Root, byLine(app, "Staticfile", "root", fmt.Sprintf("root is %.60q", *conf.Root)), nil
	}
	if dir := staticfileDir(app); dir != "" {
		return dir, byFile(dir, "the app has this folder"), nil
	}
	return "", byDefault("no folder is asked for, so that the whole app is served"), nil
}

// check refuses values that would end their directive of nginx.conf and begin another.
func (s staticfile) check() error {
	for _, v := range []struct {
		key   string
		value *string
	}{{"root", s.Root}, {"directory", s.Directory}, {"gzip", s.Gzip}} {
		if v.value == nil {
			continue
		}
		if err := checkNginx("Staticfile", v.key, *v.value); err != nil {
			return err
		}
	}
	for _, code := range slices.Sorted(maps.Keys(s.StatusCode)) {
		if err := checkNginx("Staticfile", fmt.Sprintf("status_code %d", code), s.StatusCode[code]); err != nil {
			return err
		}
	}
	return nil
}

func checkNginx(where, key, value string) error {
	if strings.ContainsAny(value, "\r\n;{}") {
		return fmt.Errorf(`reading %s: %s has a line break or one of ";{}"; nginx takes a plain value there`, where, key)
	}
	return nil
}

// nginx renders nginx.conf.
func (s staticfile) nginx(root string, ownTypes, auth bool) string {
	types, protect := nginxTypes, ""
	if ownTypes {
		types = nginxOwnTypes
	}
	if auth {
		protect = nginxAuth
	}
	var pages strings.Builder
	for _, code := range slices.Sorted(maps.Keys(s.StatusCode)) {
		fmt.Fprintf(&pages, nginxErrorPage, code, s.StatusCode[code])
	}
	gzip, list := cmp.Or(s.Gzip, new("on")), cmp.Or(s.Directory, new("off"))
	return fmt.Sprintf(nginxConf, types, *gzip, root, protect, *list, pages.String())
}
