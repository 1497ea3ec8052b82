package providers

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

const (
	fastAPI  = "from fastapi import FastAPI\n\napp = FastAPI()\n"
	flask    = "from flask import Flask\n\napp = Flask(__name__)\n"
	factory  = "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
	uvicorn0 = "--host 0.0.0.0 --port ${PORT:-8000}"
	flask0   = "run --host 0.0.0.0 --port ${PORT:-5000}"
	gunicorn = "gunicorn --bind 0.0.0.0:${PORT:-8000} "
	script   = "print('hello')\n"
)

// guessOf is what the newest edition starts, and why it starts nothing.
func guessOf(t *testing.T, files repo) (cmd, none string, out Output) {
	t.Helper()
	app := appOf(t, files, nil)
	app.Edition = rules.Newest
	out = mustPlan(t, pythonProvider, app)
	start := out.Plan.Start
	for _, f := range out.Fixes {
		if f.Rule == "python-start" {
			start = f.Over.Start
		}
	}
	if start != nil {
		cmd = *start.Cmd
	}
	return cmd, out.NoStart, out
}

func TestPythonStartsWhatServes(t *testing.T) {
	needs := func(names ...string) repo { return repo{"requirements.txt": strings.Join(names, "\n") + "\n"} }
	for _, tt := range []struct {
		name  string
		needs repo
		files repo
		want  string
	}{
		{"FastAPI", needs("fastapi", "uvicorn[standard]==0.30"), repo{"main.py": fastAPI}, "uvicorn main:app " + uvicorn0},
		{"FastAPI with its own program", needs("fastapi[standard]"), repo{"main.py": fastAPI}, "fastapi run main.py " + uvicorn0},
		{"FastAPI by another name", needs("fastapi[standard]"), repo{"main.py": "import fastapi as f\nservice = f.FastAPI()\n"}, "fastapi run main.py --app service " + uvicorn0},
		{"FastAPI with both", needs("fastapi[standard]", "uvicorn"), repo{"app.py": fastAPI}, "uvicorn app:app " + uvicorn0},
		{"FastAPI by Hypercorn", needs("fastapi", "hypercorn"), repo{"app.py": fastAPI}, "hypercorn app:app --bind 0.0.0.0:${PORT:-8000}"},
		{"FastAPI by Daphne", needs("fastapi", "Daphne"), repo{"asgi.py": fastAPI}, "daphne -b 0.0.0.0 -p ${PORT:-8000} asgi:app"},
		{"FastAPI in a package", needs("fastapi", "uvicorn"), repo{"app/main.py": fastAPI + "from app.routes import r\n", "app/__init__.py": "", "app/routes.py": ""}, "uvicorn app.main:app " + uvicorn0},
		{"FastAPI in a folder", needs("fastapi", "uvicorn"), repo{"app/main.py": fastAPI}, "uvicorn app.main:app " + uvicorn0},
		{"FastAPI in a folder that is no package", needs("fastapi", "uvicorn"), repo{"app/main.py": fastAPI + "from routes import r\n", "app/routes.py": ""}, "PYTHONPATH=app uvicorn main:app " + uvicorn0},
		{"FastAPI in src", needs("fastapi", "uvicorn"), repo{"src/main.py": fastAPI}, "PYTHONPATH=src uvicorn main:app " + uvicorn0},
		{"FastAPI in src that is a package", needs("fastapi", "uvicorn"), repo{"src/main.py": fastAPI + "from src.x import y\n", "src/x.py": ""}, "uvicorn src.main:app " + uvicorn0},
		{"FastAPI in a package below src", needs("fastapi", "uvicorn"), repo{"src/shop/main.py": fastAPI, "src/shop/__init__.py": ""}, "PYTHONPATH=src uvicorn shop.main:app " + uvicorn0},
		{"FastAPI in a folder, by a file that serves it", needs("fastapi", "uvicorn"), repo{"app/run.py": fastAPI + "from models import r\nimport uvicorn\nuvicorn.run('run:app', host='0.0.0.0')\n", "app/models.py": ""}, "python app/run.py"},
		{"a file called run", needs("flask"), repo{"shop/__init__.py": factory, "run.py": "from shop import create_app\napp = create_app()\nif __name__ == '__main__':\n  app.run(debug=True)\n"}, "flask --app run " + flask0},
		{"a factory", needs("fastapi", "uvicorn"), repo{"main.py": "from fastapi import FastAPI\ndef create_app():\n  return FastAPI()\n"}, "uvicorn --factory main:create_app " + uvicorn0},
		{"wrapped", needs("fastapi", "uvicorn"), repo{"main.py": "from fastapi import FastAPI\napp: FastAPI = FastAPI(\n  title='x',\n)\napp = CORS(app)\n"}, "uvicorn main:app " + uvicorn0},
		{"Starlette", needs("starlette", "uvicorn"), repo{"server.py": "from starlette.applications import Starlette\napp = Starlette(routes=[])\n"}, "uvicorn server:app " + uvicorn0},
		{"Litestar", needs("litestar[standard]"), repo{"app.py": "from litestar import Litestar\napp = Litestar([index])\n"}, "uvicorn app:app " + uvicorn0},
		{"Quart", needs("quart"), repo{"app.py": "import quart\napp = quart.Quart(__name__)\n"}, "hypercorn app:app --bind 0.0.0.0:${PORT:-8000}"},
		{"FastHTML", needs("python-fasthtml"), repo{"app.py": "from fasthtml.common import *\napp, rt = fast_app()\n"}, "uvicorn app:app " + uvicorn0},
		{"FastHTML that serves", needs("python-fasthtml"), repo{"main.py": "from fasthtml.common import *\napp, rt = fast_app()\nserve()\n"}, "python main.py"},
		{"Flask", needs("flask==3"), repo{"app.py": flask}, "flask --app app " + flask0},
		{"Flask by another name", needs("flask==3"), repo{"app.py": "from flask import Flask as F\nweb = F(__name__)\n"}, "flask --app app:web " + flask0},
		{"Flask by Gunicorn", needs("Flask", "gunicorn"), repo{"app.py": flask}, gunicorn + "app:app"},
		{"Flask by Waitress", needs("Flask", "waitress"), repo{"app.py": flask}, "waitress-serve --listen=0.0.0.0:${PORT:-8000} app:app"},
		{"a package of Flask", needs("flask"), repo{"flaskr/__init__.py": factory}, "flask --app flaskr " + flask0},
		{"a package of Flask by Gunicorn", needs("flask", "gunicorn"), repo{"flaskr/__init__.py": factory}, gunicorn + "'flaskr:create_app()'"},
		{"a package of Flask with a file of its own", needs("flask", "gunicorn"), repo{"flaskr/__init__.py": factory, "wsgi.py": "from flaskr import create_app\napp = create_app()\n"}, gunicorn + "wsgi:app"},
		{"an object of another file", needs("flask", "gunicorn"), repo{"shop/__init__.py": flask, "wsgi.py": "from shop import app\n"}, gunicorn + "wsgi:app"},
		{"a factory with defaults", needs("flask"), repo{"app.py": strings.Replace(factory, "()", "(config=None, *args, x: int = 1, **more)", 1)}, "flask --app app " + flask0},
		{"a file of any name", needs("flask"), repo{"hello.py": flask, "setup.py": ""}, "flask --app hello " + flask0},
		{"Flask that serves itself alone", needs("flask"), repo{"main.py": flask + "if __name__ == '__main__':\n    app.run(debug=True)\n"}, "flask --app main " + flask0},
		{"Flask that serves others", needs("flask"), repo{"main.py": flask + "if __name__ == '__main__': app.run('0.0.0.0', 80)\n"}, "python main.py"},
		{"Flask that serves others in development", needs("flask", "gunicorn"), repo{"main.py": flask + "if __name__ == '__main__':\n    app.run(host='0.0.0.0')\n"}, gunicorn + "main:app"},
		{"FastAPI that serves others", needs("fastapi", "uvicorn"), repo{"main.py": "import uvicorn\n" + fastAPI + "def main():\n    uvicorn.run(app, host='0.0.0.0', port=80)\nif __name__ == '__main__':\n    main()\n"}, "python main.py"},
		{"FastAPI that serves itself alone", needs("fastapi", "uvicorn"), repo{"main.py": "import uvicorn\n" + fastAPI + "HOST = 'localhost'\nuvicorn.run(app, host=HOST)\n"}, "uvicorn main:app " + uvicorn0},
		{"a launcher", needs("fastapi", "uvicorn"), repo{"main.py": "import uvicorn\nuvicorn.run('shop.api:app', reload=True)\n", "shop/api.py": fastAPI}, "uvicorn shop.api:app " + uvicorn0},
		{"a launcher that serves others", needs("fastapi", "uvicorn"), repo{"main.py": "import uvicorn\nuvicorn.run('shop.api:app', host='0.0.0.0')\n", "shop/api.py": fastAPI}, "python main.py"},
		{"Waitress", needs("flask", "waitress"), repo{"main.py": "import waitress\n" + flask + "if __name__ == '__main__':\n    waitress.serve(app, port=3000)\n"}, "python main.py"},
		{"Streamlit", needs("streamlit"), repo{"streamlit_app.py": "import streamlit as st\nst.title('x')\n"}, "streamlit run streamlit_app.py --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true"},
		{"Gradio", needs("gradio"), repo{"app.py": "import gradio as gr\nwith gr.Blocks() as demo:\n  gr.Textbox()\ndemo.launch()\n"}, "GRADIO_SERVER_PORT=${PORT:-7860} python app.py"},
		{"Gradio on one port", needs("gradio"), repo{"app.py": "import gradio as gr\nwith gr.Blocks() as demo:\n  gr.Textbox()\ndemo.launch(server_port=8080)\n"}, "python app.py"},
		{"Gradio on a port of a variable", needs("gradio"), repo{"app.py": "import gradio as gr\nimport os\nwith gr.Blocks() as demo:\n  gr.Textbox()\ndemo.launch(server_port=int(os.getenv('PORT', 7860)))\n"}, "GRADIO_SERVER_PORT=${PORT:-7860} python app.py"},
		{"Gradio below FastAPI", needs("gradio", "fastapi", "uvicorn"), repo{"app.py": "import gradio as gr\n" + fastAPI + "app = gr.mount_gradio_app(app, demo, path='/')\n"}, "uvicorn app:app " + uvicorn0},
		{"a script beside an app", needs("flask"), repo{"main.py": script, "app.py": flask}, "flask --app app " + flask0},
		{"a script", needs("requests"), repo{"bot.py": "import x\nx.Client().run(1)\n"}, "python bot.py"},
		{"a script in src", needs("requests"), repo{"src/main.py": script}, "python src/main.py"},
		{"a module of a package", needs("requests"), repo{"src/shop/main.py": "from . import x\nx.y()\n", "src/shop/__init__.py": ""}, "PYTHONPATH=src python -m shop.main"},
		{"an included file", repo{"requirements.txt": "-r base.txt\n", "base.txt": "fastapi\nuvicorn\n"}, repo{"main.py": fastAPI}, "uvicorn main:app " + uvicorn0},
		{"a file that is not to be read", repo{"requirements.txt": "-e ./lib\n"}, repo{"main.py": fastAPI}, "uvicorn main:app " + uvicorn0},
		{"Poetry", repo{"pyproject.toml": "[tool.poetry.dependencies]\nfastapi = {version = '*', extras = ['standard', 'all']}\n", "poetry.lock": "package = []\n"}, repo{"main.py": fastAPI}, "fastapi run main.py " + uvicorn0},
		{"Pipenv", repo{"Pipfile": "[packages]\nflask = '*'\ngunicorn = '*'\n"}, repo{"main.py": flask}, gunicorn + "main:app"},
		{"a script with its dependencies", nil, repo{"app.py": "# /// script\n# dependencies = [\n#   'flask>=3', # web\n#   \"gunicorn\",\n# ]\n# ///\n" + flask}, gunicorn + "app:app"},
		{"a program of the project", repo{"pyproject.toml": "[project]\nname = 'shop'\n[project.scripts]\nshop = 'shop.cli:main'\nother = 'x:y'\n[build-system]\nrequires = []\n", "uv.lock": "version = 1\n"}, repo{"shop/cli.py": "def main(): pass\n"}, "shop"},
		{"a program of a project that is not installed", repo{"pyproject.toml": "[project]\nname = 'a-shop'\n[project.scripts]\nshop = 'shop.cli:main'\n", "uv.lock": "version = 1\n"}, repo{"a_shop/__main__.py": "x()\n"}, "python -m a_shop"},
		{"a program that runs from the sources", repo{"pyproject.toml": "[project]\nname = 'shop'\nscripts = {serve = 'shop:main'}\n"}, repo{"src/shop/cli.py": ""}, "PYTHONPATH=src serve"},
		{"a program beside a folder without Python", repo{"pyproject.toml": "[project]\nname = 'shop'\nscripts = {serve = 'shop:main'}\n"}, repo{"shop/cli.py": "", "src/site.css": ""}, "PYTHONPATH=. serve"},
		{"Django", needs("django", "gunicorn"), repo{"manage.py": "", "shop/settings.py": "WSGI_APPLICATION: str = 'shop.wsgi.application'\n"}, "python manage.py migrate && " + gunicorn + "shop.wsgi:application"},
		{"Django by ASGI", needs("django", "uvicorn"), repo{"manage.py": "", "shop/settings.py": "WSGI_APPLICATION = 'shop.wsgi.application'\nASGI_APPLICATION = 'shop.asgi.application'\n"}, "python manage.py migrate && uvicorn shop.asgi:application " + uvicorn0},
		{"Django by Daphne and without a setting", needs("channels[daphne]"), repo{"manage.py": "from django.core.management import execute_from_command_line\n", "shop/asgi.py": "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"}, "python manage.py migrate && daphne -b 0.0.0.0 -p ${PORT:-8000} shop.asgi:application"},
		{"Django in src", needs("django", "gunicorn"), repo{"src/manage.py": "from django.core.management import x\n", "src/shop/settings.py": "WSGI_APPLICATION = 'shop.wsgi.application'\n", "other/settings.py": "WSGI_APPLICATION = 'other.wsgi.application'\n"}, "python src/manage.py migrate && PYTHONPATH=src " + gunicorn + "shop.wsgi:application"},
		{"Django in a folder", needs("django", "daphne"), repo{"site/manage.py": "from django.core.management import x\n", "site/shop/asgi.py": "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"}, "python site/manage.py migrate && PYTHONPATH=site daphne -b 0.0.0.0 -p ${PORT:-8000} shop.asgi:application"},
		{"Django in a folder beside an app", needs("django", "fastapi", "uvicorn"), repo{"old/manage.py": "from django.core.management import x\n", "main.py": fastAPI}, "uvicorn main:app " + uvicorn0},
		{"Django whose requirements are elsewhere", repo{"requirements.txt": "-r requirements/live.txt\n", "requirements/live.txt": "django\ngunicorn\n"}, repo{"manage.py": "", "shop/settings.py": "WSGI_APPLICATION = 'shop.wsgi.application'\n"}, "python manage.py migrate && " + gunicorn + "shop.wsgi:application"},
		{"a setting in a comment", needs("django", "gunicorn"), repo{"manage.py": "", "a/settings.py": "# WSGI_APPLICATION = 'no.wsgi.application'\n\"\"\"\nWSGI_APPLICATION = 'no.wsgi.application'\n\"\"\"\n", "b/settings.py": "WSGI_APPLICATION='b.wsgi.app'\n"}, "python manage.py migrate && " + gunicorn + "b.wsgi:app"},
		{"a syntax error behind the app", needs("fastapi", "uvicorn"), repo{"main.py": fastAPI + "def (:\n  ]]] 'x\n"}, "uvicorn main:app " + uvicorn0},
		{"a syntax error in the app", needs("fastapi", "uvicorn"), repo{"main.py": "from fastapi import FastAPI\napp = FastAPI(\n"}, "uvicorn main:app " + uvicorn0},
		{"an app in a text", needs("fastapi", "uvicorn"), repo{"main.py": "'''\n" + fastAPI + "'''\nprint(1)\n"}, "python main.py"},
		{"a file that is too large", needs("fastapi", "uvicorn"), repo{"main.py": strings.Repeat("#", pythonFileBytes) + "\n" + fastAPI}, "python main.py"},
		{"Litestar by Granian", needs("litestar", "granian"), repo{"app.py": "from litestar import Litestar\napp = Litestar([])\n"}, "granian --interface asgi --host 0.0.0.0 --port ${PORT:-8000} app:app"},
		{"Flask by uWSGI", needs("flask", "pyuwsgi"), repo{"shop/__init__.py": factory}, "uwsgi --http 0.0.0.0:${PORT:-8000} --master --module 'shop:create_app()'"},
		{"Falcon", needs("falcon", "gunicorn"), repo{"main.py": "import falcon\napp = falcon.App()\n"}, gunicorn + "main:app"},
		{"Falcon by ASGI", needs("falcon", "uvicorn"), repo{"main.py": "import falcon.asgi\napp = falcon.asgi.App()\n"}, "uvicorn main:app " + uvicorn0},
		{"Bottle", needs("bottle", "waitress"), repo{"main.py": "import bottle\napp = bottle.default_app()\n"}, "waitress-serve --listen=0.0.0.0:${PORT:-8000} main:app"},
		{"Bottle that serves others", needs("bottle"), repo{"main.py": "from bottle import run, Bottle\napp = Bottle()\nrun(app, host='0.0.0.0', port=80)\n"}, "python main.py"},
		{"Pyramid", needs("pyramid", "gunicorn"), repo{"app.py": "from pyramid.config import Configurator\nwith Configurator() as config:\n    app = config.make_wsgi_app()\n"}, gunicorn + "app:app"},
		{"Sanic", needs("sanic"), repo{"server.py": "from sanic import Sanic\napp = Sanic('x')\n"}, "sanic server:app " + uvicorn0},
		{"BlackSheep", needs("blacksheep", "hypercorn"), repo{"app.py": "from blacksheep import Application\napp = Application()\n"}, "hypercorn app:app --bind 0.0.0.0:${PORT:-8000}"},
		{"Socket.IO around an app", needs("fastapi", "python-socketio", "uvicorn"), repo{"main.py": "import socketio\n" + fastAPI + "app = socketio.ASGIApp(sio, app)\n"}, "uvicorn main:app " + uvicorn0},
		{"aiohttp", needs("aiohttp", "gunicorn"), repo{"app.py": "from aiohttp import web\napp = web.Application()\n"}, gunicorn + "app:app --worker-class aiohttp.GunicornWebWorker"},
		{"aiohttp that serves others", needs("aiohttp", "gunicorn"), repo{"app.py": "from aiohttp import web\napp = web.Application()\nif __name__ == '__main__':\n    web.run_app(app)\n"}, "python app.py"},
		{"Dash", needs("dash", "gunicorn"), repo{"app.py": "from dash import Dash\napp = Dash(__name__)\nserver = app.server\nif __name__ == '__main__':\n    app.run(debug=True)\n"}, gunicorn + "app:server"},
		{"Dash that serves itself alone", needs("dash"), repo{"app.py": "from dash import Dash\napp = Dash(__name__)\nif __name__ == '__main__':\n    app.run()\n"}, "HOST=0.0.0.0 PORT=${PORT:-8050} python app.py"},
		{"Chainlit", needs("chainlit"), repo{"app.py": "import chainlit as cl\n@cl.on_message\nasync def main(m): pass\n"}, "chainlit run app.py --host 0.0.0.0 --port ${PORT:-8000} --headless"},
		{"Streamlit with pages and helpers", needs("streamlit"), repo{"Home.py": "import streamlit as st\nst.title('x')\n", "pages/1_a.py": "import streamlit as st\nst.title('x')\n", "helpers.py": "import streamlit as st\ndef f(): st.write(1)\n", "other.py": "import streamlit as st\nst.title('x')\n"}, "streamlit run Home.py --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true"},
		{"Streamlit with a module", needs("streamlit"), repo{"shop.py": "import streamlit as st\nimport parts\nst.title('x')\n", "parts.py": "import streamlit as st\nst.write(1)\n"}, "streamlit run shop.py --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true"},
		{"Streamlit in src", needs("streamlit"), repo{"src/streamlit_app.py": "import streamlit as st\nst.title('x')\n"}, "streamlit run src/streamlit_app.py --server.port ${PORT:-8501} --server.address 0.0.0.0 --server.headless true"},
		{"an app of the tests", needs("fastapi", "uvicorn"), repo{"tests/main.py": fastAPI, "src/tests/app.py": fastAPI, "main.py": script}, "python main.py"},
		{"a folder that is no package", needs("fastapi", "uvicorn"), repo{"quotes/main.py": fastAPI}, "uvicorn quotes.main:app " + uvicorn0},
		{"a package in a package", needs("fastapi", "uvicorn"), repo{"app/__init__.py": "", "app/api/__init__.py": "", "app/api/server.py": fastAPI}, "uvicorn app.api.server:app " + uvicorn0},
		{"a package that can be run", needs("requests"), repo{"shop/__main__.py": script, "shop/__init__.py": ""}, "python -m shop"},
		{"a package in src that can be run", needs("requests"), repo{"src/shop/__main__.py": script}, "PYTHONPATH=src python -m shop"},
		{"a job", needs("requests"), repo{"main.py": "import logging\nlogging.basicConfig()\nlog = logging.getLogger()\nload_data()\n"}, "python main.py"},
		{"a job that is kept", needs("requests"), repo{"main.py": "import asyncio\nasync def f(): pass\nstatus = asyncio.run(f())\n"}, "python main.py"},
		{"a file that is no text", needs("fastapi", "uvicorn"), repo{"main.py": "\xff"}, "python main.py"},
	} {
		files := over(tt.files, tt.needs)
		if cmd, none, _ := guessOf(t, files); cmd != tt.want {
			t.Errorf("%s: %q (%s), want %q", tt.name, cmd, none, tt.want)
		}
	}
}

func TestPythonSaysWhyNothingIsStarted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"no server", repo{"requirements.txt": "fastapi\n", "main.py": fastAPI}, "main.py line 3 makes an app of FastAPI, but requirements.txt does not name a server for it (uvicorn, hypercorn, daphne or granian)"},
		{"no dependencies", repo{"main.py": flask}, "main.py line 3 makes an app of Flask, but there is no requirements.txt that names a server for it (gunicorn, waitress, uwsgi, granian or flask)"},
		{"a factory that needs something", repo{"requirements.txt": "flask\n", "app.py": strings.Replace(factory, "()", "(config, *, name)", 1)}, "app.py line 4 makes an app of Flask in create_app, which needs config, name; write a wsgi.py with app = create_app(...)"},
		{"several files", repo{"requirements.txt": "flask\n", "a.py": flask, "b.py": flask}, "a.py, b.py could all be started"},
		{"a library", repo{"pyproject.toml": "[project]\nname = 'shop'\n", "shop/__init__.py": ""}, noPythonStart},
		{"several programs", repo{"pyproject.toml": "[project]\nname = 'shop'\nscripts = {a = 'x:a', b = 'x:b'}\n"}, "pyproject.toml names the programs a, b, and none of them is called like the project"},
		{"two projects of Django", repo{"requirements.txt": "django\n", "a/manage.py": "django.core.management", "b/manage.py": "django.core.management"}, "a, b are all projects of Django"},
		{"an app in a function", repo{"requirements.txt": "fastapi\n", "main.py": "from fastapi import FastAPI\ndef test():\n    app = FastAPI()\n"}, "main.py only defines something, so that it would end at once"},
		{"a function that nobody calls", repo{"main.py": "def main():\n    print(1)\n"}, "main.py only defines something, so that it would end at once"},
		{"an empty file", repo{"main.py": ""}, "main.py only defines something, so that it would end at once"},
		{"an app of a framework that is not known", repo{"main.py": "import shelf\napp = shelf.App()\napp.add_route('/')\n"}, "main.py:2 makes an object of shelf.App, for which no server is known"},
		{"an app of Celery", repo{"requirements.txt": "celery\n", "app.py": "from celery import Celery\napp = Celery('x')\n"}, "app.py:2 makes an app of Celery, whose workers are processes of their own in a Procfile"},
		{"an app of Dash that nothing serves", repo{"requirements.txt": "dash\ngunicorn\n", "app.py": "import dash\napp = dash.Dash()\n"}, "app.py line 2 makes an app of Dash, and nothing serves it; write server = app.server, which a server of WSGI serves"},
		{"an app of aiohttp without a server", repo{"requirements.txt": "aiohttp\n", "app.py": "from aiohttp import web\napp = web.Application()\n"}, "app.py line 2 makes an app of aiohttp, but requirements.txt does not name a server for it (gunicorn)"},
		{"Streamlit, which nothing installs", repo{"requirements.txt": "pandas\n", "app.py": "import streamlit as st\nst.title('x')\n"}, "app.py line 1 imports streamlit, but requirements.txt does not name streamlit"},
		{"Gradio, which nothing installs", repo{"requirements.txt": "pandas\n", "app.py": "import pandas\nimport gradio as gr\ngr.Interface(f).launch()\n"}, "app.py line 2 imports gradio, but requirements.txt does not name gradio"},
		{"Chainlit, which nothing installs", repo{"requirements.txt": "openai\n", "app.py": "import chainlit as cl\n@cl.on_message\nasync def f(m): pass\n"}, "app.py line 1 imports chainlit, but requirements.txt does not name chainlit"},
		{"an app deep in folders", repo{"requirements.txt": "fastapi\nuvicorn\n", "a/b/c/main.py": fastAPI}, noPythonStart},
		{"several packages that can be run", repo{"requirements.txt": "x\n", "a/__main__.py": script, "b/__main__.py": script}, noPythonStart},
		{"Django without a server", repo{"requirements.txt": "django\n", "manage.py": "", "a/settings.py": "WSGI_APPLICATION = 'a.wsgi.application'"}, "the app is one of Django, but requirements.txt does not name a server for it (gunicorn, waitress, uwsgi, granian, uvicorn, hypercorn or daphne)"},
		{"Django without an application", repo{"requirements.txt": "django\n", "manage.py": ""}, "the app is one of Django, and no Python file has WSGI_APPLICATION or ASGI_APPLICATION"},
	} {
		if cmd, none, _ := guessOf(t, tt.files); cmd != "" || none != tt.want {
			t.Errorf("%s: %q and %q, want nothing and %q", tt.name, cmd, none, tt.want)
		}
	}
}

func TestPythonWarnsOfWhatItStarts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"two frameworks", repo{"requirements.txt": "flask==1\nfastapi==1\nuvicorn==1\n", "main.py": fastAPI, "app.py": flask}, "app.py is an app too (Flask), but only main.py is started"},
		{"a framework that is no dependency", repo{"requirements.txt": "uvicorn==1\n", "main.py": fastAPI}, "main.py line 3 makes an app of FastAPI, but requirements.txt does not name fastapi"},
		{"one that a plug-in brings", repo{"requirements.txt": "flask-cors==1\ngunicorn==1\n", "main.py": flask}, ""},
		{"one that serves itself alone", repo{"requirements.txt": "aiohttp==3.14.4\n", "main.py": "from aiohttp import web\nweb.run_app(web.Application(), host='localhost')\n"}, "main.py line 2 serves localhost alone, so that nobody outside of the container is served; write 0.0.0.0"},
		{"one of Gradio on one port", repo{"requirements.txt": "gradio==1\n", "main.py": "import gradio as gr\ngr.Interface(f).launch(server_port=7860)\n"}, "main.py line 2 serves one port, whatever PORT says; leave out server_port"},
		{"one of Gradio that serves itself alone", repo{"requirements.txt": "gradio==1\n", "main.py": "import gradio as gr\ngr.Interface(f).launch(server_name='127.0.0.1')\n"}, "main.py line 2 serves 127.0.0.1 alone, so that nobody outside of the container is served; write 0.0.0.0"},
		{"a launcher and its app", repo{"requirements.txt": "fastapi==1\nuvicorn==1\n", "main.py": "import uvicorn\nuvicorn.run('app:app', host='0.0.0.0')\n", "app.py": fastAPI}, ""},
	} {
		if _, _, out := guessOf(t, tt.files); strings.Join(out.Warnings, "\n") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, out.Warnings, tt.want)
		}
	}
}

func TestPythonStartHasAPlace(t *testing.T) {
	_, _, out := guessOf(t, repo{"requirements.txt": "gradio==1\n", "app.py": "import gradio as gr\ndemo = gr.Interface(f)\ndemo.launch()\n"})
	want := cause{"app.py", 3, "it launches an app of Gradio"}
	wantCause(t, "start", want, Output{Plan: out.Fixes[0].Over, Reasons: out.Reasons}, "start", "cmd", "GRADIO_SERVER_PORT=${PORT:-7860} python app.py")
	wantCause(t, "variable", want, Output{Plan: out.Fixes[0].Over, Reasons: out.Reasons}, "", "variable GRADIO_SERVER_NAME", "0.0.0.0")
}

func TestPythonGuessesNothingForAUserWhoDecides(t *testing.T) {
	files := repo{"requirements.txt": "django==6.0\ngunicorn==1\n", "manage.py": ""}
	app := appOf(t, files, nil)
	app.Edition, app.UserStart = rules.Newest, new("gunicorn shop")
	out := mustPlan(t, pythonProvider, app)
	starts := slices.ContainsFunc(out.Fixes, func(f Fix) bool { return f.Over.Start != nil })
	if out.Plan.Start != nil || starts || out.NoStart != "" || len(out.Warnings) > 0 {
		t.Errorf("start %v, fixes %v, %q, %q", out.Plan.Start, out.Fixes, out.NoStart, out.Warnings)
	}
}

// What the user starts stays as it is, and what it names and the app has not is told.
func TestPythonWarnsOfWhatAUserStarts(t *testing.T) {
	files := repo{"requirements.txt": "flask==1\n", "app.py": flask, "src/shop/main.py": flask, "api/x.py": ""}
	for _, tt := range []struct{ cmd, want string }{
		{"gunicorn app:app", "the start command runs gunicorn, but requirements.txt does not name gunicorn"},
		{"exec uvicorn app:app", "the start command runs uvicorn, but requirements.txt does not name uvicorn"},
		{"flask --app app run", ""},
		{"python app.py", ""},
		{"python bin/run.py --x", `the start command runs "bin/run.py", which the app has not`},
		{"python ../../etc/run.py", `the start command runs "../../etc/run.py", which the app has not`},
		{"python /opt/run.py", ""},
		{"python -m shop", ""},
		{"cd api && gunicorn x:app", ""},
		{"PYTHONPATH=x gunicorn x:app", ""},
		{"", ""},
	} {
		app := newest(t, files, nil)
		app.UserStart = &tt.cmd
		if got := strings.Join(mustPlan(t, pythonProvider, app).Warnings, "\n"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.cmd, got, tt.want)
		}
	}
	files["requirements.txt"] = "flask==1\ngunicorn==1\n"
	for cmd, want := range map[string]string{
		"gunicorn wrong:app":            `the start command serves the module "wrong", which the app has not`,
		"gunicorn -w 4 shop.main:app":   "",
		"gunicorn --chdir api x:app":    "",
		"gunicorn 'wrong:create_app()'": "",
		"gunicorn -b 0.0.0.0:80 app":    "",
	} {
		app := newest(t, files, nil)
		app.UserStart = &cmd
		if got := strings.Join(mustPlan(t, pythonProvider, app).Warnings, "\n"); got != want {
			t.Errorf("%q: %q, want %q", cmd, got, want)
		}
	}
}

func TestScriptsInstallWhatTheyName(t *testing.T) {
	const head = "#!/usr/bin/env python\n# /// script\n# requires-python = '>=3.11'\n"
	for _, tt := range []struct{ text, want string }{
		{head + "# dependencies = ['httpx', 'a[b]>=1; python_version > \"3\"', '-r /etc/passwd', \"x'y\"]\n# [tool.uv]\n# dependencies = ['no']\n# ///\n", `pip install httpx 'a[b]>=1; python_version > "3"' 'x'\''y'`},
		{head + "# dependencies = []\n# ///\n", ""},
		{head + "# dependencies = ['httpx']\n", ""},
		{head + "# dependencies = ['httpx']\nx = 1\n# ///\n", ""},
		{head + "#\n#dependencies = ['httpx']\n# ///", "pip install httpx"},
	} {
		app := appOf(t, repo{"main.py": tt.text}, nil)
		app.Edition = rules.Newest
		got := ""
		for _, f := range mustPlan(t, pythonProvider, app).Fixes {
			if f.Rule == "script-dependencies" {
				got = strings.TrimPrefix(f.Over.Phases["install"].Cmds[0], pythonActivate.of(app.Edition))
			}
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
	broken := newest(t, repo{"main.py": head + "# dependencies = ['httpx'\n# ///\n"}, nil)
	_, err := pythonProvider.Plan(broken)
	wantSourceError(t, err, "main.py")
	named := newest(t, repo{"requirements.txt": "", "main.py": head + "# dependencies = ['httpx'\n# ///\n"}, nil)
	mustPlan(t, pythonProvider, named) // the block does not count
	app := appOf(t, repo{"bot.py": head + "# ///\n"}, plan.Vars{})
	if reason, err := pythonProvider.Newest(app); reason != "bot.py" || err != nil {
		t.Errorf("detected by %q, %v", reason, err)
	}
}

func TestACommandLineToolOfPythonIsNotStarted(t *testing.T) {
	const typer = "import typer\napp = typer.Typer()\nif __name__ == '__main__':\n    app()\n"
	project := func(deps string) string {
		return "[project]\nname = 'ship'\ndependencies = [" + deps + "]\n[project.scripts]\nship = 'ship.app:app'\n[build-system]\nrequires = ['hatchling']\n"
	}
	none := "src/ship/app.py reads a command line, and the project names no package that serves or waits, so that it is a command line tool"
	for _, tt := range []struct {
		name   string
		files  repo
		starts bool
	}{
		{"a tool", repo{"pyproject.toml": project("'typer'"), "src/ship/app.py": typer, "src/ship/__init__.py": ""}, false},
		{"one that is a file of another name", repo{"pyproject.toml": strings.Replace(project("'typer'"), "ship.app", "ship.cli", 1), "src/ship/cli.py": strings.Replace(typer, "__main__", "x", 1), "src/ship/__init__.py": ""}, false},
		{"one that serves", repo{"pyproject.toml": project("'typer', 'uvicorn'"), "src/ship/app.py": typer, "src/ship/__init__.py": ""}, true},
		{"no such reader", repo{"pyproject.toml": project("'httpx'"), "src/ship/app.py": "def app(): pass\n", "src/ship/__init__.py": ""}, true},
	} {
		out := fixedPython(mustPlan(t, pythonProvider, newest(t, tt.files, nil)))
		if (startOf(out) != "") != tt.starts {
			t.Errorf("%s: started by %q", tt.name, startOf(out))
		}
		if !tt.starts {
			diffOf(t, tt.name, strings.Replace(none, "app.py", path.Base(tt.files.script()), 1), out.NoStart)
		}
	}
}

// script is the only file of Python with a body.
func (r repo) script() string {
	for name, text := range r {
		if path.Ext(name) == ".py" && text != "" {
			return name
		}
	}
	return ""
}
