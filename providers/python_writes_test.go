package providers

import (
	"slices"
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestAProgramOwnsTheDatabaseOfSQLite(t *testing.T) {
	for name, tt := range map[string]struct {
		files repo
		want  []string
	}{
		"Django":              {repo{"shop/settings.py": `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}`}, []string{"."}},
		"with a database":     {repo{"app.py": `engine = create_engine("sqlite:///shop.db")`, "shop.db": "", "other/x.db": ""}, []string{".", "shop.db"}},
		"a driver":            {repo{"app.py": `URL = 'sqlite+aiosqlite:///./shop.db'`}, []string{"."}},
		"an absolute place":   {repo{"app.py": `URL = "sqlite:////data/shop.db"`}, nil},
		"in memory":           {repo{"app.py": `URL = "sqlite:///:memory:"`}, nil},
		"of the tests alone":  {repo{"app.py": "", "tests/conftest.py": `URL = "sqlite:///test.db"`}, nil},
		"a file":              {repo{"app.py": `with open("out.txt", "w") as f: pass`}, []string{"."}},
		"appended":            {repo{"app.py": `open('log/out.txt', mode='ab')`, "log/.gitkeep": ""}, []string{"log"}},
		"a file of the app":   {repo{"app.py": `open("state.json", "w")`, "state.json": "{}"}, []string{".", "state.json"}},
		"a new directory":     {repo{"app.py": `os.makedirs("data/new")`}, []string{"."}},
		"a log":               {repo{"app.py": `RotatingFileHandler("app.log")`}, []string{"."}},
		"the standard SQLite": {repo{"app.py": `sqlite3.connect("shop.db")`}, []string{"."}},
		"a surface of Cairo":  {repo{"app.py": `cairo.SVGSurface("x.svg", 2, 2)`}, []string{"."}},
		"a path":              {repo{"app.py": `Path("x.txt").write_text("x")`}, []string{"."}},
		"a file to read":      {repo{"app.py": `open("in.txt", "rb"); open("in.txt"); open("/tmp/out.txt", "w"); open(name, "w"); open(f"{x}", "w"); open("../x", "w")`}, nil},
		"memory":              {repo{"app.py": `sqlite3.connect(":memory:"); open("~/x", "w")`}, nil},
		"called by hand":      {repo{"app.py": "", "scripts/export.py": `open("out.csv", "w")`, "setup.py": `open("out.csv", "w")`}, nil},
		"another database":    {repo{"app.py": `URL = "postgresql:///shop"`}, nil},
	} {
		app := appOf(t, tt.files, nil)
		app.Edition = rules.Newest
		fixes, err := ownsFiles(app, pythonInstalled{})
		var got []string
		if len(fixes) > 0 {
			got = fixes[0].Over.Start.Writable
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
		}
		app.Edition = rules.Nixpacks
		if fixes, err := ownsFiles(app, pythonInstalled{}); fixes != nil || err != nil {
			t.Errorf("%s: edition 1.39 says %v, %v", name, fixes, err)
		}
	}
}

func TestAProgramOwnsWhatItsPackagesWrite(t *testing.T) {
	const sqlite = `URL = "sqlite:///shop.db"`
	for name, tt := range map[string]struct {
		files repo
		want  []string
	}{
		"Gradio":                 {repo{"app.py": "", "requirements.txt": "gradio==6.31.0\n"}, []string{".gradio"}},
		"Gradio with an extra":   {repo{"app.py": "", "requirements.txt": "Gradio[mcp]\n"}, []string{".gradio"}},
		"Gradio and SQLite":      {repo{"app.py": sqlite, "requirements.txt": "gradio\n"}, []string{".", ".gradio"}},
		"Gradio's client alone":  {repo{"app.py": "", "requirements.txt": "gradio_client\n"}, nil},
		"Chainlit":               {repo{"app.py": "", "requirements.txt": "chainlit\n"}, []string{".", ".chainlit"}},
		"NiceGUI":                {repo{"main.py": "", "requirements.txt": "nicegui\n"}, []string{".nicegui"}},
		"FastHTML":               {repo{"main.py": "", "requirements.txt": "python-fasthtml\n"}, []string{"."}},
		"Streamlit, in its home": {repo{"app.py": "", "requirements.txt": "streamlit\n"}, nil},
		"in a pyproject.toml":    {repo{"app.py": "", "pyproject.toml": "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"gradio\"]\n"}, []string{".gradio"}},
	} {
		app := appOf(t, tt.files, nil)
		app.Edition = rules.Newest
		fixes, err := ownsFiles(app, installedPython(app, pythonMember{}))
		var got []string
		for _, fix := range fixes {
			got = append(got, fix.Over.Start.Writable...)
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
		}
	}
}
