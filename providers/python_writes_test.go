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
		"Django":             {repo{"shop/settings.py": `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}`}, []string{"."}},
		"with a database":    {repo{"app.py": `engine = create_engine("sqlite:///shop.db")`, "shop.db": "", "other/x.db": ""}, []string{".", "shop.db"}},
		"a driver":           {repo{"app.py": `URL = 'sqlite+aiosqlite:///./shop.db'`}, []string{"."}},
		"an absolute place":  {repo{"app.py": `URL = "sqlite:////data/shop.db"`}, nil},
		"in memory":          {repo{"app.py": `URL = "sqlite:///:memory:"`}, nil},
		"of the tests alone": {repo{"app.py": "", "tests/conftest.py": `URL = "sqlite:///test.db"`}, nil},
		"another database":   {repo{"app.py": `URL = "postgresql:///shop"`}, nil},
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
