package providers

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// nginxWhy says why nginx serves an app, and not the server of this project; nil if it does not.
func nginxWhy(app App, conf staticfile) (*cause, error) {
	const serves = "nginx serves the files"
	why := byDefault(serves)
	if !app.choosesVersions() {
		return &why, nil
	}
	if asked := conf.asksNginx(app); asked != nil {
		asked.why = serves + ": " + asked.why
		return asked, nil
	}
	server, instead, err := chooseNpxStatic(app)
	if err != nil || server != nil {
		return nil, err
	}
	why.why += ", as " + instead
	return &why, nil
}

// plainPage is a page of an error as a path. What else nginx takes there has a meaning of its own.
var plainPage = lazyregexp.New(`^/?[\w.@+~/-]+$`)

// asksNginx says what of an app nginx alone does; nil if that is nothing.
func (s staticfile) asksNginx(app App) *cause {
	if app.UserStart != nil && strings.Contains(*app.UserStart, "nginx") {
		return new(byDefault("the start command runs it"))
	}
	for name, why := range plan.Sorted(nginxFiles) {
		if app.Tree.HasFile(name) {
			return new(byFile(name, why))
		}
	}
	if s.Directory != nil && !staticfileOff(*s.Directory) {
		return new(byLine(app, "Staticfile", "directory", "it asks for lists of folders"))
	}
	for _, code := range slices.Sorted(maps.Keys(s.StatusCode)) {
		if code != 404 || !plainPage.MatchString(s.StatusCode[code]) {
			return new(byLine(app, "Staticfile", "status_code", "it has another error page than a path for 404"))
		}
	}
	return nil
}

// nginxFiles are files of an app that nginx alone reads.
var nginxFiles = map[string]string{"Staticfile.auth": "it asks for a password", "mime.types": "it has media types of the app"}

// staticfileOff reports whether a setting says no.
func staticfileOff(value string) bool {
	return slices.Contains([]string{"", "off", "false", "no", "disabled"}, strings.ToLower(value))
}

// sitePort is where the server listens without PORT: nginx took 80, which is for root alone.
const sitePort = "8080"

// planOwnServer serves the folder of an app by the server of this project.
func planOwnServer(app App, conf staticfile, root string, why cause, warnings []string) (Output, error) {
	site := staticSite{port: sitePort, dir: strings.TrimPrefix(path.Clean("/"+root), "/"), why: why, plain: conf.Gzip != nil && staticfileOff(*conf.Gzip)}
	if site.dir == "" {
		site.dir = "."
	}
	out := Output{Warnings: warnings}
	err := site.addTo(app, &out, byDefault("nothing builds the app, so that it is files"))
	return out, err
}
