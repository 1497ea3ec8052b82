package providers

import "strings"

// pythonEntries are the files that Python programs are called by, in the order in which they are looked at.
var pythonEntries = []string{"main", "app", "server", "bot", "wsgi", "asgi", "run"}

// pythonAside are the names of folders and files that are beside an app.
var pythonAside = []string{
	"alembic", "benchmarks", "conftest", "docs", "env", "example", "examples", "fixtures", "migrations", "node_modules", "notebooks", "samples", "scripts",
	"site-packages", "test", "tests", "venv",
}

// A pythonInterface is how a server and an app object talk.
type pythonInterface string

const (
	asgi pythonInterface = "ASGI"
	wsgi pythonInterface = "WSGI"

	aiohttp pythonInterface = "aiohttp" // that of no other framework
)

// A pythonFramework is one that makes app objects for servers.
type pythonFramework struct {
	name     string // as people write it
	pkg      string // as pythonName has it
	makes    []string
	speaks   pythonInterface
	commands []pythonServer // before those of its interface
}

// pythonFrameworks are told by what is called. What a name is imported from counts, not how it is called.
var pythonFrameworks = []pythonFramework{
	{
		name: "FastAPI", pkg: "fastapi", speaks: asgi, makes: []string{"fastapi.FastAPI", "fastapi.applications.FastAPI"},
		commands: []pythonServer{{pkg: "fastapi-cli", unless: "uvicorn", cmd: "fastapi run FILE --host 0.0.0.0 --port ${PORT:-8000}"}},
	},
	{name: "Starlette", pkg: "starlette", speaks: asgi, makes: []string{"starlette.applications.Starlette"}},
	{name: "Litestar", pkg: "litestar", speaks: asgi, makes: []string{"litestar.Litestar", "litestar.app.Litestar"}},
	{name: "Quart", pkg: "quart", speaks: asgi, makes: []string{"quart.Quart", "quart.app.Quart"}},
	{
		name: "FastHTML", pkg: "python-fasthtml", speaks: asgi,
		makes: []string{
			"fasthtml.common.FastHTML", "fasthtml.common.fast_app", "fasthtml.core.FastHTML", "fasthtml.fastapp.fast_app", "fasthtml.FastHTML", "fasthtml.fast_app",
		},
	},
	{
		name: "Flask", pkg: "flask", speaks: wsgi, makes: []string{"flask.Flask", "flask.app.Flask"},
		commands: []pythonServer{
			{pkg: "gunicorn", cmd: gunicornCommand, factory: gunicornFactory},
			{pkg: "waitress", cmd: waitressCommand, factory: waitressFactory},
			{pkg: "uwsgi", cmd: uwsgiCommand, factory: uwsgiFactory},
			{pkg: "granian", cmd: strings.Replace(granianCommand, "INTERFACE", "wsgi", 1), factory: strings.Replace(granianFactory, "INTERFACE", "wsgi", 1)},
			{pkg: "flask", usual: true, cmd: "flask --app FLASK run --host 0.0.0.0 --port ${PORT:-5000}", factory: "flask --app FLASK run --host 0.0.0.0 --port ${PORT:-5000}"},
		},
	},
	{name: "Falcon", pkg: "falcon", speaks: wsgi, makes: []string{"falcon.App", "falcon.API"}},
	{name: "Falcon", pkg: "falcon", speaks: asgi, makes: []string{"falcon.asgi.App"}},
	{name: "Bottle", pkg: "bottle", speaks: wsgi, makes: []string{"bottle.Bottle", "bottle.app", "bottle.default_app"}},
	{name: "Pyramid", pkg: "pyramid", speaks: wsgi, makes: []string{".make_wsgi_app"}},
	{name: "Dash", pkg: "dash", speaks: wsgi, makes: []string{"dash.Dash"}},
	{name: "BlackSheep", pkg: "blacksheep", speaks: asgi, makes: []string{"blacksheep.Application", "blacksheep.server.Application"}},
	{name: "Connexion", pkg: "connexion", speaks: asgi, makes: []string{"connexion.AsyncApp", "connexion.FlaskApp"}},
	{name: "Socket.IO", pkg: "python-socketio", speaks: asgi, makes: []string{"socketio.ASGIApp"}},
	{name: "Socket.IO", pkg: "python-socketio", speaks: wsgi, makes: []string{"socketio.WSGIApp"}},
	{
		name: "Sanic", pkg: "sanic", speaks: asgi, makes: []string{"sanic.Sanic"},
		commands: []pythonServer{{pkg: "sanic", usual: true, cmd: "sanic MODULE:VAR --host 0.0.0.0 --port ${PORT:-8000}", factory: "sanic MODULE:VAR --factory --host 0.0.0.0 --port ${PORT:-8000}"}},
	},
	{
		name: "aiohttp", pkg: "aiohttp", speaks: aiohttp, makes: []string{"aiohttp.web.Application"},
		commands: []pythonServer{{pkg: "gunicorn", cmd: gunicornCommand + aiohttpWorker, factory: gunicornCommand + aiohttpWorker}},
	},
	{name: "Django", pkg: "django", speaks: wsgi, makes: []string{"django.core.wsgi.get_wsgi_application"}},
	{name: "Django", pkg: "django", speaks: asgi, makes: []string{"django.core.asgi.get_asgi_application", "channels.routing.ProtocolTypeRouter"}},
}

const (
	gunicornCommand = "gunicorn --bind 0.0.0.0:${PORT:-8000} MODULE:VAR"
	gunicornFactory = "gunicorn --bind 0.0.0.0:${PORT:-8000} 'MODULE:VAR()'"
	waitressCommand = "waitress-serve --listen=0.0.0.0:${PORT:-8000} MODULE:VAR"
	waitressFactory = "waitress-serve --listen=0.0.0.0:${PORT:-8000} --call MODULE:VAR"
	uwsgiCommand    = "uwsgi --http 0.0.0.0:${PORT:-8000} --master --module MODULE:VAR"
	uwsgiFactory    = "uwsgi --http 0.0.0.0:${PORT:-8000} --master --module 'MODULE:VAR()'"
	granianCommand  = "granian --interface INTERFACE --host 0.0.0.0 --port ${PORT:-8000} MODULE:VAR"
	granianFactory  = "granian --interface INTERFACE --factory --host 0.0.0.0 --port ${PORT:-8000} MODULE:VAR"
	aiohttpWorker   = " --worker-class aiohttp.GunicornWebWorker"
)

// A pythonServer is a program that serves app objects. In its commands MODULE and VAR stand for where the object is, FILE for the
// path of the module and FLASK for the module, both with the object if the program does not find that by itself.
type pythonServer struct {
	pkg     string // that has it
	unless  string // a package that is better if it is asked for by its name
	usual   bool   // taken where the dependencies cannot be told
	cmd     string
	factory string // for a function that makes the object; "" if the server calls none
}

// pythonServers are in order of preference.
var pythonServers = map[pythonInterface][]pythonServer{
	wsgi: {
		{pkg: "gunicorn", usual: true, cmd: gunicornCommand, factory: gunicornFactory},
		{pkg: "waitress", cmd: waitressCommand, factory: waitressFactory},
		{pkg: "uwsgi", cmd: uwsgiCommand, factory: uwsgiFactory},
		{pkg: "granian", cmd: strings.Replace(granianCommand, "INTERFACE", "wsgi", 1), factory: strings.Replace(granianFactory, "INTERFACE", "wsgi", 1)},
	},
	asgi: {
		{pkg: "uvicorn", usual: true, cmd: "uvicorn MODULE:VAR --host 0.0.0.0 --port ${PORT:-8000}", factory: "uvicorn --factory MODULE:VAR --host 0.0.0.0 --port ${PORT:-8000}"},
		{pkg: "hypercorn", cmd: "hypercorn MODULE:VAR --bind 0.0.0.0:${PORT:-8000}", factory: "hypercorn 'MODULE:VAR()' --bind 0.0.0.0:${PORT:-8000}"},
		{pkg: "daphne", cmd: "daphne -b 0.0.0.0 -p ${PORT:-8000} MODULE:VAR"},
		{pkg: "granian", cmd: strings.Replace(granianCommand, "INTERFACE", "asgi", 1), factory: strings.Replace(granianFactory, "INTERFACE", "asgi", 1)},
	},
}

// pythonServes are the calls that serve until they are stopped, by the name that is imported, or by the method if they begin with a
// dot. The value says where the host is, without which nobody outside of a container is served.
var pythonServes = map[string]pythonHost{
	"uvicorn.run":                       {keyword: "host", place: -1},
	"hypercorn.asyncio.serve":           {any: true},
	"waitress.serve":                    {keyword: "host", place: -1, any: true},
	"werkzeug.serving.run_simple":       {keyword: "hostname"},
	"fasthtml.common.serve":             {keyword: "host", place: -1, any: true},
	"fasthtml.core.serve":               {keyword: "host", place: -1, any: true},
	"eventlet.wsgi.server":              {any: true},
	"aiohttp.web.run_app":               {keyword: "host", place: -1, any: true},
	"bottle.run":                        {keyword: "host", place: -1},
	"wsgiref.simple_server.make_server": {keyword: "host"},
	".run":                              {keyword: "host"},
	".serve_forever":                    {any: true},
}

// A pythonHost is where a call has the host that it serves.
type pythonHost struct {
	keyword string
	place   int  // of the argument, from 0; -1 if it is given by keyword only
	any     bool // without one it serves everybody
}

// pythonBrings says which packages come with another, or with an extra of it.
var pythonBrings = map[string][]string{
	"channels":            {"django"},
	"channels[daphne]":    {"daphne"},
	"dash":                {"flask"},
	"djangorestframework": {"django"},
	"fastapi":             {"starlette"},
	"fastapi[all]":        {"fastapi-cli", "uvicorn"},
	"fastapi[standard]":   {"fastapi-cli", "uvicorn"},
	"fastapi-cli":         {"uvicorn"},
	"flask-socketio":      {"flask", "python-socketio"},
	"gradio":              {"fastapi"},
	"litestar[standard]":  {"uvicorn"},
	"psycopg[binary]":     {"psycopg-binary"},
	"psycopg[c]":          {"psycopg-c"},
	"pyuwsgi":             {"uwsgi"},
	"python-fasthtml":     {"starlette", "uvicorn"},
	"quart":               {"flask", "hypercorn"},
	"uvicorn-worker":      {"gunicorn", "uvicorn"},
	"wagtail":             {"django"},
}
